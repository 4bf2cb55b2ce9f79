/** For every code a document that has the problem: what docs/problems.md shows, and what the tests mend. */
import type { CatalogueCode } from '../../../src/compiler/check/codes.ts';
import type { ShapeCode } from '../../../src/spec/problemCodes.ts';
import { formatSpec } from '../../../src/spec/write.ts';
import type { Spec } from '../../../src/spec/spec.ts';

type Json = Readonly<Record<string, unknown>>;

const orders = { name: 'orders', table: 'shop.orders' };
const customers = { name: 'customers', table: 'shop.customers' };
const payments = { name: 'payments', table: 'shop.payments' };
const id = { name: 'order_id', type: 'integer' };
const open = { name: 'open', kind: 'filter', from: 'orders', where: "status = 'open'" };
const target = { table: 'mart.orders', from: 'orders', mode: 'replace', columns: [id] };

/** A document of the language, or nearly. */
const written = (parts: Json): string =>
  formatSpec({ version: 1, name: 'example', sources: [orders], steps: [], target, ...parts } as unknown as Spec);

/** Steps over orders and customers; the target reads the last. */
const steps = (...list: readonly Json[]): string => stepsInto([id], list);

function stepsInto(columns: readonly Json[], list: readonly Json[]): string {
  const text = JSON.stringify(list);
  const read = (name: string): boolean => text.includes(`"${name}"`);
  const sources = [orders, customers, payments].filter(({ name }) => read(name));
  return written({ sources, steps: list, target: { ...target, columns, from: list.at(-1)?.['name'] } });
}

const intoTarget = (parts: Json): string => written({ target: { ...target, ...parts } });
const withCheck = (check: Json): string => written({ checks: [check] });
const derived = (expr: string): string =>
  steps({ name: 'more', kind: 'derive', from: 'orders', columns: [{ name: 'value', expr }] });
const filtered = (where: string): string => steps({ name: 'some', kind: 'filter', from: 'orders', where });
const joined = (more: Json): string =>
  steps({ name: 'both', kind: 'join', left: 'orders', right: 'customers', how: 'inner', ...more });

const totals = [
  { name: 'customer_id', type: 'integer' },
  { name: 'total', type: 'numeric' },
];
const onCustomer = [{ left: 'customer_id', right: 'customer_id' }];
const orderId = [{ name: 'order_id' }];

