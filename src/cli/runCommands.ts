import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { resume as goOn, run as begin, type RunOptions } from '../agents/orchestrator.ts';
import type { RunChanges, RunOrder } from '../agents/run/events.ts';
import { recordOf, type RunRecord } from '../agents/run/record.ts';
import { spentIn } from '../agents/run/spent.ts';
import type { RunStop } from '../agents/runState.ts';
import { readSpec } from '../spec/read.ts';
import { createRun, openRun, type RunJournal } from '../services/runJournal.ts';
import { answersOf, oneOf, roundsOf, skipOf, targetOf, untilOf } from './arguments.ts';
import { accountOf, withDatabase } from './connection.ts';
import { changesOf } from './edits.ts';
import { lateEngine } from './engines.ts';
import { exitCodeOf, UsageError } from './exitCodes.ts';
import { mindsOf, type Needs } from './minds.ts';
import { subjectOf } from './programs.ts';
import type { Subject } from './prompt.ts';
import { askPerson } from './questions.ts';
import { tellState, tellStop } from './telling.ts';
import { folderOfRun } from './runFolder.ts';
import { withSession, type Keeper, type SessionParts } from './session.ts';
import { workspaceOf, type Terminal } from './terminal.ts';
import { loadSqlParser } from '../services/sqlParser.ts';
import { isMissing } from '../services/isMissing.ts';

export const run = async (terminal: Terminal, argument?: string): Promise<number> =>
  start(terminal, await subjectOf(terminal, argument), untilOf(terminal.values));

export async function plan(terminal: Terminal, argument?: string): Promise<number> {
  const subject = await subjectOf(terminal, argument);
  if (subject.kind === 'spec') throw new UsageError('This is a spec already: `datamorph run` runs it.');
  return start(terminal, subject, 'plan');
}

function start(terminal: Terminal, subject: Subject, until: RunOrder['until']): Promise<number> {
  const { values } = terminal;
  return withDatabase(terminal, async (postgres, connection) => {
    const engine = lateEngine(terminal, connection, values.engine);
    try {
      // What is missing is told before there is a run.
      if (until === undefined) await engine.open();
      const order = orderOf(terminal, subject, { engine: engine.name, database: accountOf(connection), until });
      const keeper: Keeper = {};
      const minds = await mindsOf({
        terminal,
        postgres,
        settings: connection.settings,
        parser: await loadSqlParser(),
        keep: async (name, text) => keeper.journal?.keep(name, text),
        needs: {
          plan: subject.kind === 'prompt',
          code: order.codegen === 'model',
          mend: order.rounds !== 0,
          tests: subject.kind === 'prompt' && until === undefined,
        },
      });
      const journal = await createRun(order, { ...optionsOf(terminal), runId: newRunId(order.instant) });
      const session = { terminal, connection, postgres, engine, journal, minds, keeper };
      const file = subject.kind === 'spec' ? subject.file : 'spec.datamorph.json';
      return await carryOut(session, { file, go: begin });
    } finally {
      await engine.close();
    }
  });
}

function orderOf(
  { values }: Terminal,
  subject: Subject,
  {
    engine,
    database,
    until,
  }: { readonly engine: string; readonly database: string; readonly until: RunOrder['until'] },
): RunOrder {
  const prompt = subject.kind === 'prompt' ? subject.prompt : readSpec(subject.specText).spec?.prompt;
  const [answers, target] = [answersOf(values), targetOf(values)];
  const [rounds, skip] = [roundsOf(values), skipOf(values)];
  return {
    instant: new Date().toISOString(),
    engine,
    database,
    codegen: oneOf('codegen', values.codegen, ['compiled', 'model']),
    // Nobody sees rows that were not compared, unless somebody says so.
    publish: oneOf('publish', values.publish, ['later', 'now']),
    ...(rounds === undefined ? {} : { rounds }),
    ...(prompt === undefined ? {} : { prompt }),
    ...(subject.kind === 'spec' && { specText: subject.specText }),
    ...(answers.length > 0 && { answers }),
    ...(target && { target }),
    ...(skip.length > 0 && { skip }),
    ...(until === undefined ? {} : { until }),
  };
}

