/** A small job, its database, and verdicts on whatever rows a test puts into its target. */
import assert from 'node:assert/strict';
import type { ValidationRequest } from '../../src/agents/ports.ts';
import { programsOf, type Programs } from '../../src/agents/programs.ts';
import { validatorOn, type ValidatorOptions } from '../../src/agents/validator.ts';
import type { Snapshots } from '../../src/agents/validation/snapshot.ts';
import type { PhaseResult, Verdict } from '../../src/agents/verdict.ts';
import { loadCatalogue } from '../../src/services/catalogue.ts';
import type { ConnectionSettings } from '../../src/services/connectionSettings.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { snapshotsOf } from '../../src/services/snapshot.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { catalogueOf, type Catalogue } from '../../src/spec/catalogue.ts';
import type { Spec } from '../../src/spec/spec.ts';
import { createDatabase, type TestDatabase } from './testDatabase.ts';

const ddl = `
create table customers (customer_id integer primary key, email text not null);
insert into customers values (1, 'ann@example.com'), (2, 'bob@example.com'), (3, 'cat@example.com');
create table orders (order_id integer primary key, customer_id integer not null, amount numeric(10,2) not null);
insert into orders values (1, 1, 10), (2, 1, 5), (3, 2, 7);
create table totals (customer_id integer not null, email text, total numeric(12,2));
`;

const specOf = (more: Partial<Spec> & { readonly mode?: Spec['target']['mode'] }): Spec => {
  const { mode = 'replace', ...others } = more;
  return {
    version: 1,
    name: 'totals',
    sources: [
      { name: 'customers', table: 'public.customers' },
      { name: 'orders', table: 'public.orders' },
    ],
    steps: [
      { name: 'sums', kind: 'aggregate', from: 'orders', by: [{ name: 'customer_id' }], columns: [{ name: 'total', expr: 'sum(amount)' }] }, // prettier-ignore
      { name: 'named', kind: 'join', left: 'customers', right: 'sums', how: 'left', on: [{ left: 'customer_id', right: 'customer_id' }] }, // prettier-ignore
    ],
    target: {
      ...{ table: 'public.totals', from: 'named', mode },
      columns: [
        { name: 'customer_id', type: 'integer', nullable: false },
        { name: 'email', type: 'text' },
        { name: 'total', type: 'numeric(12,2)' },
      ],
    },
    ...others,
  };
};

/** The rows that the spec asks for. */
export const rightRows = `(1, 'ann@example.com', 15), (2, 'bob@example.com', 7), (3, 'cat@example.com', null)`;

export interface Totals {
  readonly postgres: Postgres;
  readonly database: TestDatabase;
  readonly catalogue: Catalogue;
  readonly snapshots: Snapshots;
  snapshotsAs(settings: Pick<ConnectionSettings, 'queryRole'>): Promise<Snapshots>;
  spec(more?: Parameters<typeof specOf>[0]): Promise<CompiledTotals>;
  /** Makes these the rows of the target, last of all. */
  put(rows: string): Promise<void>;
  close(): Promise<void>;
}

export interface CompiledTotals {
  readonly specText: string;
  readonly programs: Programs;
}

export async function openTotals(name: string): Promise<Totals> {
  const database = await createDatabase(name);
  await database.run(ddl);
  const postgres = await openPostgres(database.options);
  const parser = await loadSqlParser();
  const { tables, searchPath, ...facts } = await loadCatalogue(postgres);
  const catalogue = catalogueOf(tables, searchPath, facts);
  return {
    ...{ postgres, database, catalogue },
    snapshots: snapshotsOf(postgres, parser),
    snapshotsAs: (settings) => Promise.resolve(snapshotsOf(postgres, parser, settings)),
    async spec(more = {}) {
      const specText = JSON.stringify(specOf(more));
      const { programs, problems } = await programsOf({
        ...{ specText, catalogue, parser, instant: '2026-01-01T00:00:00Z' },
        prepare: (sql) => postgres.prepare(sql),
      });
      assert.ok(programs, JSON.stringify(problems));
      return { specText, programs };
    },
    put: async (rows) => {
      await postgres.query(`truncate totals; insert into totals values ${rows}`);
    },
    async close() {
      await postgres.close();
      await database.drop();
    },
  };
}

export interface Judged {
  readonly verdict: Verdict;
  /** As they were told, each before the next one began. */
  readonly told: readonly PhaseResult[];
}

export async function judge(
  { catalogue, snapshots }: Pick<Totals, 'catalogue' | 'snapshots'>,
  { specText, programs }: CompiledTotals,
  { options, ...request }: Partial<ValidationRequest> & { readonly options?: ValidatorOptions } = {},
): Promise<Judged> {
  const told: PhaseResult[] = [];
  const asked = { ...{ specText, programs, catalogue }, rows: programs.target.table, ownRows: false, ...request };
  const verdict = await validatorOn(snapshots, options).validate(asked, {
    signal: new AbortController().signal,
    onPhase: (result) => {
      told.push(result);
      return Promise.resolve();
    },
  });
  return { verdict, told };
}

/** The phases without what differs from run to run. */
export const phaseLines = (phases: readonly PhaseResult[]): readonly string[] =>
  phases.map(({ phase, outcome, summary }) => `${phase}: ${outcome}. ${steady(summary)}`);

export const steady = (text: string): string =>
  text.replaceAll(/\d+:\d+:[\d,]*/g, 'SNAPSHOT').replaceAll(/\b\d+ ms\b/g, 'MS');
