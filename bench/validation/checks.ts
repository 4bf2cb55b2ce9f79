/**
 * 20 usual checks of a table, beside one SQL aggregate by hand that answers the same 20 questions, and Great Expectations:
 * `npx tsx bench/validation/checks.ts [ROUNDS] [ROWS]`. Aims: at most 1.2 times the first, and 3 times faster than the second.
 *
 * Great Expectations, pinned by requirements-great-expectations.txt, is installed by pip into an environment of its own. It
 * answers over psycopg2 from a process that is running already: in its usual form, which counts rows as DataMorph does, and in
 * its fastest one, which says of each check whether it holds and nothing else.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { cacheRoot, digest, installOnce } from '../../scripts/setup/cache.mjs';
import { createLog } from '../../scripts/setup/log.mjs';
import { ensurePython } from '../../scripts/setup/python.mjs';
import { run as runCommand } from '../../scripts/setup/run.mjs';
import { rulesOf } from '../../src/agents/validation/rules.ts';
import { testRules } from '../../src/agents/validation/testRules.ts';
import type { ResolvedTarget } from '../../src/compiler/resolved.ts';
import type { Check } from '../../src/spec/spec.ts';
import {
  byHand,
  columns,
  customers,
  inSnapshot,
  makeOrders,
  onServer,
  report,
  run,
  takingTurns,
  type Side,
} from './support.ts';

const [rounds = 5, rows = 1_000_000] = process.argv.slice(2).map(Number);
const folder = fileURLToPath(new URL('./', import.meta.url));

const checks: readonly Check[] = [
  ...['order_id', 'customer_id', 'code', 'status', 'amount', 'placed_at'].map((column): Check => ({ kind: 'notNull', column })), // prettier-ignore
  { kind: 'accepted', column: 'status', values: ['new', 'paid', 'shipped', 'returned'] },
  { kind: 'accepted', column: 'channel', values: ['web', 'shop', 'phone'] },
  { kind: 'accepted', column: 'currency', values: ['EUR', 'USD', 'GBP', 'CHF', 'JPY'] },
  { kind: 'range', column: 'quantity', min: 1, max: 20 },
  { kind: 'range', column: 'amount', min: 0, max: 1000 },
  { kind: 'range', column: 'discount', min: 0, max: 1 },
  { kind: 'range', column: 'day', min: '2024-01-01', max: '2025-12-31' },
  { kind: 'range', column: 'placed_at', min: '2024-01-01T00:00:00Z' },
  { kind: 'unique', columns: ['order_id'] },
  { kind: 'unique', columns: ['code'] },
  { kind: 'references', columns: ['customer_id'], table: 'customers', tableColumns: ['id'] },
  { kind: 'rowCount', min: rows, max: rows },
  { kind: 'sql', query: `select * from target where status = 'paid' and amount < 0` },
  { kind: 'sql', query: 'select * from target where gift and quantity > 20' },
];

/** As a person who knows SQL would ask all of it at once. */
const hand = `select count(*) filter (where order_id is null) a1, count(*) filter (where customer_id is null) a2,
  count(*) filter (where code is null) a3, count(*) filter (where status is null) a4,
  count(*) filter (where amount is null) a5, count(*) filter (where placed_at is null) a6,
  count(*) filter (where status not in ('new', 'paid', 'shipped', 'returned')) a7,
  count(*) filter (where channel not in ('web', 'shop', 'phone')) a8,
  count(*) filter (where currency not in ('EUR', 'USD', 'GBP', 'CHF', 'JPY')) a9,
  count(*) filter (where quantity not between 1 and 20) a10, count(*) filter (where amount not between 0 and 1000) a11,
  count(*) filter (where discount not between 0 and 1) a12,
  count(*) filter (where day not between '2024-01-01' and '2025-12-31') a13,
  count(*) filter (where placed_at < '2024-01-01T00:00:00Z') a14,
  (select count(*) from (select from orders group by order_id having count(*) > 1) as twice) a15,
  (select count(*) from (select from orders group by code having count(*) > 1) as twice) a16,
  (select count(*) from orders where customer_id is not null
    and not exists (select from customers where id = customer_id)) a17,
  count(*) - ${rows} a18, count(*) filter (where status = 'paid' and amount < 0) a19,
  count(*) filter (where gift and quantity > 20) a20
from orders`;

