import { lineDiff } from './lineDiff.ts';
import type { CodeRequest, FailedAttempt, GateProblem } from './codeWriter.ts';
import type { Job, JobResult, JobWatch } from './engine.ts';
import { JobReports } from './jobReports.ts';
import type { ScriptGate } from './ports.ts';
import { measured, programsIn, specIn, type Step, type StepContext } from './run/context.ts';
import type { Code, Outcome, RunEvent } from './run/events.ts';
import { failureOf } from './run/healing.ts';
import { liveAttempts, type Attempt } from './run/record.ts';
import { blockAt } from '../compiler/sourceMap.ts';

/** The script: the compiled one, one that a model writes instead, or its patch behind a failure. */
export const writeCode: Step = async (context) => {
  const { record, ports } = context;
  const { script } = programsIn(context);
  if (record.order.codegen === 'compiled') return kept(context, { script, origin: 'compiled' });
  if (!ports.codeWriter) throw new Error('No model is there that could write the script.');
  const last = liveAttempts(record).at(-1);
  const writer = ports.codeWriter;
  const request = await requestOf(context, last);
  const onText = ports.watch?.onText;
  const { value: written, spent } = await measured(ports, () =>
    writer.write(request, { signal: context.signal, ...(onText && { onText }) }),
  );
  context.signal.throwIfAborted();
  if (written.kind === 'refused') return { kind: 'gated', problems: written.problems };
  const diff = last ? lineDiff(last.code.script, written.script, 'script.py') : '';
  return kept(context, {
    script: written.script,
    origin: 'model',
    ...(diff && { diff }),
    ...(spent && { spent }),
  });
};

async function kept({ ports: { journal }, record }: StepContext, code: Code): Promise<RunEvent> {
  await journal.keep('script.py', code.script);
  if (code.diff !== undefined) await journal.keep(`attempt-${record.attempts.length + 1}.diff`, code.diff);
  return { kind: 'coded', code };
}

async function requestOf(context: StepContext, last: Attempt | undefined): Promise<CodeRequest> {
  const { catalogue, samples, signal } = context;
  const [known, rows] = await Promise.all([catalogue(signal), samples(signal)]);
  const failed = last && failedOf(last);
  return {
    specText: specIn(context),
    catalogue: known,
    example: programsIn(context).script,
    ...(rows === undefined ? {} : { samples: rows }),
    ...(failed && { failed }),
  };
}

function failedOf(attempt: Attempt): FailedAttempt | undefined {
  const failure = failureOf(attempt);
  if (!failure) return undefined;
  const { step, schema } = attempt.outcome ?? {};
  return {
    script: attempt.code.script,
    message: failure.message,
    ...(failure.line === undefined ? {} : { line: failure.line }),
    ...(step === undefined ? {} : { step }),
    ...(schema === undefined ? {} : { schema }),
  };
}

/**
 * Runs the script once. An attempt has an id of its own with the engine, which is written down before the engine hears of it:
 * an attempt that is found without an end is looked for, never started a second time beside the first.
 */
export const executeCode: Step = async (context) => {
  const { record, ports, note } = context;
  const open = liveAttempts(record).find(({ outcome }) => !outcome);
  if (open) return finished(context, open, await resumed(context, open));
  const { code } = record;
  if (!code) throw new Error('There is no script yet.');
  const problems = await problemsOf(code, programsIn(context).script, ports.gate);
  if (problems.length > 0) return { kind: 'gated', problems };
  await dropLeftStages(context);
  const number = record.attempts.length + 1;
  const job = await jobOf(context, number);
  if (number > 1) await ports.journal.keep(`attempt-${number}.py`, code.script);
  if (code.origin === 'edited' || record.rounds.length > 0) await ports.journal.keep('script.py', code.script);
  await note({ kind: 'attempting', attempt: number, job });
  const attempt: Attempt = { number, code, job };
  return finished(
    context,
    attempt,
    await watched(context, attempt, (watch) => ports.engine.run(fullJob(attempt), watch)),
  );
};

