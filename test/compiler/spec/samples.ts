/** Specs that several tests read: together they say every kind of step, target and check. */
import type { Check, Spec, Step, StepKind, Target } from '../../../src/spec/spec.ts';

export const orders = { name: 'orders', table: 'shop.orders' } as const;
export const customers = { name: 'customers', table: 'shop.customers' } as const;

/** One step of each kind, over `orders` and `customers`. */
export const everyStep: { readonly [Kind in StepKind]: Extract<Step, { kind: Kind }> } = {
  filter: { name: 's_filter', kind: 'filter', from: 'orders', where: "status <> 'cancelled'" },
  derive: { name: 's_derive', kind: 'derive', from: 'orders', columns: [{ name: 'net', expr: 'amount / 1.19' }] },
  select: {
    name: 's_select',
    kind: 'select',
    from: 'orders',
    columns: [{ name: 'order_id' }, { name: 'customer', expr: 'customer_id' }],
  },
  rename: { name: 's_rename', kind: 'rename', from: 'orders', columns: [{ from: 'amount', to: 'total' }] },
  join: {
    name: 's_join',
    kind: 'join',
    left: 'orders',
    right: 'customers',
    how: 'left',
    on: [{ left: 'customer_id', right: 'customer_id' }],
    note: 'Every order keeps its row.',
  },
  aggregate: {
    name: 's_aggregate',
    kind: 'aggregate',
    from: 'orders',
    by: [{ name: 'customer_id' }, { name: 'month', expr: "date_trunc('month', ordered_at)" }],
    columns: [{ name: 'total', expr: 'sum(amount)' }],
  },
  window: {
    name: 's_window',
    kind: 'window',
    from: 'orders',
    columns: [{ name: 'nth', expr: 'row_number() over (partition by customer_id order by ordered_at, order_id)' }],
  },
  sort: { name: 's_sort', kind: 'sort', from: 'orders', by: [{ expr: 'amount', direction: 'desc', nulls: 'last' }] },
  limit: { name: 's_limit', kind: 'limit', from: 'orders', count: 10, offset: 5, by: [{ expr: 'order_id' }] },
  distinct: { name: 's_distinct', kind: 'distinct', from: 'orders' },
  dedupe: {
    name: 's_dedupe',
    kind: 'dedupe',
    from: 'orders',
    keys: ['customer_id'],
    order: [{ expr: 'ordered_at', direction: 'desc' }, { expr: 'order_id' }],
    keep: 'first',
  },
  union: { name: 's_union', kind: 'union', inputs: ['orders', 's_filter'], all: true, byName: true },
  intersect: { name: 's_intersect', kind: 'intersect', left: 'orders', right: 's_filter' },
  except: { name: 's_except', kind: 'except', left: 'orders', right: 's_filter', all: true },
  pivot: {
    name: 's_pivot',
    kind: 'pivot',
    from: 'orders',
    by: ['customer_id'],
    column: 'status',
    values: [
      { value: 'paid', name: 'paid' },
      { value: null, name: 'unknown' },
    ],
    aggregate: 'sum(amount)',
  },
  unpivot: {
    name: 's_unpivot',
    kind: 'unpivot',
    from: 's_pivot',
    columns: ['paid', 'unknown'],
    nameColumn: 'status',
    valueColumn: 'amount',
    keepNulls: true,
  },
  explode: {
    name: 's_explode',
    kind: 'explode',
    from: 'orders',
    expr: 'tags',
    as: 'tag',
    position: 'tag_number',
    keepEmpty: true,
  },
  fill: {
    name: 's_fill',
    kind: 'fill',
    from: 'orders',
    columns: [
      { name: 'amount', with: '0' },
      { name: 'status', with: { carry: 'forward' } },
    ],
    partitionBy: ['customer_id'],
    orderBy: [{ expr: 'order_id' }],
  },
  series: {
    name: 's_series',
    kind: 'series',
    start: "date '2026-01-01'",
    stop: "date '2026-12-31'",
    step: "interval '1 day'",
    as: 'day',
  },
  hierarchy: {
    name: 's_hierarchy',
    kind: 'hierarchy',
    from: 'customers',
    key: 'customer_id',
    parent: 'referred_by',
    startWith: 'referred_by is null',
    level: 'level',
    path: 'path',
    root: 'root',
    separator: '>',
    maxDepth: 20,
  },
  sql: {
    name: 's_sql',
    kind: 'sql',
    inputs: ['orders'],
    query: 'select customer_id, count(*) as orders from orders group by 1',
  },
  python: {
    name: 's_python',
    kind: 'python',
    inputs: ['orders'],
    code: 'def keep(orders):\n    return orders\n',
    columns: [{ name: 'order_id', type: 'integer' }],
    sql: 'select order_id from orders',
  },
};

export const everyCheck: readonly Check[] = [
  { kind: 'notNull', column: 'customer_id', name: 'known customers' },
  { kind: 'unique', columns: ['customer_id'] },
  { kind: 'accepted', column: 'status', values: ['paid', 'open'], severity: 'warning' },
  { kind: 'range', column: 'total', min: 0, max: '1000000' },
  { kind: 'references', columns: ['customer_id'], table: 'shop.customers', tableColumns: ['customer_id'] },
  { kind: 'rowCount', min: 1, max: 100 },
  { kind: 'sql', query: 'select * from target where total < 0' },
];

export const target: Target = {
  table: 'mart.totals',
  from: 'orders',
  mode: 'replace',
  keys: ['customer_id'],
  columns: [
    { name: 'customer_id', type: 'integer', nullable: false },
    { name: 'status', type: 'text' },
    { name: 'total', type: 'numeric(12,2)' },
  ],
};

/** Every kind of step and check in one document that has no errors. */
export const everything: Spec = {
  version: 1,
  name: 'everything',
  prompt: 'Say all that can be said.',
  assumptions: ['Amounts are in euros.'],
  sources: [
    { ...orders, columns: ['order_id', 'customer_id', 'status', 'amount', 'ordered_at', 'tags'] },
    {
      ...customers,
      connection: 'shop',
      incremental: { watermark: 'changed_at', initial: '2026-01-01', lateness: '1 hour' },
    },
  ],
  steps: Object.values(everyStep),
  target,
  checks: everyCheck,
};

/** A small spec around one step, which the target reads. */
export function specWith(...steps: readonly Step[]): Spec {
  return {
    version: 1,
    name: 'sample',
    sources: [orders, customers],
    steps,
    target: { ...target, from: steps.at(-1)?.name ?? 'orders' },
  };
}
