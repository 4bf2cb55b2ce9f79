import type { LogBatch, LogEnd, LogEntry, RunLogStore } from '../agents/logger.ts';
import type { AwsAccess } from './aws/access.ts';
import type { Item, Kept } from './aws/attributeValues.ts';
import { openDynamoDb, type DynamoDb, type TableShape } from './aws/dynamoDb.ts';

export interface DynamoLogSettings extends AwsAccess {
  /** Made where it is missing; `datamorph-log` where it is left out. */
  readonly table?: string;
  /** After which the log of a run may go; 90 where it is left out. */
  readonly days?: number;
  readonly now?: () => Date;
}

export interface DynamoLog extends RunLogStore {
  close(): void;
}

/**
 * The logs of runs in DynamoDB: one item holds the entries that were told together, under the number of its first one. A page
 * is put only where none stands, so of two writers one is refused and goes behind the other.
 */
export function dynamoLog(settings: DynamoLogSettings): DynamoLog {
  const db = openDynamoDb(settings);
  const shape: TableShape = { name: settings.table ?? 'datamorph-log', hash: 'run', range: 'seq', expires: 'expires' };
  let ready: Promise<void> | undefined;
  const ensure = (signal: AbortSignal): Promise<void> => {
    const asked = (ready ??= db.ensureTable(shape, signal));
    asked.catch(() => {
      ready = undefined;
    });
    return asked;
  };
  return {
    async end(runId, signal) {
      await ensure(signal);
      return lastEnd(db, shape, { runId, signal });
    },
    async append(batch, signal) {
      await ensure(signal);
      const entries = fitting(batch.entries);
      const { page, end } = pageOf(batch, entries, expiry(settings));
      if (await db.putNew(shape.name, page, signal)) return { end, written: entries.length };
      const now = await lastEnd(db, shape, { runId: batch.runId, signal });
      // The SDK repeats what was not answered: then it is our own page that stands there.
      return { end: now, written: now.token === batch.token ? entries.length : 0 };
    },
    async *read(runId, from, signal) {
      // The page that holds the first entry began before it.
      for await (const page of db.items({ table: shape, hash: runId }, signal)) {
        for (const entry of entriesOf(page)) if (entry.seq >= from) yield entry;
      }
    },
    close() {
      db.close();
    },
  };
}

interface Asked {
  readonly runId: string;
  readonly signal: AbortSignal;
}

async function lastEnd(db: DynamoDb, table: TableShape, { runId, signal }: Asked): Promise<LogEnd> {
  for await (const page of db.items({ table, hash: runId, backwards: true, most: 1 }, signal)) {
    const { last, fact, token } = page;
    return { seq: Number(last), fact: Number(fact), ...(typeof token === 'string' && { token }) };
  }
  return { seq: 0, fact: 0 };
}

/** An item of DynamoDB may have 400 KB; JSON is never much smaller than what DynamoDB counts. */
const mostBytes = 300_000;

/** An entry alone always fits: the logger tells longer ones in parts. */
function fitting(entries: readonly LogEntry[]): readonly LogEntry[] {
  let bytes = 0;
  const past = entries.findIndex((entry) => (bytes += Buffer.byteLength(JSON.stringify(entry))) > mostBytes);
  return past < 0 ? entries : entries.slice(0, Math.max(past, 1));
}

interface Page {
  readonly page: Item;
  readonly end: LogEnd;
}

function pageOf({ runId, end, token }: LogBatch, entries: readonly LogEntry[], expires: number): Page {
  const seq = end.seq + 1;
  const last = end.seq + entries.length;
  const fact = entries.reduce((most, entry) => Math.max(most, entry.fact ?? 0), end.fact);
  // What an entry holds is JSON already: the logger has seen to that.
  const page: Item = { run: runId, seq, last, fact, token, expires, entries: entries as unknown as readonly Kept[] };
  return { page, end: { seq: last, fact, token } };
}

const entriesOf = ({ entries }: Item): readonly LogEntry[] => (Array.isArray(entries) ? (entries as LogEntry[]) : []);

const day = 24 * 60 * 60;

const expiry = ({ days = 90, now = () => new Date() }: DynamoLogSettings): number =>
  Math.floor(now().getTime() / 1000) + days * day;