/** Nothing but our own compiler's work runs without having been looked at. */
async function problemsOf(
  { origin, script }: Code,
  compiled: string,
  gate: ScriptGate | undefined,
): Promise<readonly GateProblem[]> {
  if (origin === 'compiled') return [];
  if (!gate)
    throw new Error('A script that DataMorph did not compile itself runs only behind a gate, and there is none.');
  return gate(script, compiled);
}

interface Run {
  readonly result: JobResult;
  readonly reports: JobReports;
}

async function resumed(context: StepContext, attempt: Attempt): Promise<Run> {
  const { engine } = context.ports;
  const { handle } = attempt;
  if (handle) {
    const found = await watched(context, attempt, (watch) => engine.attach(handle, watch));
    if (found.result.kind !== 'failed' || found.result.lost !== true) return found;
  }
  // The engine finds the run of this id where there is one.
  return watched(context, attempt, (watch) => engine.run(fullJob(attempt), watch));
}

const fullJob = ({ job, code }: Attempt): Job => ({ ...job, script: code.script });

async function watched(
  { ports: { watch = {}, log, jobCost }, signal, note }: StepContext,
  { number, handle: known }: Attempt,
  run: (watch: JobWatch) => Promise<JobResult>,
): Promise<Run> {
  const reports = new JobReports();
  let noting: Promise<void> = Promise.resolve();
  const result = await run({
    signal,
    onOutput: (line) => {
      reports.add(line);
      log?.write('output', { attempt: number, line });
      watch.onOutput?.(line);
    },
    onStarted: (handle) => {
      // The run behind a handle that is written down already is the same one.
      if (handle.id !== known?.id) noting = note({ kind: 'started', attempt: number, handle });
      // A failure is told when the job has ended; until then it must not end the process.
      noting.catch(() => undefined);
      watch.onStarted?.(handle);
    },
    onProgress: (progress) => {
      log?.write('progress', { attempt: number, ...progress });
      watch.onProgress?.(progress);
    },
  });
  await noting;
  if (result.kind !== 'cancelled' && result.cost) jobCost?.(result.cost);
  return { result, reports };
}

async function jobOf({ runId, record, ports, limit }: StepContext, number: number): Promise<Attempt['job']> {
  const { order } = record;
  const { estimate, target, incremental } = programsIn({ record });
  const marks = (await ports.marks?.of(target.table)) ?? {};
  return {
    runId: number === 1 ? runId : `${runId}-${number}`,
    instant: order.instant,
    timeoutMinutes: limit / 60,
    // How far an incremental source was read must be written down before its rows are visible.
    ...((order.publish === 'later' || (incremental && ports.publisher)) && { publish: 'later' as const }),
    ...(order.trace && { trace: true }),
    ...(Object.keys(marks).length > 0 && { marks }),
    ...(estimate === undefined ? {} : { estimate }),
  };
}

/** Rows that an earlier attempt staged for later wait for nobody any more. */
async function dropLeftStages(context: StepContext): Promise<void> {
  const { record, ports, signal } = context;
  const { publisher } = ports;
  if (!publisher) return;
  const left = record.attempts.filter(({ job, outcome }) => job.publish === 'later' && outcome?.staged);
  for (const { job, publication } of left) {
    const target = publication ?? programsIn(context).publication;
    await publisher.giveUp({ target, runId: job.runId, instant: job.instant }, signal);
  }
}

function finished(context: StepContext, { number, code }: Attempt, { result, reports }: Run): RunEvent {
  const { published, staged, marks, schema } = reports;
  const line = result.kind === 'failed' ? result.line : undefined;
  const { sourceMap } = programsIn(context);
  const step = line === undefined || code.origin !== 'compiled' ? undefined : blockAt(sourceMap, line)?.name;
  const outcome: Outcome = {
    result,
    ...(step === undefined ? {} : { step }),
    ...(published && { published }),
    ...(staged && { staged }),
    ...(Object.keys(marks).length > 0 && { marks }),
    ...(schema === undefined ? {} : { schema }),
  };
  return { kind: 'attempted', attempt: number, outcome };
}
