/** Specs over the shop where the golden ones leave a family of faults thin: time zones, rounding, frames, NULLs in conditions. */
import type { Spec, Step, TargetColumn } from '../../../src/spec/spec.ts';

const spec = (name: string, sources: readonly string[], steps: readonly Step[], columns: readonly string[]): Spec => ({
  version: 1,
  name,
  sources: sources.map((source) => ({ name: source, table: `public.${source}` })),
  steps,
  target: {
    table: `public.${name.replaceAll('-', '_')}`,
    from: steps.at(-1)?.name ?? '',
    mode: 'replace',
    columns: columns.map((column): TargetColumn => {
      const [first = '', ...type] = column.split(' ');
      return { name: first, type: type.join(' ') };
    }),
  },
});

export const ownSpecs: readonly Spec[] = [
  spec(
    'own-days-shipped',
    ['orders'],
    [
      { name: 'sent', kind: 'filter', from: 'orders', where: "shipped_at is not null and shipped_at >= timestamptz '2026-01-11 00:00:00+00' and status in ('paid', 'open')" }, // prettier-ignore
      {
        name: 'dated',
        kind: 'derive',
        from: 'sent',
        columns: [
          { name: 'sent_on', expr: "cast(shipped_at at time zone 'UTC' as date)" },
          { name: 'ordered_on', expr: 'cast(ordered_at as date)' },
          { name: 'hour_of_order', expr: 'cast(extract(hour from ordered_at) as integer)' },
          { name: 'price', expr: 'round(amount * (1 - coalesce(discount, 0)), 2)' },
        ],
      },
      {
        name: 'days',
        kind: 'aggregate',
        from: 'dated',
        by: [{ name: 'sent_on' }, { name: 'status' }],
        columns: [
          { name: 'sent_orders', expr: 'count(*)' },
          { name: 'known_customers', expr: 'count(distinct customer_id)' },
          { name: 'price', expr: 'sum(price)' },
          { name: 'first_order', expr: 'min(ordered_on)' },
          { name: 'latest_hour', expr: 'max(hour_of_order)' },
        ],
      },
    ],
    ['sent_on date', 'status text', 'sent_orders bigint', 'known_customers bigint', 'price numeric(14,2)', 'first_order date', 'latest_hour integer'], // prettier-ignore
  ),
  spec(
    'own-running',
    ['orders'],
    [
      {
        name: 'known',
        kind: 'filter',
        from: 'orders',
        where: 'customer_id is not null and amount between 10.00 and 9000',
      },
      {
        name: 'running',
        kind: 'window',
        from: 'known',
        columns: [
          { name: 'so_far', expr: 'sum(amount) over (partition by customer_id order by ordered_at, order_id rows between unbounded preceding and current row)' }, // prettier-ignore
          { name: 'moving', expr: 'max(amount) over (partition by customer_id order by ordered_at, order_id rows between 2 preceding and current row)' }, // prettier-ignore
          { name: 'standing', expr: 'rank() over (partition by status order by amount desc nulls last)' },
          { name: 'dense', expr: 'dense_rank() over (partition by status order by amount desc nulls last)' },
          { name: 'next_status', expr: 'lead(status) over (partition by customer_id order by ordered_at, order_id)' },
        ],
      },
      { name: 'high', kind: 'filter', from: 'running', where: 'standing <= 20 or so_far > 8000' },
    ],
    [
      'order_id bigint',
      'so_far numeric(14,2)',
      'moving numeric(12,2)',
      'standing bigint',
      'dense bigint',
      'next_status text',
    ],
  ),
  spec(
    'own-shares',
    ['orders', 'items', 'products'],
    [
      { name: 'priced', kind: 'derive', from: 'items', columns: [{ name: 'worth', expr: 'price * coalesce(quantity, 1)' }, { name: 'boxes', expr: 'coalesce(quantity, 0) / 2' }] }, // prettier-ignore
      { name: 'lines', kind: 'join', left: 'priced', right: 'orders', how: 'inner', on: [{ left: 'order_id', right: 'order_id' }] }, // prettier-ignore
      { name: 'wanted', kind: 'filter', from: 'lines', where: "(status = 'paid' or status = 'open') and worth >= 10 and not (units is null)" }, // prettier-ignore
      { name: 'named', kind: 'join', left: 'wanted', right: 'products', how: 'left', on: [{ left: 'product_id', right: 'product_id' }] }, // prettier-ignore
      {
        name: 'per_product',
        kind: 'aggregate',
        from: 'named',
        by: [{ name: 'product_id' }, { name: 'name' }],
        columns: [
          { name: 'lines', expr: 'count(*)' },
          { name: 'counted', expr: 'count(quantity)' },
          { name: 'orders', expr: 'count(distinct order_id)' },
          { name: 'worth', expr: 'sum(worth)' },
          { name: 'boxes', expr: 'sum(boxes)' },
          { name: 'mean_units', expr: 'round(avg(units), 2)' },
        ],
      },
      {
        name: 'shares',
        kind: 'derive',
        from: 'per_product',
        columns: [
          { name: 'band', expr: "case when worth >= 1000 then 'high' when worth >= 200 then 'middle' else 'low' end" },
          { name: 'per_order', expr: 'round(worth / nullif(orders, 0), 2)' },
        ],
      },
      {
        name: 'top',
        kind: 'limit',
        from: 'shares',
        count: 15,
        by: [{ expr: 'worth', direction: 'desc' }, { expr: 'product_id' }],
      },
    ],
    ['product_id integer', 'name text', 'lines bigint', 'counted bigint', 'orders bigint', 'worth numeric(14,2)', 'boxes bigint', 'mean_units numeric(10,2)', 'band text', 'per_order numeric(14,2)'], // prettier-ignore
  ),
];
