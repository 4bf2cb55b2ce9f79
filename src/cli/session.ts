/** What a run needs around it while a process has it in its hands. */
import { join } from 'node:path';
import { validatorOn } from '../agents/validator.ts';
import { createLogger, type Logger, type RunLogStore } from '../agents/logger.ts';
import type { Journal, RunPorts } from '../agents/ports.ts';
import { mirrored, type MirroredJournal } from '../agents/run/mirror.ts';
import { watchForCancel } from '../services/cancelRequest.ts';
import type { CliConnection } from '../services/cliConnection.ts';
import { fileLog } from '../services/fileLog.ts';
import { marksFile } from '../services/marksFile.ts';
import type { Postgres } from '../services/postgres.ts';
import { publisherOn } from '../services/publisher.ts';
import { snapshotsOf } from '../services/snapshot.ts';
import { loadSqlParser } from '../services/sqlParser.ts';
import { runsFolder, type RunJournal } from '../services/runJournal.ts';
import { ceilingOf, timeoutOf } from './arguments.ts';
import { accountOf } from './connection.ts';
import type { LateEngine } from './engines.ts';
import type { Minds } from './minds.ts';
import { catalogueFrom, compilerOver } from './programs.ts';
import { createProgress } from './progress.ts';
import { workspaceOf, type Terminal } from './terminal.ts';

export interface SessionParts {
  readonly terminal: Terminal;
  readonly connection: CliConnection;
  readonly postgres: Postgres;
  readonly engine: LateEngine;
  readonly journal: RunJournal;
  readonly minds: Minds;
  readonly keeper: Keeper;
}

/** Where requests to models are kept: who asks them is put together before there is a run. */
export interface Keeper {
  journal?: Journal;
}

/** Runs the work with everything in place, and lets go of everything afterwards. */
export async function withSession<T>(parts: SessionParts, work: (ports: RunPorts) => Promise<T>): Promise<T> {
  const { terminal, journal } = parts;
  const logs = await openLogStore(terminal);
  const logger = loggerOf(terminal, journal.runId, logs.store);
  const copies = await copiesOf(terminal, journal);
  parts.keeper.journal = copies?.journal ?? journal;
  const unwatch = await watchForCancel(journal.folder, terminal.stop);
  try {
    return await work(await portsOf(parts, parts.keeper.journal, logger));
  } finally {
    unwatch();
    parts.minds.close();
    const left = await logger.close();
    if (left > 0) terminal.log.warn(`${left} entries of the log could not be written.`);
    await logs.close();
    await copies?.close();
    await journal.close();
  }
}

async function portsOf(
  { terminal, connection, postgres, engine, minds }: SessionParts,
  journal: RunPorts['journal'],
  log: Logger,
): Promise<RunPorts> {
  const { signal } = terminal;
  const executor = timeoutOf(terminal.values);
  const minutes = ceilingOf(terminal.values).minutes;
  const snapshots = snapshotsOf(postgres, await loadSqlParser());
  return {
    journal,
    database: {
      catalogue: (abort) => catalogueFrom(postgres, abort),
      select: (sql, abort) => postgres.select(sql, { signal: abort }),
    },
    compile: await compilerOver(postgres, signal),
    engine,
    publisher: publisherOn(postgres),
    validator: validatorOn(snapshots),
    snapshots,
    marks: marksFile(workspaceOf(terminal), accountOf(connection)),
    log,
    ...minds,
    limits: { ...(executor !== undefined && { executor }), ...(minutes !== undefined && { run: minutes * 60 }) },
    watch: watchOf(terminal),
  };
}

function watchOf({ values, log, out }: Terminal): NonNullable<RunPorts['watch']> {
  const progress = createProgress(process.stderr);
  return {
    onOutput: (line) => {
      out.event({ event: 'output', line });
      if (values.verbose) log.info(`  ${line}`);
    },
    onStarted: ({ engine, id }) => {
      out.event({ event: 'started', engine, id });
      if (values.verbose) log.info(`  ${engine}: ${id}`);
    },
    onProgress: (now) => {
      out.event({ event: 'progress', ...now });
      const { phase, detail } = now;
      if (values.verbose) log.info(`  ${phase}${detail === undefined ? '' : `: ${detail}`}`);
      else progress.show(now);
    },
  };
}

interface LogStore {
  readonly store: RunLogStore;
  close(): Promise<void>;
}

/** A file in the folder of the run, or the table that the environment names. */
export async function openLogStore(terminal: Terminal): Promise<LogStore> {
  const table = terminal.environment['DATAMORPH_LOG_TABLE'];
  if (!table) {
    const store = fileLog((runId) => join(runsFolder(workspaceOf(terminal)), runId, 'log.jsonl'));
    return { store, close: () => store.close() };
  }
  const { dynamoLog } = await import('../services/dynamoLog.ts');
  const store = dynamoLog({ table });
  return {
    store,
    close: () => {
      store.close();
      return Promise.resolve();
    },
  };
}

const loggerOf = ({ redactor, log }: Terminal, runId: string, store: RunLogStore): Logger =>
  createLogger({
    runId,
    store,
    redact: redactor.redact,
    now: () => new Date(),
    onTrouble: (error) => {
      if (error === undefined) log.info('The log is written again.');
      else log.warn('The log cannot be written for the moment.', error instanceof Error ? error.message : error);
    },
  });

interface Copies {
  readonly journal: MirroredJournal;
  close(): Promise<void>;
}

/** A second copy of what the run makes, in the bucket that the environment names. */
async function copiesOf({ environment, log }: Terminal, journal: RunJournal): Promise<Copies | undefined> {
  const { DATAMORPH_ARTIFACTS_BUCKET: bucket, DATAMORPH_ARTIFACTS_PREFIX: prefix } = environment;
  if (!bucket) return undefined;
  const { s3Artifacts } = await import('../services/s3Artifacts.ts');
  const kmsKey = environment['DATAMORPH_ARTIFACTS_KMS_KEY'];
  const artifacts = s3Artifacts({ bucket, ...(prefix ? { prefix } : {}), ...(kmsKey ? { kmsKey } : {}) });
  const copies = mirrored(journal, {
    artifacts,
    // A cancelled run has its copies too.
    signal: new AbortController().signal,
    onTrouble: (name, error) => {
      log.warn(`${name} could not be copied to the bucket.`, error instanceof Error ? error.message : error);
    },
  });
  return {
    journal: copies,
    async close() {
      await copies.settled();
      artifacts.close();
    },
  };
}