/** Goes on with a run that stands still, or whose process died. */
export async function resume(terminal: Terminal, runId?: string): Promise<number> {
  await folderOfRun(terminal, runId);
  return resumed(terminal, runId ?? '');
}

function resumed(terminal: Terminal, runId: string): Promise<number> {
  const { values } = terminal;
  return withDatabase(terminal, async (postgres, connection) => {
    const journal = await taken(terminal, runId);
    const record = recordOf(journal.entries);
    let engine: ReturnType<typeof lateEngine> | undefined;
    try {
      if (!record) throw new Error(`The journal of the run ${runId} is empty.`);
      assertSameDatabase(record, accountOf(connection));
      engine = lateEngine(terminal, connection, record.order.engine);
      const keeper: Keeper = {};
      const changes = await changesOf(journal.folder, journal.entries, values);
      const minds = await mindsOf({
        terminal,
        postgres,
        settings: connection.settings,
        parser: await loadSqlParser(),
        keep: async (name, text) => keeper.journal?.keep(name, text),
        needs: needsOf(record, changes),
        before: { spent: spentIn(journal.entries), calls: await keptCalls(journal.folder) },
      });
      const session = { terminal, connection, postgres, engine, journal, minds, keeper };
      const file = 'spec.datamorph.json';
      return await carryOut(session, { file, go: (options) => goOn(changes, options) });
    } finally {
      await journal.close();
      await engine?.close();
    }
  });
}

/** Their numbers go on where those before ended. */
async function keptCalls(folder: string): Promise<number> {
  try {
    return (await readdir(join(folder, 'requests'))).length;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

async function taken(terminal: Terminal, runId: string): Promise<RunJournal> {
  const { force } = terminal.values;
  const journal = await openRun({ ...optionsOf(terminal), runId, ...(force && { force }) });
  if (journal) return journal;
  throw new Error(`Another process has the run ${runId} in its hands; --force takes it from another machine.`);
}

function assertSameDatabase({ order }: RunRecord, account: string): void {
  if (order.database === undefined || order.database === account) return;
  throw new UsageError(`The run began on ${order.database}, and the connection is ${account}.`);
}

/** What may still be asked: a spec or a script that is there is not asked for again. */
function needsOf(record: RunRecord, { specText, script }: RunChanges): Needs {
  const isPlanned = record.order.specText === undefined;
  return {
    // A plan that went wrong is made anew by whoever made it.
    plan: specText === undefined && (record.specText === undefined || (isPlanned && record.order.rounds !== 0)),
    code: record.order.codegen === 'model' && script === undefined,
    mend: record.order.rounds !== 0,
    tests: isPlanned,
  };
}

interface Way {
  /** What problems of the spec are told to be in. */
  readonly file: string;
  readonly go: (options: RunOptions) => Promise<RunStop>;
}

function carryOut(session: SessionParts, { file, go }: Way): Promise<number> {
  const { terminal, journal, postgres } = session;
  const { signal, log } = terminal;
  const startedAt = new Date();
  return withSession(session, async (ports) => {
    const options: RunOptions = {
      ports,
      signal,
      onState: (state) => {
        tellState(terminal, state, { runId: journal.runId, startedAt });
      },
    };
    let last = await go(options);
    while (last.kind === 'asking' && terminal.isInteractive) {
      last = await goOn({ answers: await askPerson(last.questions, signal) }, options);
    }
    const specText = recordOf(journal.entries)?.specText ?? '';
    await tellStop(terminal, last, { runId: journal.runId, specText, file, postgres });
    log.info(`Kept in ${journal.folder}`);
    return exitCodeOf(last);
  });
}

const optionsOf = (terminal: Terminal) => ({
  workspace: workspaceOf(terminal),
  now: () => new Date(),
  redact: terminal.redactor.redact,
});

const newRunId = (instant: string): string => `${instant.replaceAll(/[-:.]/g, '')}-${randomBytes(3).toString('hex')}`;
