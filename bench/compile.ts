/** How long it takes to compile a spec of 30 steps: `npx tsx bench/compile.ts` prints the median. Aim: under 20 ms. */
import { compile } from '../src/compiler/compile.ts';
import { compileExpression } from '../src/compiler/expressions/compile.ts';
import { loadSqlParser } from '../src/services/sqlParser.ts';
import { catalogueOf } from '../src/spec/catalogue.ts';
import { readSpec } from '../src/spec/read.ts';
import type { Spec, Step } from '../src/spec/spec.ts';
import { shopTables } from '../test/golden/shop.ts';

const rounds = 200;

/** Six kinds of step in turn, each reading the one before. */
function thirtySteps(): Spec {
  const steps: Step[] = [];
  const last = (): string => steps.at(-1)?.name ?? 'orders';
  for (let round = 1; round <= 5; round++) {
    const column = `net_${round}`;
    steps.push(
      { name: `kept_${round}`, kind: 'filter', from: last(), where: `amount > ${round} and status <> 'lost'` },
      {
        name: `priced_${round}`,
        kind: 'derive',
        from: `kept_${round}`,
        columns: [
          { name: column, expr: 'round(amount * (1 - coalesce(discount, 0)), 2)' },
          {
            name: `label_${round}`,
            expr: `case when ${column.replace(/\d/, '0')} is null then 'none' else 'some' end`.replace(
              'net_0',
              'units',
            ),
          },
        ],
      },
      {
        name: `known_${round}`,
        kind: 'join',
        left: `priced_${round}`,
        right: 'customers',
        how: 'semi',
        on: [{ left: 'customer_id', right: 'customer_id' }],
      },
      {
        name: `ranked_${round}`,
        kind: 'window',
        from: `known_${round}`,
        columns: [
          {
            name: `place_${round}`,
            expr: `row_number() over (partition by customer_id order by ${column} desc, order_id)`,
          },
        ],
      },
      { name: `best_${round}`, kind: 'filter', from: `ranked_${round}`, where: `place_${round} <= 100` },
      {
        name: `one_${round}`,
        kind: 'dedupe',
        from: `best_${round}`,
        keys: ['order_id'],
        order: [{ expr: column, direction: 'desc' }, { expr: 'ordered_at' }],
      },
    );
  }
  return {
    version: 1,
    name: 'thirty steps',
    sources: ['orders', 'customers'].map((name) => ({ name, table: `public.${name}` })),
    steps,
    target: {
      table: 'public.answer',
      from: last(),
      mode: 'replace',
      columns: [
        { name: 'order_id', type: 'bigint' },
        { name: 'net_5', type: 'numeric(14,2)' },
      ],
    },
  };
}

async function main(): Promise<void> {
  const parser = await loadSqlParser();
  const { spec, positions } = readSpec(JSON.stringify(thirtySteps()));
  if (!spec) throw new Error('The spec of the benchmark is not one.');
  const catalogue = catalogueOf(shopTables);
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    const { pyspark, problems } = compile({
      spec,
      positions,
      catalogue,
      parser,
      compile: (text, scope, use) => compileExpression(text, scope, use, parser),
    });
    if (!pyspark) throw new Error(JSON.stringify(problems));
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
  console.log(`compile ${spec.steps.length} steps: median ${at(0.5)} ms, 95 % under ${at(0.95)} ms (${rounds} rounds)`);
}

void main();