export const shapeExamples: Readonly<Record<ShapeCode, string>> = {
  syntax: written({}).replace('"name": "example",', '"name": "example"'),
  'too-deep': `{ "version": 1, "steps": ${'['.repeat(101)}${']'.repeat(101)} }\n`,
  'duplicate-key': written({}).replace('"name": "example",', '"name": "example",\n  "name": "other",'),
  version: written({ version: 2 }),
  'unknown-property': steps({ ...open, filter: 'true' }),
  'missing-property': steps({ name: 'open', kind: 'filter', from: 'orders' }),
  'wrong-type': steps({ name: 'some', kind: 'limit', from: 'orders', count: '10', by: [{ expr: 'order_id' }] }),
  'unknown-kind': steps({ ...open, kind: 'filtre' }),
  'unknown-value': intoTarget({ mode: 'overwrite' }),
  'empty-text': steps({ ...open, where: '' }),
  'empty-list': steps({ name: 'few', kind: 'select', from: 'orders', columns: [] }),
  'out-of-range': steps({ name: 'some', kind: 'limit', from: 'orders', count: -1, by: [{ expr: 'order_id' }] }),
  'name-too-long': steps({ ...open, name: 'orders_that_are_still_open_and_have_not_been_cancelled_by_anybody' }),
  'invalid-character': steps({ ...open, where: "status = 'a\u0000'" }),
  'table-name': written({ sources: [{ name: 'orders', table: 'my orders' }] }),
  'unknown-type': intoTarget({ columns: [{ name: 'order_id', type: 'int64' }] }),
  'duplicate-name': steps(open, { ...open, where: "status = 'paid'" }),
  'duplicate-column': intoTarget({ columns: [id, id] }),
  'unknown-reference': steps({ ...open, from: 'order' }),
  cycle: steps({ ...open, from: 'late' }, { name: 'late', kind: 'distinct', from: 'open' }),
  'later-reference': steps({ name: 'once', kind: 'distinct', from: 'open' }, open).replace(
    '"from": "open", "mode"',
    '"from": "once", "mode"',
  ),
  'unused-step': written({ steps: [open] }),
  'unused-source': written({ sources: [orders, customers] }),
  'property-not-used': intoTarget({ history: { validFrom: 'valid_from', validTo: 'valid_to' } }),
  'join-condition': joined({ columns: orderId }),
  'cross-join-condition': joined({ how: 'cross', on: onCustomer, columns: orderId }),
  'same-qualifier': joined({ right: 'orders', on: [{ left: 'order_id', right: 'order_id' }], columns: orderId }),
  'missing-order': steps({
    name: 'filled',
    kind: 'fill',
    from: 'orders',
    columns: [{ name: 'status', with: { carry: 'forward' } }],
  }),
  'missing-keys': intoTarget({ mode: 'upsert' }),
  'missing-history': intoTarget({ mode: 'history', keys: ['order_id'] }),
  'unknown-target-column': withCheck({ kind: 'notNull', column: 'orderid' }),
  'missing-bounds': withCheck({ kind: 'rowCount' }),
  'empty-range': withCheck({ kind: 'range', column: 'order_id', min: 10, max: 1 }),
  'length-mismatch': withCheck({
    kind: 'references',
    columns: ['order_id'],
    table: 'shop.payments',
    tableColumns: ['order_id', 'code'],
  }),
  'python-function': steps({
    name: 'own',
    kind: 'python',
    inputs: ['orders'],
    code: 'orders.distinct()',
    columns: [id],
  }),
};

