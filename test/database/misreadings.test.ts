/** Specs that answer a slightly different question, and what tests of intent say of them; a scripted model writes the tests. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { loadShop } from '../../samples/shop/load.mjs';
import { createIntentWriter } from '../../src/agents/intentWriter.ts';
import { checkQuery } from '../../src/services/checkQuery.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { shopSql } from '../golden/shop.ts';
import { droppedTests, failedTests, figuresOf, judgeOn, readingOf, tableOf, type Judge, type Judged } from '../misreadings/judge.ts'; // prettier-ignore
import type { Misreading } from '../misreadings/misreading.ts';
import { shop } from '../misreadings/shop.ts';
import { personnelSql, small } from '../misreadings/small.ts';
import { dropDatabase, serverUrl } from '../support/postgres.ts';
import { scriptedAsker } from '../support/scriptedAsker.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

const shopDatabase = 'misread_shop';

describe('misreadings', function () {
  this.timeout(120_000);
  const judged: Judged[] = [];

  describe('of the sample shop', () => {
    let postgres: Postgres;
    let judge: Judge;
    before(async () => {
      await loadShop({ url: serverUrl(), password: 'engineer', database: shopDatabase });
      const { hostname: host, port, username, password } = new URL(serverUrl());
      postgres = await openPostgres({
        settings: {
          ...{ name: 'test', host, port: Number(port), database: shopDatabase, user: decodeURIComponent(username) },
          ...{ auth: 'password', ssl: 'disable' },
        },
        password: decodeURIComponent(password),
      });
      judge = await judgeOn(postgres, await loadSqlParser());
    });
    after(async () => {
      await postgres.close();
      await dropDatabase(shopDatabase);
    });
    each(
      shop,
      () => judge,
      () => postgres,
    );
  });

  describe('of small tables', () => {
    let database: TestDatabase;
    let postgres: Postgres;
    let judge: Judge;
    before(async () => {
      database = await createDatabase('misread', `template template0 encoding 'UTF8' locale 'C'`);
      await database.run(shopSql);
      await database.run(personnelSql);
      postgres = await openPostgres(database.options);
      judge = await judgeOn(postgres, await loadSqlParser());
    });
    after(async () => {
      await postgres.close();
      await database.drop();
    });
    each(
      small,
      () => judge,
      () => postgres,
    );
  });

  function each(misreadings: readonly Misreading[], judge: () => Judge, postgres: () => Postgres): void {
    for (const misreading of misreadings) {
      it(`${misreading.family}: ${misreading.prompt}`, async () => {
        const parser = await loadSqlParser();
        const asker = scriptedAsker({ object: misreading.intent });
        const writer = createIntentWriter({
          asker,
          refusal: (sql) => checkQuery(sql, parser)?.message,
          prepare: (sql) => postgres().prepare(sql),
        });
        const found = await judge().judge(misreading, writer);
        judged.push(found);
        assert.ok(found.changes, 'both specs give the same rows: this proves nothing');
        assert.deepEqual(
          [readingOf(found.right), failedTests(found.right), droppedTests(found.right)],
          ['agrees', 0, 0],
          JSON.stringify(found.right),
        );
        assert.equal(readingOf(found.wrong), 'differs', JSON.stringify(found.wrong));
      });
    }
  }

  // Behind those that it counts.
  describe('all of them', () => {
    it('are all flagged by the reading, and nothing that is right is', () => {
      const figures = figuresOf(judged);
      const all = figures.at(-1);
      assert.ok(all && all.prompts >= 60, tableOf(figures));
      assert.equal(new Set(judged.map(({ misreading }) => misreading.prompt)).size, all.prompts);
      assert.deepEqual([all.byReading, all.falseAlarms], [all.differ, 0], tableOf(figures));
      assert.ok(all.byTests >= all.differ * 0.8, tableOf(figures));
    });
  });
});