async function main(): Promise<void> {
  const python = await ensureGreatExpectations();
  await onServer(['orders'], async ([side]) => {
    if (!side) return;
    await makeOrders(side, 'orders', rows);
    await side.postgres.query(`create table customers as select n as id from generate_series(1, ${customers}) n`);
    await side.postgres.query('alter table customers add primary key (id)');
    await side.postgres.query('vacuum analyze customers');
    const other = startGreatExpectations(python, side);
    try {
      const ways = {
        DataMorph: () => tested(side),
        'SQL by hand': () => asked(side),
        'Great Expectations': () => other.round('SUMMARY'),
        'Great Expectations, yes or no': () => other.round('BOOLEAN_ONLY'),
      };
      report(`20 checks of ${rows} rows (aims: at most 1.2 times, at most a third)`, await takingTurns(ways, rounds));
    } finally {
      await other.end();
    }
  });
}

async function tested(side: Side): Promise<void> {
  const rules = rulesOf(checks, { target: { mode: 'replace' }, columns: [] } as unknown as ResolvedTarget);
  // As the validator gives it to the rules.
  const target = { table: '(select * from orders)', columns };
  const results = await inSnapshot(side, (snapshot) => testRules(snapshot, rules, target));
  const other = results.filter(({ kind }) => kind !== 'passed');
  if (results.length !== 20 || other.length > 0) throw new Error(JSON.stringify(other));
}

async function asked(side: Side): Promise<void> {
  const [row] = await byHand<Readonly<Record<string, string>>>(side, hand);
  const answers = Object.values(row ?? {});
  if (answers.length !== 20 || answers.some((answer) => answer !== '0')) throw new Error(JSON.stringify(row));
}

interface Other {
  /** Seconds, as it tells them. */
  round(form: string): Promise<number>;
  end(): Promise<void>;
}

function startGreatExpectations(python: string, { url }: Side): Other {
  const script = join(folder, 'usual_checks.py');
  // SQLAlchemy's name of the driver that is pinned.
  const address = url.replace(/^postgres(ql)?:/, 'postgresql+psycopg2:');
  const child = spawn(python, [script, address, 'orders', JSON.stringify(checks)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async round(form) {
      child.stdin.write(`${form}\n`);
      const line: IteratorResult<string, undefined> = await lines.next();
      if (line.done === true) throw new Error('Great Expectations has ended.');
      const { seconds, failed } = JSON.parse(line.value) as {
        readonly seconds: number;
        readonly failed: readonly string[];
      };
      if (failed.length > 0) throw new Error(`Great Expectations: ${failed.join(', ')}`);
      return seconds;
    },
    async end() {
      if (child.exitCode !== null) return;
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

async function ensureGreatExpectations(): Promise<string> {
  const log = createLog({ file: join(cacheRoot(), 'great-expectations.log') });
  const requirements = join(folder, 'requirements-great-expectations.txt');
  const { python } = await ensurePython({ log });
  const name = `great-expectations-${digest(python, readFileSync(requirements))}`;
  const { folder: home } = await installOnce(
    join(cacheRoot(), name),
    async (target) => {
      const what = 'Installing Great Expectations';
      await runCommand(python, ['-m', 'venv', target], { log, what });
      await runCommand(pythonIn(target), ['-m', 'pip', 'install', '--no-input', '-r', requirements], { log, what });
    },
    { movable: false },
  );
  return pythonIn(home);
}

const pythonIn = (venv: string): string =>
  process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');

run(main);
