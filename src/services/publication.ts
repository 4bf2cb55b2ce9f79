/** Publication by DataMorph's own connection: what python/datamorph/publishing.py does, from the same statements. */
import { setTimeout as delay } from 'node:timers/promises';
import { publicationStatements, type Publication, type PlacedPublication } from './publicationStatements.ts';

/** One connection, held for the transaction; `pg.Client` and a pool's client are such. */
export interface PublicationClient {
  query<Row extends object>(sql: string, values?: readonly string[]): Promise<Rows<Row>>;
}

interface Rows<Row> {
  readonly rows: readonly Row[];
}

export type Published =
  /** `repeated`: this run had published before. */
  | { readonly kind: 'published'; readonly rows: number; readonly repeated: boolean }
  /** The target must not be written as it stands, or nothing whole is staged for it; the old rows stand. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Takes the transaction back on its way out. */
class Refusal extends Error {}

/** Every column of these questions is text. */
type Answer = Readonly<Record<string, string | null | undefined>>;

const attempts = 5;
/** SQLSTATE of lock_not_available and deadlock_detected: worth another try. */
const busy = new Set(['55P03', '40P01']);

/**
 * Makes the rows that a job staged for later visible, in one transaction. An aborted signal ends it between two
 * statements; what runs is cancelled on the server by whoever owns the client. Either way nothing has changed.
 */
export async function publish(
  client: PublicationClient,
  publication: Publication,
  signal: AbortSignal,
): Promise<Published> {
  const placed = await place(client, publication);
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(client, () => publishOnce(client, placed, signal));
    } catch (error) {
      if (error instanceof Refusal) return { kind: 'refused', reason: error.message };
      if (attempt === attempts || !busy.has(codeOf(error))) throw error;
      await delay(attempt * 1000, undefined, { signal });
    }
  }
}

/** Drops the rows that wait to be published. */
export async function giveUp(client: PublicationClient, publication: Publication): Promise<void> {
  await run(client, publicationStatements(await place(client, publication), 'give_up'));
}

/** Where the table lives or will live. */
export async function place(client: PublicationClient, publication: Publication): Promise<PlacedPublication> {
  const sql =
    'select case when cardinality(parts) > 1 then parts[1] else current_schema()::text end as schema from parse_ident($1) as parts';
  const { rows } = await client.query<{ schema: string | null }>(sql, [publication.table]);
  return { ...publication, schema: rows[0]?.schema ?? 'public' };
}

async function inTransaction<T>(client: PublicationClient, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function publishOnce(
  client: PublicationClient,
  publication: PlacedPublication,
  signal: AbortSignal,
): Promise<Published> {
  const { table, mode } = publication;
  const sql = (name: Parameters<typeof publicationStatements>[1]) => publicationStatements(publication, name);
  const act = (statements: readonly string[]): Promise<void> => run(client, statements, signal);
  const ask = async (name: Parameters<typeof publicationStatements>[1]) => first(client, sql(name)[0] ?? '', signal);
  const recorded = mode === 'append' || mode === 'upsert';

  await act(sql('begin'));
  const state = await ask('state');
  if (recorded && state['ledger'] !== 'true') await act(sql('create_ledger'));
  if (state['target'] !== 'true') await act(sql('create_target'));
  const [lock, ...change] = sql(mode);
  await act([lock ?? '']);
  if (recorded && (await ask('published'))['published'] !== undefined) {
    await act(sql('give_up'));
    return { kind: 'published', rows: 0, repeated: true };
  }
  if (state['stage'] !== 'true') throw new Refusal(`${table} keeps its old rows: nothing is staged for it.`);
  const rows = Number((await ask('count'))['rows']);
  const expected = (await ask('waiting_rows'))['substring'];
  // An unlogged table is empty after a crash of the server: that must not become an empty target.
  if (!expected || Number(expected) !== rows) {
    throw new Refusal(`${table} keeps its old rows: ${rows} rows are staged, ${expected ?? 'unknown'} expected.`);
  }
  const refusal = (await ask('refusal'))['reason'];
  if (refusal) throw new Refusal(`${table} ${refusal}.`);
  await act([...change, ...(recorded ? sql('record') : []), ...sql('end')]);
  return { kind: 'published', rows, repeated: false };
}

async function run(client: PublicationClient, statements: readonly string[], signal?: AbortSignal): Promise<void> {
  for (const statement of statements) {
    signal?.throwIfAborted();
    await client.query(statement);
  }
}

async function first(client: PublicationClient, sql: string, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted();
  const { rows } = await client.query<Answer>(sql);
  return rows[0] ?? {};
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
