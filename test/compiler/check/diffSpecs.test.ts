import assert from 'node:assert/strict';
import { diffSpecs } from '../../../src/compiler/diffSpecs.ts';
import type { Spec, Step } from '../../../src/spec/spec.ts';
import { everyStep, everything, specWith } from '../spec/samples.ts';

const { aggregate, dedupe, derive, fill, filter, join, limit, pivot, rename, sql } = everyStep;

const changes = (before: Step, after: Step): string[] => diffSpecs(specWith(before), specWith(after));

describe('the difference of two specs', () => {
  it('is nothing where they say the same in another order of properties', () => {
    const shuffled = JSON.parse(JSON.stringify(everything)) as Spec;
    assert.deepEqual(diffSpecs(everything, { ...shuffled, target: { ...shuffled.target } }), []);
  });

  it('tells what a step does otherwise', () => {
    const told = [
      changes(aggregate, { ...aggregate, by: [...aggregate.by, { name: 'country' }] }),
      changes(aggregate, { ...aggregate, by: [], columns: [{ name: 'total', expr: 'sum(net)' }] }),
      changes(filter, { ...filter, where: 'paid' }),
      changes(join, { ...join, how: 'inner', on: [{ left: 'a', right: 'b' }], nullSafe: true }),
      changes(join, { ...join, where: 'x > 1' }),
      changes(derive, { ...derive, columns: [...derive.columns, { name: 'gross', expr: 'net * 1.19' }] }),
      changes(rename, { ...rename, columns: [{ from: 'amount', to: 'sum' }] }),
      changes(dedupe, { ...dedupe, keys: ['customer_id', 'status'], keep: 'last' }),
      changes(limit, { ...limit, count: 3, by: [{ expr: 'order_id', direction: 'desc' }] }),
      changes(fill, {
        ...fill,
        columns: [
          { name: 'amount', with: '1' },
          { name: 'status', with: { carry: 'forward' } },
        ],
      }),
      changes(pivot, { ...pivot, values: [...pivot.values, { value: 'open', name: 'open' }] }),
      changes(sql, { ...sql, query: 'select 1' }),
      changes(sql, { ...sql, note: 'By hand.' }),
      changes(filter, { name: filter.name, kind: 'distinct', from: 'orders' }),
    ];
    assert.deepEqual(told, [
      ['step s_aggregate: now also groups by country'],
      [
        'step s_aggregate: no longer groups by customer_id and month',
        'step s_aggregate: total is sum(net) instead of sum(amount)',
      ],
      ["step s_filter: keeps rows where paid instead of status <> 'cancelled'"],
      [
        'step s_join: is now inner instead of left',
        'step s_join: now also matches a = b',
        'step s_join: no longer matches customer_id',
        'step s_join: nullSafe is now true',
      ],
      ['step s_join: now also demands x > 1'],
      ['step s_derive: now also computes gross (net * 1.19)'],
      ['step s_rename: amount is sum instead of total'],
      ['step s_dedupe: now also tells rows apart by status', 'step s_dedupe: keep is last instead of first'],
      ['step s_limit: keeps 3 rows instead of 10', 'step s_limit: order_id is desc instead of itself'],
      ['step s_fill: amount is 1 instead of 0'],
      ['step s_pivot: now also has a column for open'],
      ['step s_sql: has another query'],
      ['step s_sql: has another note'],
      ['step s_filter: is now distinct instead of filter'],
    ]);
  });

  it('tells of sources, target, checks and the order of steps', () => {
    const [orders, customers] = everything.sources;
    assert.ok(orders && customers);
    const { connection, incremental, ...plainCustomers } = customers;
    assert.ok(connection !== undefined && incremental);
    const after: Spec = {
      ...everything,
      name: 'nightly',
      sources: [{ ...orders, table: 'shop.all_orders', columns: ['order_id', 'tags', 'coupon'] }, plainCustomers],
      steps: [...everything.steps.slice(1), everyStep.filter],
      target: {
        ...everything.target,
        mode: 'upsert',
        from: 's_filter',
        columns: [
          { name: 'customer_id', type: 'bigint', nullable: false },
          { name: 'status', type: 'text' },
          { name: 'country', type: 'text' },
        ],
      },
      checks: [...(everything.checks ?? []).slice(1), { kind: 'unique', columns: ['status'] }],
    };
    assert.deepEqual(diffSpecs(everything, after), [
      'the job: is now called "nightly"',
      'source orders: reads shop.all_orders instead of shop.orders',
      'source orders: now also reads coupon',
      'source orders: no longer reads customer_id, status, amount and ordered_at',
      'source customers: reads the default connection',
      'source customers: is read whole again',
      'the steps stand in another order',
      'target: takes its rows from s_filter instead of orders',
      'target: is upserted instead of replaced',
      'target: now also has country (text)',
      'target: no longer has total',
      'target: customer_id is bigint, nullable false instead of integer, nullable false',
      'check "known customers": removed',
      'check unique status: new',
    ]);
  });

  it('tells of steps that come and go', () => {
    assert.deepEqual(diffSpecs(specWith(filter), specWith(join)), [
      'step s_filter: removed',
      'step s_join: new, join of orders and customers',
      'target: takes its rows from s_join instead of s_filter',
    ]);
  });

  it('says something of any two specs that differ', () => {
    for (const before of Object.values(everyStep)) {
      for (const after of Object.values(everyStep)) {
        const told = diffSpecs(specWith(before), specWith({ ...after, name: before.name }));
        assert.equal(told.length > 0, before !== after, `${before.kind} to ${after.kind}`);
      }
    }
  });
});
