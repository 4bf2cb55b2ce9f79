/** The record of everything that happens in a run: ordered, without a gap, redacted. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunLog } from './ports.ts';

export interface LogEntry {
  /** Counts from 1 within the run, without a gap. */
  readonly seq: number;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly kind: string;
  /** Where it is a fact of the journal: its number there. */
  readonly fact?: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Where a log ends; zeros where there is none yet. */
export interface LogEnd {
  readonly seq: number;
  /** The last fact of the journal in it. */
  readonly fact: number;
  /** Of the last batch, where the store keeps it. */
  readonly token?: string;
}

/** Where the log of a run is kept: a file, or a table in DynamoDB. */
export interface RunLogStore {
  end(runId: string, signal: AbortSignal): Promise<LogEnd>;
  /**
   * Appends the first of these, as many as go in one piece: all of the piece, or nothing. Where somebody else has written
   * meanwhile nothing is appended, and the answer says where the log ends now.
   */
  append(batch: LogBatch, signal: AbortSignal): Promise<{ readonly end: LogEnd; readonly written: number }>;
  /** From this number on. */
  read(runId: string, from: number, signal: AbortSignal): AsyncIterable<LogEntry>;
}

export interface LogBatch {
  readonly runId: string;
  readonly end: LogEnd;
  /** Numbered from `end.seq + 1` on. */
  readonly entries: readonly LogEntry[];
  /** No other batch has it: by it a batch is known again whose answer was lost. */
  readonly token: string;
}

export interface Logger extends RunLog {
  /** Writes what is left, as far as that can be done in time; tells how many entries are not written. */
  close(): Promise<number>;
}

export interface LoggerOptions {
  readonly runId: string;
  readonly store: RunLogStore;
  readonly redact: (text: string) => string;
  readonly now: () => Date;
  /** Of one trip to the store. */
  readonly limitMs?: number;
  /** So many entries are held while the store cannot be reached; then the oldest that are no facts go, and are counted. */
  readonly bound?: number;
  /** Called when the store fails first, and again when it has recovered. */
  readonly onTrouble?: (error: unknown) => void;
}

type Waiting = Omit<LogEntry, 'seq'>;

const mostInOneTrip = 500;
/** Longer texts are told in several entries. */
export const longestText = 60_000;
const breathMs = 50;
const waits = { first: 200, most: 10_000 };

/** Never in the way of the run: what cannot be written now is kept and written later. */
export function createLogger(options: LoggerOptions): Logger {
  return new BufferedLogger(options);
}

class BufferedLogger implements Logger {
  readonly #options: Required<Pick<LoggerOptions, 'limitMs' | 'bound'>> & LoggerOptions;
  #waiting: Waiting[] = [];
  #dropped = 0;
  #end: LogEnd | undefined;
  #writing: Promise<void> | undefined;
  #closing = false;
  readonly #hurry = new AbortController();
  readonly #writer = randomUUID();
  #batches = 0;
  #unsure: { readonly token: string; readonly from: number; readonly some: readonly Waiting[] } | undefined;

  constructor(options: LoggerOptions) {
    this.#options = { limitMs: 30_000, bound: 50_000, ...options };
  }