export const catalogueExamples: Readonly<Record<CatalogueCode, string>> = {
  'unknown-table': written({ sources: [{ name: 'orders', table: 'shop.order' }] }),
  'unknown-column': steps({ name: 'few', kind: 'select', from: 'orders', columns: [{ name: 'orderid' }] }),
  'column-collision': joined({ on: onCustomer }),
  'key-types': steps({
    name: 'both',
    kind: 'join',
    left: 'orders',
    right: 'customers',
    how: 'inner',
    on: [{ left: 'status', right: 'customer_id' }],
    columns: orderId,
  }),
  'no-equality': steps({ name: 'once', kind: 'distinct', from: 'orders' }),
  'column-count': stepsInto(
    [{ name: 'customer_id', type: 'integer' }],
    [
      { name: 'buyers', kind: 'select', from: 'orders', columns: [{ name: 'customer_id' }] },
      { name: 'all', kind: 'union', inputs: ['buyers', 'customers'] },
    ],
  ),
  'union-types': steps({
    name: 'facts',
    kind: 'unpivot',
    from: 'orders',
    columns: ['status', 'amount'],
    nameColumn: 'fact',
    valueColumn: 'value',
  }),
  'boolean-expected': filtered('amount'),
  'array-expected': steps({ name: 'tags', kind: 'explode', from: 'orders', expr: 'status', as: 'tag' }),
  'series-types': steps({ name: 'days', kind: 'series', start: "'2026-01-01'", stop: "'2026-12-31'", as: 'day' }),
  'missing-group-key': stepsInto(totals, [
    {
      name: 'totals',
      kind: 'aggregate',
      from: 'orders',
      by: [{ name: 'customer_id' }],
      columns: [
        { name: 'state', expr: 'status' },
        { name: 'total', expr: 'sum(amount)' },
      ],
    },
  ]),
  'query-syntax': steps({ name: 'own', kind: 'sql', inputs: ['orders'], query: 'select order_id form orders o' }),
  'query-not-select': steps({ name: 'own', kind: 'sql', inputs: ['orders'], query: 'delete from orders' }),
  'query-input': steps({ name: 'own', kind: 'sql', inputs: ['orders'], query: 'select order_id from order' }).replace(
    'from order"',
    'from orderss"',
  ),
  'described-later': steps({ name: 'own', kind: 'sql', inputs: ['orders'], query: 'select order_id from orders' }),
  'table-changed': written({ sources: [{ ...orders, fingerprint: '0123456789abcdef' }] }),
  'watermark-type': written({ sources: [{ ...orders, incremental: { watermark: 'status' } }] }),
  'watermark-nullable': written({ sources: [{ ...orders, incremental: { watermark: 'changed_at' } }] }),
  'target-is-source': intoTarget({ table: 'shop.orders', columns: [id] }),
  'target-column-missing': intoTarget({ columns: [{ name: 'orderid', type: 'integer' }] }),
  'target-column-unused': intoTarget({}),
  'target-type': intoTarget({ columns: [{ name: 'ordered_at', type: 'integer' }] }),
  'lossy-type': intoTarget({ columns: [{ name: 'amount', type: 'numeric(10,0)' }] }),
  'open-digits': stepsInto(
    [{ name: 'share', type: 'numeric' }],
    [{ name: 'shares', kind: 'derive', from: 'orders', columns: [{ name: 'share', expr: 'amount / quantity' }] }],
  ),
  'target-nullable': intoTarget({ columns: [{ name: 'status', type: 'text', nullable: false }] }),
  'target-table-column': intoTarget({
    table: 'mart.existing',
    columns: [{ name: 'status', type: 'text' }],
  }),
  'target-table-type': intoTarget({ table: 'mart.existing', columns: [{ name: 'customer_id', type: 'bigint' }] }),
  'target-table-required': intoTarget({ table: 'mart.existing', columns: [{ name: 'customer_id', type: 'integer' }] }),
  'target-table-key': written({
    steps: [{ name: 'totals', kind: 'rename', from: 'orders', columns: [{ from: 'amount', to: 'total' }] }],
    target: {
      table: 'mart.existing',
      from: 'totals',
      mode: 'upsert',
      keys: ['total'],
      columns: [
        { name: 'customer_id', type: 'integer' },
        { name: 'total', type: 'numeric(12,2)' },
      ],
    },
  }),
  'target-keys-unproven': intoTarget({
    mode: 'upsert',
    keys: ['customer_id'],
    columns: [{ name: 'customer_id', type: 'integer' }],
  }),
  'fan-out': stepsInto(totals, [
    {
      name: 'paid',
      kind: 'join',
      left: 'orders',
      right: 'payments',
      how: 'left',
      on: [{ left: 'order_id', right: 'order_id' }],
    },
    {
      name: 'totals',
      kind: 'aggregate',
      from: 'paid',
      by: [{ name: 'customer_id' }],
      columns: [{ name: 'total', expr: 'sum(amount)' }],
    },
  ]),
  'many-to-many': joined({
    right: 'payments',
    on: [{ left: 'coupon', right: 'code' }],
    columns: [{ name: 'order_id', expr: 'orders.order_id' }],
  }),
  'unordered-limit': steps({ name: 'some', kind: 'limit', from: 'orders', count: 10 }),
  'unordered-dedupe': steps({
    name: 'latest',
    kind: 'dedupe',
    from: 'orders',
    keys: ['customer_id'],
    order: [{ expr: 'ordered_at', direction: 'desc' }],
  }),
  'nullable-not-in': filtered("status not in ('paid', coupon)"),
  'text-number-comparison': filtered("coupon > '9'"),
  'between-timestamps': filtered("ordered_at between '2026-01-01' and '2026-01-31'"),
  'postgres-error': steps({ name: 'own', kind: 'sql', inputs: ['orders'], query: 'select order_idd from orders' }),
  'described-differently': derived('amount * 2'),
};
