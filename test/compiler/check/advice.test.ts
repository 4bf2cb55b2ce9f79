import assert from 'node:assert/strict';
import type { Step } from '../../../src/spec/spec.ts';
import { readSpec } from '../../../src/spec/read.ts';
import { formatSpec } from '../../../src/spec/write.ts';
import { everyStep, specWith } from '../spec/samples.ts';
import { mended, shopChecker, type Checker } from './support.ts';

describe('advice', () => {
  let check: Checker;
  before(async () => {
    check = await shopChecker();
  });

  /** The codes that a chain of steps brings, but for those about the target. */
  const codesOf = (...steps: readonly Step[]): string[] => {
    const spec = specWith(...steps);
    const payments = { name: 'payments', table: 'shop.payments' };
    const { problems } = check(formatSpec({ ...spec, sources: [...spec.sources, payments] }));
    return problems.map(({ code }) => code).filter((code) => !/^(target|unused|lossy)-/.test(code));
  };
  const filter = (where: string): Step => ({ ...everyStep.filter, where });
  const orderPayments = {
    name: 'paid',
    kind: 'join',
    left: 'orders',
    right: 'payments',
    how: 'left',
    on: [{ left: 'order_id', right: 'order_id' }],
  } as const;
  const total = (from: string, expr: string, ...by: readonly string[]): Step => ({
    name: 'total',
    kind: 'aggregate',
    from,
    by: by.map((name) => ({ name })),
    columns: [{ name: 'value', expr }],
  });

  it('on sums over repeated rows is given where they are repeated, and only there', () => {
    const found = {
      'the repeated side': codesOf(orderPayments, total('paid', 'sum(amount)', 'customer_id')),
      'through other steps': codesOf(
        orderPayments,
        { name: 'named', kind: 'rename', from: 'paid', columns: [{ from: 'amount', to: 'ordered' }] },
        { name: 'net', kind: 'derive', from: 'named', columns: [{ name: 'net', expr: 'ordered / 1.19' }] },
        total('net', 'coalesce(sum(net), 0)', 'customer_id'),
      ),
      'the other side': codesOf(orderPayments, total('paid', 'sum(paid)', 'customer_id')),
      'a function that repetition does not change': codesOf(orderPayments, total('paid', 'max(amount)', 'customer_id')),
      'distinct values': codesOf(orderPayments, total('paid', 'count(distinct order_id)', 'customer_id')),
      'groups of the key': codesOf(orderPayments, total('paid', 'sum(amount)', 'payment_id')),
      'a join on a unique key': codesOf(
        { ...everyStep.join, columns: [{ name: 'amount' }, { name: 'name' }] },
        total('s_join', 'sum(amount)', 'name'),
      ),
      'the sum before the join': codesOf(
        total('payments', 'sum(paid)', 'order_id'),
        { ...orderPayments, right: 'total', name: 'both' },
        { ...total('both', 'sum(amount)', 'customer_id'), name: 'end' },
      ),
    };
    assert.deepEqual(found, {
      'the repeated side': ['fan-out'],
      'through other steps': ['fan-out'],
      'the other side': [],
      'a function that repetition does not change': [],
      'distinct values': [],
      'groups of the key': [],
      'a join on a unique key': [],
      'the sum before the join': [],
    });
  });

  it('on sums over repeated rows comes with the edit that stops the repetition, where nothing else needs the join', () => {
    const mendedBy = (join: Step, aggregate: Step): Step[] | undefined => {
      const spec = specWith(join, aggregate);
      const text = formatSpec({ ...spec, sources: [...spec.sources, { name: 'payments', table: 'shop.payments' }] });
      const problem = check(text).problems.find(({ code }) => code === 'fan-out');
      assert.ok(problem);
      return problem.fix && [...(readSpec(mended(text, problem)).spec?.steps ?? [])];
    };
    const sum = total('paid', 'sum(amount)', 'customer_id');
    assert.deepEqual(mendedBy(orderPayments, sum), [{ ...sum, from: 'orders' }]);
    assert.deepEqual(mendedBy({ ...orderPayments, how: 'inner' }, sum), [{ ...orderPayments, how: 'semi' }, sum]);
    assert.equal(mendedBy(orderPayments, total('paid', 'sum(amount + paid)', 'customer_id')), undefined);
    assert.equal(mendedBy(orderPayments, total('paid', 'sum(paid.amount)', 'customer_id')), undefined);
  });

  it('on keys of types that do not compare comes with a condition that does', () => {
    const join = { ...everyStep.join, how: 'inner', columns: [{ name: 'order_id' }] } as const;
    const [wrong, right] = [
      { left: 'status', right: 'customer_id' },
      { left: 'customer_id', right: 'customer_id' },
    ];
    const conditionsOf = (step: Step): unknown => {
      const text = formatSpec(specWith(step));
      const problem = check(text).problems.find(({ code }) => code === 'key-types');
      const [found] = readSpec(problem ? mended(text, problem) : '').spec?.steps ?? [];
      return found?.kind === 'join' ? { on: found.on, where: found.where } : undefined;
    };
    const test = 'orders.status::text = customers.customer_id::text';
    assert.deepEqual(conditionsOf({ ...join, on: [wrong] }), { on: undefined, where: test });
    assert.deepEqual(conditionsOf({ ...join, on: [right, wrong] }), { on: [right], where: test });
    assert.deepEqual(conditionsOf({ ...join, on: [wrong], where: 'amount > 1' }), {
      on: undefined,
      where: `(amount > 1) and ${test}`,
    });
  });

  it('on orders is given where they leave rows equal', () => {
    const { dedupe, limit } = everyStep;
    assert.deepEqual(codesOf(dedupe), []);
    assert.deepEqual(codesOf({ ...dedupe, order: [{ expr: 'ordered_at' }] }), ['unordered-dedupe']);
    assert.deepEqual(codesOf({ ...dedupe, keys: ['order_id'], order: [{ expr: 'ordered_at' }] }), []);
    assert.deepEqual(codesOf(limit), []);
    assert.deepEqual(codesOf({ ...limit, by: [{ expr: 'amount' }] }), ['unordered-limit']);
    const one = { ...everyStep.select, columns: [{ name: 'amount' }] };
    assert.deepEqual(codesOf(one, { ...limit, from: 's_select', by: [{ expr: 'amount' }] }), []);
  });

  it('on expressions is given for what is seldom meant', () => {
    const said = Object.fromEntries(
      [
        "ordered_at between '2026-01-01' and '2026-01-31'",
        "ordered_at between '2026-01-01' and '2026-01-31 23:59:59'",
        "ordered_at::date between '2026-01-01' and '2026-01-31'",
        'amount between 1 and 2',
        "coupon > '100'",
        "coupon > 'A100'",
        "coupon = '100'",
        "status not in ('a', 'b')",
        "status not in ('a', coupon)",
        'order_id not in (quantity, 1)',
        "status in ('a', coupon)",
        'quantity / 2 > 1',
        'quantity / 2.0 > 1',
      ].map((where) => [where, codesOf(filter(where))]),
    );
    assert.deepEqual(said, {
      "ordered_at between '2026-01-01' and '2026-01-31'": ['between-timestamps'],
      "ordered_at between '2026-01-01' and '2026-01-31 23:59:59'": [],
      "ordered_at::date between '2026-01-01' and '2026-01-31'": [],
      'amount between 1 and 2': [],
      "coupon > '100'": ['text-number-comparison'],
      "coupon > 'A100'": [],
      "coupon = '100'": [],
      "status not in ('a', 'b')": [],
      "status not in ('a', coupon)": ['nullable-not-in'],
      'order_id not in (quantity, 1)': [],
      "status in ('a', coupon)": [],
      'quantity / 2 > 1': ['integer-division'],
      'quantity / 2.0 > 1': [],
    });
  });

  it('on hand-written SQL keeps to one SELECT over its inputs', () => {
    const { sql } = everyStep;
    const said = [
      'select 1 as one',
      'with recent as (select * from orders) select * from recent',
      'select 1; select 2',
      'select * into copy from orders',
      'with gone as (delete from orders returning *) select * from gone',
      'select * from shop.orders',
      'select * from customers',
      'select * from (select 1) as x join orders on true',
    ].map((query) => codesOf({ ...sql, query }).filter((code) => code !== 'described-later'));
    assert.deepEqual(said, [
      [],
      [],
      ['query-not-select'],
      ['query-not-select'],
      ['query-not-select'],
      ['query-input'],
      ['query-input'],
      [],
    ]);
  });
});
