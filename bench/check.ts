/** How long the first two depths of checking take: a spec of 30 steps against a database of 10,000 tables. */
import { checkSpec } from '../src/compiler/check.ts';
import { compileExpression } from '../src/compiler/expressions/compile.ts';
import { loadSqlParser } from '../src/services/sqlParser.ts';
import { catalogueOf, type CatalogueTable } from '../src/spec/catalogue.ts';
import type { Spec, Step } from '../src/spec/spec.ts';
import { formatSpec } from '../src/spec/write.ts';

const aim = 10;
const rounds = 200;

async function main(): Promise<void> {
  const parser = await loadSqlParser();
  const catalogue = catalogueOf(Array.from({ length: 10_000 }, (_, number) => table(number)));
  const text = formatSpec(spec());
  const input = { catalogue, parser, compile: compileExpression };
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const { problems } = checkSpec(text, input);
    times.push(performance.now() - start);
    if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  }
  const { user } = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(rounds * share)] ?? 0).toFixed(2);
  const cpu = (user / 1000 / rounds).toFixed(2);
  const figures = `median ${at(0.5)} ms, p95 ${at(0.95)} ms, ${cpu} ms of CPU each`;
  console.log(`check of 30 steps against 10,000 tables: ${figures}; aim ${aim} ms (${rounds} rounds)`);
}

function table(number: number): CatalogueTable {
  const column = (name: string, type: string, nullable = true) => ({ name, type, nullable });
  return {
    schema: 'public',
    name: `table_${number}`,
    kind: 'table',
    columns: [
      column('id', 'bigint', false),
      column('parent_id', 'bigint', false),
      column('name', 'text'),
      column('amount', 'numeric(12,2)', false),
      column('created_at', 'timestamp with time zone', false),
      ...Array.from({ length: 15 }, (_, extra) => column(`extra_${extra}`, 'text')),
    ],
    primaryKey: ['id'],
    uniqueKeys: [],
    foreignKeys: [],
  };
}

/** Ten times filter, derive and window, each over the one before. */
function spec(): Spec {
  const steps = Array.from({ length: 10 }, (_, number): Step[] => [
    {
      name: `filter_${number}`,
      kind: 'filter',
      from: number === 0 ? 'rows' : `window_${number - 1}`,
      where: `amount > ${number} and name is not null and lower(name) <> 'x${number}'`,
    },
    {
      name: `derive_${number}`,
      kind: 'derive',
      from: `filter_${number}`,
      columns: [
        { name: 'amount', expr: 'amount + 1' },
        { name: `label_${number}`, expr: `coalesce(name, 'none') || '-${number}'` },
      ],
    },
    {
      name: `window_${number}`,
      kind: 'window',
      from: `derive_${number}`,
      columns: [{ name: `nth_${number}`, expr: 'row_number() over (partition by parent_id order by created_at, id)' }],
    },
  ]).flat();
  const last = steps.flatMap((step) =>
    step.kind === 'derive' ? step.columns : step.kind === 'window' ? step.columns : [],
  );
  const added = [...new Set(last.map(({ name }) => name))].filter((name) => name !== 'amount');
  return {
    version: 1,
    name: 'bench',
    sources: [{ name: 'rows', table: 'table_5000', columns: ['id', 'parent_id', 'name', 'amount', 'created_at'] }],
    steps,
    target: {
      table: 'bench_target',
      from: 'window_9',
      mode: 'replace',
      columns: [
        { name: 'id', type: 'bigint' },
        { name: 'parent_id', type: 'bigint' },
        { name: 'name', type: 'text' },
        { name: 'amount', type: 'numeric' },
        { name: 'created_at', type: 'timestamp with time zone' },
        ...added.map((name) => ({ name, type: name.startsWith('nth') ? 'bigint' : 'text' })),
      ],
    },
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