  write(kind: string, data: Readonly<Record<string, unknown>>, fact?: number): void {
    const at = this.#options.now().toISOString();
    for (const part of partsOf(this.#clean(data))) {
      this.#waiting.push({ at, kind, ...(fact === undefined ? {} : { fact }), data: part });
    }
    if (this.#waiting.length > this.#options.bound) this.#drop();
    this.#start();
  }

  async close(): Promise<number> {
    this.#closing = true;
    // Whoever waits for a better moment tries now.
    this.#hurry.abort();
    const clock = new AbortController();
    const tooLate = delay(this.#options.limitMs, undefined, { signal: clock.signal }).catch(() => undefined);
    this.#start();
    await Promise.race([this.#written(), tooLate]);
    clock.abort();
    return this.#waiting.length + this.#dropped;
  }

  #start(): void {
    if (this.#writing || this.#waiting.length === 0) return;
    this.#writing = this.#drain().finally(() => {
      this.#writing = undefined;
      // What came while it was ending.
      if (!this.#closing) this.#start();
    });
  }

  async #written(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #drain(): Promise<void> {
    // What is told in one breath is written in one trip.
    await pause(breathMs, this.#hurry.signal);
    let wait: number = waits.first;
    let failed = false;
    while (this.#waiting.length > 0) {
      try {
        await this.#writeSome();
        if (failed) this.#options.onTrouble?.(undefined);
        [wait, failed] = [waits.first, false];
      } catch (error) {
        if (!failed) this.#options.onTrouble?.(error);
        const isLast = failed && this.#closing;
        failed = true;
        this.#end = undefined;
        if (isLast) return;
        await pause(wait, this.#hurry.signal);
        wait = Math.min(wait * 2, waits.most);
      }
    }
  }

  async #writeSome(): Promise<void> {
    const { store, runId, limitMs } = this.#options;
    const signal = AbortSignal.timeout(limitMs);
    const end = (this.#end ??= await this.#look(signal));
    // A run that goes on tells its facts again: those that are written down are not written twice.
    this.#waiting = this.#waiting.filter(({ fact }) => fact === undefined || fact > end.fact);
    if (this.#waiting.length === 0) return;
    if (this.#dropped > 0) {
      this.#waiting.unshift(this.#dropNote());
      this.#dropped = 0;
    }
    const some = this.#waiting.slice(0, mostInOneTrip);
    const entries = some.map((entry, place) => ({ seq: end.seq + place + 1, ...entry }));
    const token = `${this.#writer}-${++this.#batches}`;
    this.#unsure = { token, from: end.seq, some };
    const answer = await store.append({ runId, end, entries, token }, signal);
    this.#end = answer.end;
    this.#unsure = undefined;
    this.#take(some.slice(0, answer.written));
  }

  /** Where the log ends; a batch whose answer was lost may stand there already. */
  async #look(signal: AbortSignal): Promise<LogEnd> {
    const { store, runId } = this.#options;
    const end = await store.end(runId, signal);
    const { token, from, some = [] } = this.#unsure ?? {};
    if (token !== undefined && end.token === token) this.#take(some.slice(0, end.seq - (from ?? 0)));
    this.#unsure = undefined;
    return end;
  }

  #take(some: readonly Waiting[]): void {
    const written = new Set(some);
    this.#waiting = this.#waiting.filter((entry) => !written.has(entry));
  }

  #dropNote(): Waiting {
    return { at: this.#options.now().toISOString(), kind: 'dropped', data: { entries: this.#dropped } };
  }

  /** Facts stay: there are few of them, and they are what the log is for. */
  #drop(): void {
    const { bound } = this.#options;
    let over = this.#waiting.length - Math.ceil(bound * 0.9);
    this.#waiting = this.#waiting.filter(({ fact }) => {
      if (fact !== undefined || over <= 0) return true;
      over--;
      this.#dropped++;
      return false;
    });
  }

  #clean(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    return cleaned(data, this.#options.redact) as Readonly<Record<string, unknown>>;
  }
}

/** Texts redacted, and nothing in it that JSON and a database do not know. */
function cleaned(value: unknown, redact: (text: string) => string): unknown {
  switch (typeof value) {
    case 'string':
      return redact(value);
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return String(value);
    case 'object':
      break;
    default:
      return undefined;
  }
  if (value === null) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((each) => cleaned(each, redact) ?? null);
  const entries = Object.entries(value).map(([key, each]) => [key, cleaned(each, redact)] as const);
  return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
}

/** One entry, or several that together hold a long one as JSON text. */
function partsOf(data: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] {
  const text = JSON.stringify(data);
  if (text.length <= longestText) return [data];
  const parts: string[] = [];
  // By whole characters: half a surrogate pair is no text.
  for (let from = 0; from < text.length;) {
    let to = Math.min(from + longestText, text.length);
    if (/[\uD800-\uDBFF]/.test(text[to - 1] ?? '')) to--;
    parts.push(text.slice(from, to));
    from = to;
  }
  return parts.map((part, place) => ({ part: place + 1, of: parts.length, json: part }));
}

async function pause(ms: number, hurry: AbortSignal): Promise<void> {
  if (hurry.aborted) return;
  await delay(ms, undefined, { signal: hurry }).catch(() => undefined);
}
