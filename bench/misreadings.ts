/**
 * How many misread prompts the tests of intent find out: `npx tsx bench/misreadings.ts [how many]`. Where `DATAMORPH_MODEL` names a
 * model, that model writes the tests and the second reading, for money; otherwise they are those that were written by hand.
 */
import { createAsker } from '../src/agents/asker.ts';
import { createBudget } from '../src/agents/budget.ts';
import type { IntentWriter } from '../src/agents/intentPort.ts';
import { createIntentWriter } from '../src/agents/intentWriter.ts';
import { isModelFailure, type Asker } from '../src/agents/model.ts';
import { createPrices, dollarsText } from '../src/agents/prices.ts';
import { startPostgres } from '../scripts/setup/postgres.mjs';
import { checkQuery } from '../src/services/checkQuery.ts';
import { openModel, parseModelChoice } from '../src/services/modelChoice.ts';
import { loadSqlParser } from '../src/services/sqlParser.ts';
import { openShop, openSmall, type Opened } from '../test/misreadings/databases.ts';
import { failedTests, figuresOf, judgeOn, readingOf, tableOf, type Judged } from '../test/misreadings/judge.ts';
import type { Misreading } from '../test/misreadings/misreading.ts';
import { shop } from '../test/misreadings/shop.ts';
import { small } from '../test/misreadings/small.ts';
import { scriptedAsker } from '../test/support/scriptedAsker.ts';

const most = Number(process.argv[2] ?? Infinity);
const log = {
  step: <T>(_: string, work: () => T): T => work(),
  info: () => undefined,
  noise: () => undefined,
  warn: console.warn,
} as unknown as Parameters<typeof startPostgres>[0]['log'];

interface Mind {
  readonly name: string;
  asker(misreading: Misreading): Asker;
  close(): void;
}

const scripted: Mind = {
  name: 'scripted replies: no model was asked (DATAMORPH_MODEL is not set)',
  asker: ({ intent }) => scriptedAsker({ object: intent }),
  close: () => undefined,
};

/** The model that the command line would ask. */
async function mind(): Promise<Mind> {
  const wanted = process.env['DATAMORPH_MODEL'];
  if (!wanted) return scripted;
  const choice = parseModelChoice(wanted);
  if (typeof choice === 'string') throw new Error(choice);
  if (choice.kind === 'offline') return scripted;
  const key = process.env['DATAMORPH_MODEL_KEY'];
  const opened = await openModel(choice, { aws: {}, ...(key ? { key } : {}) });
  const { model } = opened;
  let [dollars, calls] = [0, 0];
  const asker = createAsker({
    model,
    price: createPrices({}).of(model.provider, model.id),
    budget: createBudget({ ceiling: { dollars: 10, tokens: 3_000_000 } }),
    record: (call) => {
      dollars += call.dollars ?? 0;
      calls += 1;
      return Promise.resolve();
    },
  });
  return {
    name: model.id,
    asker: () => asker,
    close: () => {
      console.log(`${calls} calls, ${dollarsText(dollars)} as far as the price is known`);
      opened.close();
    },
  };
}

async function judgedOn(
  { postgres }: Opened,
  misreadings: readonly Misreading[],
  mind: Mind,
): Promise<readonly Judged[]> {
  const parser = await loadSqlParser();
  const judge = await judgeOn(postgres, parser);
  const judged: Judged[] = [];
  for (const misreading of misreadings) {
    const writer = mindful(
      createIntentWriter({
        asker: mind.asker(misreading),
        refusal: (sql) => checkQuery(sql, parser)?.message,
        prepare: (sql) => postgres.prepare(sql),
      }),
    );
    const found = await judge.judge(misreading, writer);
    judged.push(found);
    const said = ({ right, wrong }: Judged): string =>
      `wrong: reading ${readingOf(wrong)}, ${failedTests(wrong)} tests failed; right: reading ${readingOf(right)}, ${failedTests(right)} failed`;
    console.error(`${misreading.family}: ${misreading.prompt}\n  ${said(found)}`);
  }
  return judged;
}

/** A model that gives no usable answer flags nothing, and counts as that. */
const mindful = (writer: IntentWriter): IntentWriter => ({
  async write(request, signal) {
    try {
      return await writer.write(request, signal);
    } catch (error) {
      if (!isModelFailure(error)) throw error;
      console.error(`${request.prompt}: ${error.message}`);
      return { tests: [] };
    }
  },
});

async function main(): Promise<void> {
  const chosen = await mind();
  const server = await startPostgres({ log });
  process.env['DATAMORPH_TEST_PG'] = server.url;
  const started = performance.now();
  try {
    const judged: Judged[] = [];
    for (const [open, misreadings] of [
      [openShop, shop],
      [openSmall, small],
    ] as const) {
      const opened = await open();
      try {
        judged.push(...(await judgedOn(opened, misreadings.slice(0, most), chosen)));
      } finally {
        await opened.close();
      }
    }
    console.log(`${chosen.name}\n\n${tableOf(figuresOf(judged))}\n`);
    console.log(`${((performance.now() - started) / 1000).toFixed(1)} s for ${judged.length} prompts, each twice`);
  } finally {
    chosen.close();
    await server.end();
  }
}

void main();
