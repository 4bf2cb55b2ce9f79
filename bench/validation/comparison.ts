/**
 * Every row of a target against its reference in one database, beside a bare EXCEPT ALL:
 * `npx tsx bench/validation/comparison.ts [ROUNDS] [ROWS...]`. Aim: at most 1.2 times, where the rows agree.
 *
 * EXCEPT ALL finds what one side lacks; the comparison finds what either lacks, counts both, and shows examples.
 */
import { agrees, compare, type Comparison } from '../../src/agents/comparison.ts';
import { findChanges } from '../../src/agents/validation/changes.ts';
import {
  byHand,
  columns,
  copyShuffled,
  inSnapshot,
  makeOrders,
  onServer,
  report,
  run,
  takingTurns,
  type Side,
} from './support.ts';

const [rounds = 5, ...sizes] = process.argv.slice(2).map(Number);

async function main(): Promise<void> {
  for (const rows of sizes.length > 0 ? sizes : [1_000_000]) {
    await onServer(['orders'], async ([side]) => {
      if (side) await measure(side, rows);
    });
  }
}

async function measure(side: Side, rows: number): Promise<void> {
  await makeOrders(side, 'expected', rows);
  await copyShuffled(side, 'expected', 'target');
  const agreeing = await takingTurns(
    {
      'comparison, rows agree': () => compared(side, rows, 0),
      'EXCEPT ALL': () => exceptAll(side, 0),
    },
    rounds,
  );
  report(`${rows} rows that agree (aim: at most 1.2 times)`, agreeing);
  if (rows > 1_000_000) return;
  const wrong = Math.ceil(rows / 1000);
  await side.postgres.query(`update target set amount = amount + 1 where order_id % 1000 = 1`);
  const differing = await takingTurns(
    {
      'comparison and changed cells': () => compared(side, rows, wrong),
      'EXCEPT ALL': () => exceptAll(side, wrong),
    },
    rounds,
  );
  report(`${rows} rows of which ${wrong} differ`, differing);
}

async function compared(side: Side, rows: number, wrong: number): Promise<void> {
  const request = { table: 'target', reference: 'select * from expected', columns };
  const found = await inSnapshot(side, async (snapshot): Promise<Comparison> => {
    const comparison = await compare({ select: (sql) => snapshot.select(sql) }, request, snapshot.signal);
    const { changed } = agrees(comparison) ? { changed: 0 } : await findChanges(snapshot, request, ['order_id']);
    if (changed !== wrong) throw new Error(`${changed} changed rows instead of ${wrong}.`);
    return comparison;
  });
  if (found.missing !== wrong || found.expectedRows !== rows) throw new Error(JSON.stringify(found));
}

async function exceptAll(side: Side, wrong: number): Promise<void> {
  const sql = 'select count(*)::int as n from (select * from expected except all select * from target) as missing';
  const [row] = await byHand<{ n: number }>(side, sql);
  if (row?.n !== wrong) throw new Error(JSON.stringify(row));
}

run(main);
