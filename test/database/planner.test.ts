import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { loadShop } from '../../samples/shop/load.mjs';
import { createOfflinePlanner } from '../../src/agents/offlinePlanner.ts';
import type { Answer, Planner } from '../../src/agents/planner.ts';
import { compile } from '../../src/compiler/compile.ts';
import { compileExpression } from '../../src/compiler/expressions/compile.ts';
import type { SqlParser } from '../../src/compiler/expressions/contract.ts';
import { loadCatalogue } from '../../src/services/catalogue.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { catalogueOf, type Catalogue } from '../../src/spec/catalogue.ts';
import { readSpec } from '../../src/spec/read.ts';
import { examplesOf } from '../core/planner/corpus.ts';
import { shop as written } from '../core/planner/schemas/shop.ts';
import { serverUrl, dropDatabase } from '../support/postgres.ts';
import { cases } from './plannerCases.ts';

const database = 'planner_shop';

describe('the offline planner against the sample shop', function () {
  this.timeout(120_000);
  let session: Postgres;
  let catalogue: Catalogue;
  let parser: SqlParser;
  let planner: Planner;

  before(async () => {
    await loadShop({ url: serverUrl(), password: 'engineer', database });
    const url = new URL(serverUrl());
    session = await openPostgres({
      settings: {
        name: 'test',
        host: url.hostname,
        port: Number(url.port),
        database,
        user: decodeURIComponent(url.username),
        auth: 'password',
        ssl: 'disable',
      },
      password: decodeURIComponent(url.password),
    });
    const { tables, searchPath } = await loadCatalogue(session);
    catalogue = catalogueOf(tables, searchPath);
    parser = await loadSqlParser();
    planner = createOfflinePlanner({ parser });
  });
  after(async () => {
    await session.close();
    await dropDatabase(database);
  });

  /** The reference SQL of what the planner writes. */
  const sqlOf = async (prompt: string, answers: readonly Answer[]): Promise<string> => {
    const plan = await planner.plan({ prompt, catalogue, answers }, { signal: new AbortController().signal });
    assert.equal(plan.kind, 'spec', JSON.stringify(plan));
    const { spec, positions } = readSpec(plan.specText);
    assert.ok(spec);
    const compileText: Parameters<typeof compile>[0]['compile'] = (text, scope, use) =>
      compileExpression(text, scope, use, parser);
    const { reference, problems } = compile(
      { spec, positions, catalogue, parser, compile: compileText },
      { instant: '2025-06-15 12:00:00+00' },
    );
    assert.ok(reference?.sql !== undefined, JSON.stringify(problems));
    return reference.sql;
  };

  it('has the tables that the corpus was written for', () => {
    for (const table of written) {
      const own = catalogue.find({ schema: table.schema, name: table.name });
      assert.ok(own, table.name);
      const described = own.columns.map(({ name, type, nullable, comment }) => ({
        name,
        type,
        nullable,
        ...(comment !== undefined && { comment }),
      }));
      assert.deepEqual(described, table.columns, table.name);
      assert.deepEqual(own.primaryKey, table.primaryKey);
      assert.deepEqual(
        new Set(own.foreignKeys.map((key) => JSON.stringify(key))),
        new Set(table.foreignKeys.map((key) => JSON.stringify(key))),
      );
    }
  });

  it('writes SQL that PostgreSQL plans, for every prompt of the corpus', async () => {
    let planned = 0;
    for (const { prompt, answers } of examplesOf('shop')) {
      const plan = await planner.plan({ prompt, answers, catalogue }, { signal: new AbortController().signal });
      if (plan.kind !== 'spec') continue;
      await session.query(`explain ${await sqlOf(prompt, answers)}`);
      planned += 1;
    }
    assert.ok(planned > 120, `${planned} prompts`);
  });

  for (const { prompt, answers = [], sql, columns, where = 'true' } of cases) {
    it(`gives the rows of the SQL that a person wrote: ${prompt}`, async () => {
      const ours = await sqlOf(prompt, answers);
      const mine = `select ${columns ?? '*'} from (${ours}) planned where ${where}`;
      const difference = (a: string, b: string): string => `select * from (${a}) a except all select * from (${b}) b`;
      const missing = await session.query(`${difference(sql, mine)} limit 5`);
      const unexpected = await session.query(`${difference(mine, sql)} limit 5`);
      const all = await session.query(`select count(*)::integer as n from (${sql}) counted`);
      assert.deepEqual({ missing, unexpected }, { missing: [], unexpected: [] }, ours);
      assert.ok(
        Number((all[0] as { readonly n: number } | undefined)?.n) > 0,
        'the person’s SQL gives no rows, and proves nothing',
      );
    });
  }
});
