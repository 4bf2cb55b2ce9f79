/**
 * Target and reference in two databases, beside streaming both through COPY:
 * `npx tsx bench/validation/across.ts [ROUNDS] [ROWS...]`. Aim: faster where the rows agree. Needs psql and bash on the PATH.
 *
 * Both databases stand on one machine, so the streams cross no network: over a real one they take longer, and the comparison
 * does not. "COPY to nowhere" moves the rows and looks at none; to compare them they must come in one order.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { compareAcross, type AcrossResult } from '../../src/agents/validation/twoDatabases.ts';
import { columns, inSnapshot, makeOrders, onServer, report, run, takingTurns, type Side } from './support.ts';

const [rounds = 5, ...sizes] = process.argv.slice(2).map(Number);

async function main(): Promise<void> {
  for (const rows of sizes.length > 0 ? sizes : [1_000_000]) {
    await onServer(['source', 'warehouse'], async ([source, warehouse]) => {
      if (source && warehouse) await measure(source, warehouse, rows);
    });
  }
}

async function measure(source: Side, warehouse: Side, rows: number): Promise<void> {
  for (const side of [source, warehouse]) await makeOrders(side, 'orders', rows);
  const both = [source, warehouse].map(({ url }) => url);
  const agreeing = await takingTurns(
    {
      'comparison, rows agree': () => compared(source, warehouse, 0),
      'COPY to nowhere': () => bash(`psql -qc "copy orders to stdout" "$0" > /dev/null & psql -qc "copy orders to stdout" "$1" > /dev/null; wait`, both), // prettier-ignore
      'COPY in order, and cmp': () => bash(`cmp <(${inOrder} "$0") <(${inOrder} "$1")`, both),
    },
    rounds,
  );
  report(`${rows} rows that agree, in two databases (aim: below 1)`, agreeing);
  const wrong = 10;
  await warehouse.postgres.query(`update orders set amount = amount + 1 where order_id <= ${wrong}`);
  const differing = await takingTurns({ 'comparison and changed cells': () => compared(source, warehouse, wrong) }, 1);
  report(`${rows} rows of which ${wrong} differ`, differing);
}

const inOrder = `psql -qc "copy (select * from orders order by order_id) to stdout"`;

const bash = (script: string, values: readonly string[]): Promise<unknown> =>
  promisify(execFile)('bash', ['-c', script, ...values]);

async function compared(source: Side, warehouse: Side, wrong: number): Promise<void> {
  const request = { reference: 'select * from orders', table: 'orders', columns, keys: ['order_id'] };
  const found = await inSnapshot(source, (reference) =>
    inSnapshot(warehouse, (target): Promise<AcrossResult> => compareAcross({ reference, target }, request)),
  );
  if (found.changed !== wrong || found.missing + found.unexpected > 0) throw new Error(JSON.stringify(found));
}

run(main);
