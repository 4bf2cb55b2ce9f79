import type { Redactor } from './redact.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** What the program writes to: a sentence, and what else there is to know. */
export type Log = Readonly<Record<LogLevel, (message: string, ...details: readonly unknown[]) => void>>;

/** Where the lines end up: the editor's log channel, a terminal, a test. It judges the level itself. */
export type LogSink = Readonly<Record<LogLevel, (line: string) => void>>;

/** Every line passes the redactor, whoever wrote it: there is no other road to a sink. */
export function createLog(sink: LogSink, redactor: Redactor): Log {
  const writer =
    (level: LogLevel) =>
    (message: string, ...details: readonly unknown[]): void => {
      sink[level](redactor.redact([message, ...details.map(describe)].join(' ')));
    };
  return {
    trace: writer('trace'),
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
  };
}

/** A cause deeper than this is a loop, or nobody reads it. */
const deepestCause = 8;

/** An error with its code, its stack and the chain of its causes; anything else as JSON. */
export function describe(value: unknown): string {
  if (value instanceof Error) return describeError(value, 0);
  if (typeof value === 'string') return value;
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return String(value);
  try {
    return JSON.stringify(value, plain);
  } catch {
    return `[cannot be written: ${Object.prototype.toString.call(value)}]`;
  }
}

function describeError(error: Error, depth: number): string {
  const code = 'code' in error && typeof error.code === 'string' ? ` [${error.code}]` : '';
  const head = `${error.name}${code}: ${error.message}`;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const parts = [[head, ...frames].join('\n')];
  if (depth < deepestCause) {
    if (error instanceof AggregateError) {
      for (const each of error.errors) parts.push(`Together with: ${describeCause(each, depth)}`);
    }
    if (error.cause !== undefined) parts.push(`Caused by: ${describeCause(error.cause, depth)}`);
  }
  return parts.join('\n');
}

const describeCause = (cause: unknown, depth: number): string =>
  cause instanceof Error ? describeError(cause, depth + 1) : describe(cause);

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}`;
  if (value instanceof Error) return describeError(value, 0);
  if (value instanceof Map) return Object.fromEntries(value) as unknown;
  if (value instanceof Set) return [...value] as unknown[];
  return value;
}
