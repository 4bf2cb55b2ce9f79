/** Specs that answer a slightly different question, and what tests of intent say of them; a scripted model writes the tests. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { createIntentWriter } from '../../src/agents/intentWriter.ts';
import { checkQuery } from '../../src/services/checkQuery.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { openShop, openSmall, type Opened } from '../misreadings/databases.ts';
import { droppedTests, failedTests, figuresOf, judgeOn, readingOf, tableOf, type Judge, type Judged } from '../misreadings/judge.ts'; // prettier-ignore
import type { Misreading } from '../misreadings/misreading.ts';
import { shop } from '../misreadings/shop.ts';
import { small } from '../misreadings/small.ts';
import { scriptedAsker } from '../support/scriptedAsker.ts';

/** Of the specs with other rows, so many must be flagged by a test alone; the reading has to flag them all. */
const shareByTests = 0.9;

describe('misreadings', function () {
  this.timeout(120_000);
  const judged: Judged[] = [];

  ofDatabase('of the sample shop', openShop, shop);
  ofDatabase('of small tables', openSmall, small);

  // Behind those that it counts.
  describe('all of them', () => {
    it('are flagged by the reading, and nothing that is right is flagged', () => {
      const figures = figuresOf(judged);
      const all = figures.at(-1);
      assert.ok(all && all.prompts >= 60, tableOf(figures));
      assert.equal(new Set(judged.map(({ misreading }) => misreading.prompt)).size, all.prompts);
      assert.deepEqual([all.byReading, all.falseAlarms], [all.differ, 0], tableOf(figures));
      assert.ok(all.byTests >= all.differ * shareByTests, tableOf(figures));
    });
  });

  function ofDatabase(name: string, open: () => Promise<Opened>, misreadings: readonly Misreading[]): void {
    describe(name, () => {
      let opened: Opened;
      let judge: Judge;
      before(async () => {
        opened = await open();
        judge = await judgeOn(opened.postgres, await loadSqlParser());
      });
      after(() => opened.close());
      for (const misreading of misreadings) {
        it(`${misreading.family}: ${misreading.prompt}`, async () => {
          judged.push(await found(misreading, { opened, judge }));
        });
      }
    });
  }
});

/** Through the real writer, so that what a model would have to mend fails here. */
async function found(
  misreading: Misreading,
  { opened, judge }: { readonly opened: Opened; readonly judge: Judge },
): Promise<Judged> {
  const parser = await loadSqlParser();
  const writer = createIntentWriter({
    asker: scriptedAsker({ object: misreading.intent }),
    refusal: (sql) => checkQuery(sql, parser)?.message,
    prepare: (sql) => opened.postgres.prepare(sql),
  });
  const judged = await judge.judge(misreading, writer);
  assert.ok(judged.changes, 'both specs give the same rows: this proves nothing');
  const { right, wrong } = judged;
  assert.deepEqual([readingOf(right), failedTests(right), droppedTests(right)], ['agrees', 0, 0], JSON.stringify(right)); // prettier-ignore
  assert.equal(readingOf(wrong), 'differs', JSON.stringify(wrong));
  return judged;
}
