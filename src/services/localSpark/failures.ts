import type { JobFailure, JobResult } from '../../agents/engine.ts';
import type { JobReport } from '../../agents/jobReports.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal?: string | null;
  /** The end of standard error. */
  readonly err: readonly string[];
  /** What the runtime reported last. */
  readonly reported: JobReport | undefined;
  readonly script: string;
}

type Failed = Extract<JobResult, { readonly kind: 'failed' }>;

/** Codes of python/datamorph/errors.py that are reasons of their own. */
const reasons: Readonly<Record<string, JobFailure>> = {
  connection: 'connection',
  refused: 'refused',
  publication: 'publication',
};

/** The runtime's own report says what failed; the traceback says in which line of the script. */
export function failureOf(ended: Ended): Failed {
  const { err, script } = ended;
  const line = lastScriptLine(err, script);
  const message = messageOf(ended);
  return {
    kind: 'failed',
    reason: reasonOf(ended, message),
    message,
    ...(line === undefined ? {} : { line }),
  };
}

function messageOf({ code, signal, err, reported }: Ended): string {
  if (typeof reported?.message === 'string' && reported.message !== '') return reported.message;
  const words = raised(err);
  if (words !== undefined) return words;
  return signal
    ? `The script's Python process was ended by ${signal}.`
    : `The job ended with status ${code ?? 'unknown'} and said nothing more.`;
}

/** The line behind the last traceback; behind a failed call of Java that is Java's own. */
function raised(err: readonly string[]): string | undefined {
  const trace = err.findLastIndex((each) => each.startsWith('Traceback '));
  const place = err.findIndex((each, at) => at > trace && /^\w[\w.]*(:|$)/.test(each) && trace >= 0);
  const java = err[place + 1];
  if (place >= 0) return java?.startsWith(': ') ? java.slice(2) : err[place];
  // A syntax error has no traceback.
  return err.findLast((each) => /^\w[\w.]*(Error|Exception|Interrupt)\b/.test(each));
}

function reasonOf({ signal, err, reported }: Ended, message: string): JobFailure {
  if (typeof reported?.code === 'string') {
    const reason = reasons[reported.code];
    if (reason) return reason;
  }
  // Nobody but the system's own guard against running out of memory kills a process like that.
  if (signal === 'SIGKILL') return 'memory';
  return [message, ...err.slice(-60)].some(tellsOfMemory) ? 'memory' : 'script';
}

const tellsOfMemory = (line: string): boolean => /\bMemoryError\b|\bOutOfMemory(Error)?\b/.test(line);

function lastScriptLine(lines: readonly string[], script: string): number | undefined {
  const places = lines.map((each) => /^\s*File "(.+)", line (\d+)/.exec(each)).filter((each) => each?.[1] === script);
  const found = places.at(-1)?.[2];
  return found === undefined ? undefined : Number(found);
}
