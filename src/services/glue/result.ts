import type { JobRun } from '@aws-sdk/client-glue';
import type { JobCost, JobFailure, JobResult } from '../../agents/engine.ts';
import { troubleIn, type Evidence } from './evidence.ts';

/** States in which a run does not change any more. */
const finalStates = ['SUCCEEDED', 'STOPPED', 'FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'];

/** A state that we do not know is over when Glue says when it ended. */
export const isOver = ({ JobRunState: state, CompletedOn }: JobRun): boolean =>
  isOneOf(finalStates, state) || (!isOneOf(goingOn, state) && CompletedOn !== undefined);

const goingOn = ['WAITING', 'STARTING', 'RUNNING', 'STOPPING'];

const isOneOf = (states: readonly string[], state: string | undefined): boolean =>
  state !== undefined && states.includes(state);

/** What became of a run that is over. */
export function resultOf(run: JobRun, evidence: Evidence): JobResult {
  const cost = costOf(run);
  switch (run.JobRunState) {
    case 'SUCCEEDED':
      return { kind: 'succeeded', cost };
    case 'STOPPED':
      return { kind: 'cancelled' };
    case 'TIMEOUT':
      return { kind: 'failed', reason: 'timeout', message: timeoutText(run), cost };
    case 'EXPIRED':
      return {
        kind: 'failed',
        reason: 'engine',
        message: 'The run waited so long in the queue of Glue that it expired.',
        cost,
      };
    default:
      return { ...failureOf(run, evidence), cost };
  }
}

const timeoutText = ({ Timeout }: JobRun): string =>
  Timeout === undefined
    ? 'The job took longer than it may.'
    : `The job took longer than ${Timeout} ${Timeout === 1 ? 'minute' : 'minutes'}.`;

/** Glue says the sum itself where the number of workers changed during the run. */
function costOf({ ExecutionTime = 0, DPUSeconds, MaxCapacity }: JobRun): JobCost {
  const dpuSeconds = DPUSeconds ?? (MaxCapacity === undefined ? undefined : ExecutionTime * MaxCapacity);
  return { seconds: ExecutionTime, ...(dpuSeconds === undefined ? {} : { dpuSeconds }) };
}

/** Codes of python/datamorph/errors.py that are reasons of their own. */
const reasons: Readonly<Record<string, JobFailure>> = {
  connection: 'connection',
  refused: 'refused',
  publication: 'publication',
};

function failureOf(run: JobRun, evidence: Evidence): Extract<JobResult, { readonly kind: 'failed' }> {
  const { reported, raised } = evidence;
  const glueSays = readGlueMessage(run.ErrorMessage ?? '');
  const reason = reasonOf(run, evidence);
  const said = typeof reported?.message === 'string' && reported.message !== '' ? reported.message : undefined;
  const message =
    said ?? (glueSays.text || raised) ?? run.StateDetail ?? `The run ended as ${run.JobRunState ?? 'unknown'}.`;
  const line = evidence.line ?? glueSays.line;
  return {
    kind: 'failed',
    reason,
    message: reason === 'engine' ? withWayOut(message) : message,
    ...(line === undefined || reason === 'engine' ? {} : { line }),
  };
}

function reasonOf(run: JobRun, { reported, engineTrouble, isEmpty }: Evidence): JobFailure {
  const known = typeof reported?.code === 'string' ? reasons[reported.code] : undefined;
  if (known) return known;
  const trouble = engineTrouble ?? troubleIn(run.ErrorMessage ?? '');
  if (trouble) return trouble;
  if (run.JobRunState === 'ERROR') return 'engine';
  // Nothing of the script has run, and nothing of it is named: Glue could not start it.
  return isEmpty && readGlueMessage(run.ErrorMessage ?? '').isStart ? 'engine' : 'script';
}

/** Takes apart what Glue's own analysis of a failure puts before the message. */
function readGlueMessage(message: string): {
  readonly text: string;
  readonly line?: number;
  readonly isStart: boolean;
} {
  const line = /\bFailed Line Number: (\d+)/.exec(message)?.[1];
  const text = message.replace(/^(?:(?:Error Category|Failed Line Number|Spark Error Class)[^;]*;\s*)+/, '').trim();
  const isScript = line !== undefined || /^\w*(Error|Exception|Exit|Interrupt)\b|exit code \d+/.test(text);
  return { text, ...(line === undefined ? {} : { line: Number(line) }), isStart: !isScript };
}

/** What Glue says when a run cannot start, and what to do. */
const waysOut: readonly (readonly [RegExp, string])[] = [
  [/assume ?role|should be given assume role permissions/i, 'The role must trust glue.amazonaws.com.'],
  [
    /security group must open all ingress/i,
    'Give the security group of the Glue connection a rule that lets itself in.',
  ],
  [/S3 endpoint or NAT gateway/i, 'The subnet of the Glue connection needs a gateway endpoint for S3.'],
  [/free addresses|insufficient.*ip/i, 'The subnet of the Glue connection has no addresses left.'],
  [/resource unavailable|capacity/i, 'AWS has no workers of this size for the moment: try again, or set another size.'],
  [/Access ?Denied|Status Code: 403|not authorized/i, 'The role may not do it: docs/aws.md lists what it needs.'],
];

function withWayOut(message: string): string {
  const found = waysOut.find(([pattern]) => pattern.test(message));
  return found ? `${message} ${found[1]}` : message;
}
