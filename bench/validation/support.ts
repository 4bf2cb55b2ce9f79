/** What the benches of validation share: a server of their own, its tables, and ways that take turns. */
import { createLog } from '../../scripts/setup/log.mjs';
import { startPostgres } from '../../scripts/setup/postgres.mjs';
import { endAll } from '../../scripts/setup/processes.mjs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot, Snapshots } from '../../src/agents/validation/snapshot.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { snapshotsOf } from '../../src/services/snapshot.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';

export interface Side {
  readonly postgres: Postgres;
  readonly snapshots: Snapshots;
  /** With its password. */
  readonly url: string;
}

/** A PostgreSQL as it comes, and a database for each name. */
export async function onServer(
  databases: readonly string[],
  work: (sides: readonly Side[]) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'datamorph-bench-'));
  const sides: Side[] = [];
  try {
    const server = await startPostgres({ log: createLog({ file: join(folder, 'bench.log') }) });
    const open = ({ pathname }: URL): Promise<Postgres> => {
      const { host, port, user, password } = server;
      const settings = { name: 'bench', host, port, database: pathname.slice(1), user } as const;
      return openPostgres({ settings: { ...settings, auth: 'password', ssl: 'disable' }, password });
    };
    const admin = await open(new URL(server.url));
    for (const database of databases) {
      await admin.query(`create database ${database}`);
      const url = new URL(server.url);
      url.pathname = database;
      const postgres = await open(url);
      sides.push({ postgres, snapshots: snapshotsOf(postgres, await loadSqlParser()), url: url.href });
    }
    await admin.close();
    await work(sides);
  } finally {
    for (const { postgres } of sides) await postgres.close();
    await endAll();
    await rm(folder, { recursive: true, force: true });
  }
}

export const inSnapshot = <T>({ snapshots }: Side, work: (snapshot: Snapshot) => Promise<T>): Promise<T> =>
  snapshots.snapshot(work, { signal: new AbortController().signal });

export const customers = 50_000;

export const columns = [
  { name: 'order_id', type: 'bigint' },
  { name: 'customer_id', type: 'integer' },
  { name: 'code', type: 'text' },
  { name: 'status', type: 'text' },
  { name: 'channel', type: 'text' },
  { name: 'currency', type: 'text' },
  { name: 'quantity', type: 'integer' },
  { name: 'amount', type: 'numeric(12,2)' },
  { name: 'discount', type: 'numeric(6,3)' },
  { name: 'day', type: 'date' },
  { name: 'placed_at', type: 'timestamp with time zone' },
  { name: 'gift', type: 'boolean' },
];

/** Orders from 1 on, some 100 bytes each, as a job could have written them: no index, and in an order of their own. */
export async function makeOrders({ postgres }: Side, table: string, rows: number): Promise<void> {
  await postgres.query(
    `create unlogged table ${table} (${columns.map(({ name, type }) => `${name} ${type}`).join(', ')})`,
  );
  await postgres.query(`insert into ${table} select n, n * 7919 % ${customers} + 1, 'C-' || lpad(n::text, 10, '0'),
    (array['new', 'paid', 'shipped', 'returned'])[n % 4 + 1], (array['web', 'shop', 'phone'])[n % 3 + 1],
    (array['EUR', 'USD', 'GBP', 'CHF', 'JPY'])[n % 5 + 1], n % 20 + 1, n * 37 % 100000 / 100.0, n * 13 % 1000 / 1000.0,
    date '2024-01-01' + (n % 700)::int, timestamptz '2024-01-01 00:00Z' + n % 1000000 * interval '37 seconds', n % 3 = 0
    from generate_series(1, ${rows}::bigint) n`);
  await postgres.query(`vacuum analyze ${table}`);
}

/** The same rows in an order that shares nothing with the first one. */
export async function copyShuffled({ postgres }: Side, from: string, table: string): Promise<void> {
  await postgres.query(`create unlogged table ${table} as select * from ${from} order by hashint8(order_id)`);
  await postgres.query(`vacuum analyze ${table}`);
}

/** Seconds of each way, by name; `before` the first round that counts, every way is gone once. */
export async function takingTurns<Name extends string>(
  ways: Readonly<Record<Name, () => Promise<unknown>>>,
  rounds: number,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(ways) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const from = performance.now();
      const told = await ways[name]();
      const seconds = typeof told === 'number' ? told : (performance.now() - from) / 1000;
      if (round > 0) times.get(name)?.push(seconds);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<Name, number>;
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** A Markdown table; the first way is the one that the others are measured against. */
export function report(title: string, medians: Readonly<Record<string, number>>): void {
  const all = Object.entries(medians);
  const [, own] = all[0] ?? ['', NaN];
  console.log(`\n${title}\n\n| way | median | first / this |\n| --- | ---: | ---: |`);
  for (const [name, seconds] of all)
    console.log(`| ${name} | ${seconds.toFixed(2)} s | ${(own / seconds).toFixed(2)} |`);
}

/** A statement by hand, in a read-only transaction, as a person would send it. */
export const byHand = <Row extends object>({ postgres }: Side, sql: string): Promise<readonly Row[]> =>
  postgres.select<Row>(sql);

export function run(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
