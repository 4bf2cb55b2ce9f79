import assert from 'node:assert/strict';
import pg from 'pg';
import { checkSpec } from '../../src/compiler/check.ts';
import { describeSpec, type Described } from '../../src/compiler/describe.ts';
import { compileExpression } from '../../src/compiler/expressions/compile.ts';
import { referenceSql } from '../../src/compiler/reference/reference.ts';
import { prepareStatement } from '../../src/services/prepareStatement.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { formatPgType } from '../../src/spec/pgTypes.ts';
import type { Step } from '../../src/spec/spec.ts';
import { formatSpec } from '../../src/spec/write.ts';
import { shop, shopTables } from '../compiler/check/shop.ts';
import { shown } from '../compiler/check/support.ts';
import { everyStep, everything, specWith } from '../compiler/spec/samples.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

describe("PostgreSQL's own word on a spec", () => {
  let database: TestDatabase;
  let client: pg.Client;

  before(async () => {
    database = await createDatabase('describe');
    const { settings, password } = database.options;
    const { host, port, user } = settings;
    client = new pg.Client({ host, port, user, database: settings.database, password });
    await client.connect();
    await client.query('create schema shop; create schema mart');
    for (const { schema, name, columns } of shopTables) {
      const list = columns.map((column) => `${column.name} ${column.type}${column.nullable ? '' : ' not null'}`);
      await client.query(`create table ${schema}.${name} (${list.join(', ')})`);
    }
  });
  after(async () => {
    await client.end();
    await database.drop();
  });

  async function described(text: string): Promise<Described> {
    const parser = await loadSqlParser();
    return describeSpec({
      check: (columns) => checkSpec(text, { catalogue: shop, parser, compile: compileExpression, described: columns }),
      reference: (resolved, step) => referenceSql(resolved).steps.get(step),
      prepare: (sql) => prepareStatement(client, sql),
    });
  }
  const problemsOf = async (...steps: readonly Step[]): Promise<string[]> => {
    const text = formatSpec(specWith(...steps));
    const { problems } = await described(text);
    return problems.filter(({ code }) => !/^(target|unused|lossy)-/.test(code)).map((problem) => shown(problem, text));
  };

  it('agrees with the types that the resolver gives every kind of step', async () => {
    const text = formatSpec(everything);
    const { problems, columns } = await described(text);
    const told = problems.filter(({ code, severity }) => severity === 'error' || code === 'described-differently');
    assert.deepEqual(
      told.filter(({ code }) => code !== 'target-column-missing').map((problem) => shown(problem, text)),
      [],
    );
    assert.deepEqual(
      [...columns.keys()],
      everything.steps.map(({ name }) => name),
    );
  });

  it('gives a hand-written query its columns, so that the steps below it can be checked', async () => {
    const text = formatSpec(specWith(everyStep.sql, { ...everyStep.filter, from: 's_sql', where: 'order_count > 1' }));
    const { columns, problems, resolved } = await described(text);
    const of = (name: string) => columns.get(name)?.map((column) => `${column.name} ${formatPgType(column.type)}`);
    assert.deepEqual(of('s_sql'), ['customer_id integer', 'orders bigint']);
    assert.deepEqual(
      resolved?.steps.map(({ known }) => known),
      [true, true],
    );
    const [unknown] = problems.filter(({ code }) => code === 'unknown-column');
    assert.ok(unknown);
    assert.match(shown(unknown, text), /^error unknown-column at order_count: /);
  });

  it('points at the words of a query that PostgreSQL refuses, escapes and emoji included', async () => {
    const query = `select '😀\n"' as smile,\n  order_idd from orders`;
    assert.deepEqual(await problemsOf({ ...everyStep.sql, query }), [
      'error postgres-error at order_idd: PostgreSQL refuses "s_sql": column "order_idd" does not exist. Perhaps you meant to reference the column "orders.order_id".',
    ]);
  });

  it('does not repeat itself below a step that is refused', async () => {
    const wrong: Step = { ...everyStep.sql, query: 'select nothing_at_all(1) as orders' };
    const found = await problemsOf(wrong, { ...everyStep.filter, from: 's_sql', where: 'orders > 1' });
    assert.deepEqual(
      found.filter((line) => line.startsWith('error')),
      [
        'error postgres-error at nothing_at_all: PostgreSQL refuses "s_sql": function nothing_at_all(integer) does not exist. No function matches the given name and argument types. You might need to add explicit type casts.',
      ],
    );
  });

  it('runs nothing', async () => {
    const query = "select nextval('shop.counter') as n";
    await client.query('create sequence shop.counter');
    assert.deepEqual(await problemsOf({ ...everyStep.sql, inputs: [], query }), []);
    const { rows } = await client.query<{ called: boolean }>('select is_called as called from shop.counter');
    assert.deepEqual(rows, [{ called: false }]);
  });
});
