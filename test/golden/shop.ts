/** The database of the golden specs: small, dirty in every way that matters, the same on every run. */
import type { CatalogueColumn, CatalogueTable } from '../../src/spec/catalogue.ts';

const column = (definition: string): CatalogueColumn => {
  const [name = '', ...rest] = definition.split(' ');
  const words = rest.join(' ');
  return { name, type: words.replace(' not null', ''), nullable: !words.endsWith(' not null') };
};

interface Definition {
  readonly columns: readonly string[];
  readonly key?: readonly string[];
  readonly rowEstimate?: number;
  readonly sizeBytes?: number;
  readonly kind?: CatalogueTable['kind'];
}

const definitions: Readonly<Record<string, Definition>> = {
  customers: {
    columns: [
      'customer_id integer not null',
      'name text not null',
      'region text',
      'segment character varying(10)',
      'credit numeric(12,2)',
      'joined date',
      'active boolean',
      'tags text[]',
      'profile jsonb',
      'code character(4)',
    ],
    key: ['customer_id'],
    rowEstimate: 40,
    sizeBytes: 16_384,
  },
  orders: {
    columns: [
      'order_id bigint not null',
      'customer_id integer',
      'ordered_at timestamp without time zone not null',
      'shipped_at timestamp with time zone',
      'status text not null',
      'amount numeric(12,2)',
      'discount numeric(5,4)',
      'units smallint',
      'weight double precision',
    ],
    key: ['order_id'],
    rowEstimate: 2_000_000,
    sizeBytes: 200_000_000,
  },
  items: {
    columns: [
      'order_id bigint not null',
      'line integer not null',
      'product_id integer not null',
      'quantity integer',
      'price numeric(10,2) not null',
    ],
    key: ['order_id', 'line'],
  },
  products: {
    columns: ['product_id integer not null', 'name text not null', 'category_id integer', 'listed date', 'parts jsonb'],
    key: ['product_id'],
  },
  categories: {
    columns: ['category_id integer not null', 'parent_id integer', 'name text not null'],
    key: ['category_id'],
  },
  prices: {
    columns: ['product_id integer not null', 'since date not null', 'list_price numeric(10,2) not null'],
    key: ['product_id', 'since'],
  },
  readings: {
    columns: ['sensor text', 'at timestamp without time zone not null', 'value double precision', 'note text'],
  },
  quarters: {
    columns: ['region text not null', 'q1 numeric(10,2)', 'q2 numeric(10,2)', 'q3 numeric(10,2)', 'q4 numeric(10,2)'],
    key: ['region'],
  },
  changes: {
    columns: [
      'change_id bigint not null',
      'customer_id integer not null',
      'changed_at timestamp with time zone not null',
      'region text',
      'credit numeric(12,2)',
    ],
    key: ['change_id'],
  },
  active_customers: {
    columns: ['customer_id integer', 'name text', 'region text'],
    kind: 'view',
  },
};

export const shopTables: readonly CatalogueTable[] = Object.entries(definitions).map(([name, definition]) => ({
  schema: 'public',
  name,
  kind: definition.kind ?? 'table',
  columns: definition.columns.map(column),
  uniqueKeys: [],
  foreignKeys: [],
  ...(definition.key ? { primaryKey: definition.key } : {}),
  ...(definition.rowEstimate === undefined ? {} : { rowEstimate: definition.rowEstimate }),
  ...(definition.sizeBytes === undefined ? {} : { sizeBytes: definition.sizeBytes }),
}));

const createTables = Object.entries(definitions)
  .filter(([, { kind }]) => kind !== 'view')
  .map(([name, { columns, key }]) => {
    const lines = [...columns, ...(key ? [`primary key (${key.join(', ')})`] : [])];
    return `create table ${name} (${lines.join(', ')});`;
  })
  .join('\n');

export const shopSql = `
${createTables}
create view active_customers as select customer_id, name, region from customers where active;

insert into customers
select n,
  case when n % 9 = 0 then 'O''Neil ' || n when n % 7 = 0 then 'Zoë ' || n else 'customer ' || n end,
  (array['north', 'south', 'east', null, ''])[1 + n % 5],
  (array['retail', 'trade', null])[1 + n % 3],
  case when n % 6 = 0 then null else round((n * 7919 % 100000) / 100.0, 2) - 200 end,
  case when n % 8 = 0 then null else date '2024-01-31' + n * 11 end,
  case when n % 10 = 3 then null else n % 3 <> 0 end,
  case when n % 5 = 0 then null when n % 5 = 1 then '{}'::text[] else array['a' || n % 3, 'b', null] end,
  case when n % 4 = 0 then null else jsonb_build_object('level', n % 5, 'city', 'City ' || n % 3) end,
  'C' || n % 100
from generate_series(1, 40) n;

insert into orders
select n,
  case when n % 11 = 0 then null else 1 + (n * 37) % 45 / 2 * 2 end,
  timestamp '2026-01-01 00:00:00' + n * interval '7 hours 13 minutes',
  case when n % 4 = 0 then null else timestamptz '2026-01-02 00:00:00+00' + n * interval '7 hours 31 minutes' end,
  (array['paid', 'open', 'cancelled', 'Paid'])[1 + n % 4],
  case when n % 13 = 0 then null else round((n * 104729 % 1000000) / 100.0, 2) end,
  case when n % 3 = 0 then null else (n % 25) / 100.0 end,
  case when n % 17 = 0 then null else (n % 9 - 1)::smallint end,
  case when n % 5 = 0 then null else n / 8.0 end
from generate_series(1, 300) n;

insert into items
select n, line, 1 + (n * 3 + line) % 20, case when (n + line) % 10 = 0 then null else 1 + (n + line) % 5 end,
  round(((n * 31 + line * 17) % 10000) / 100.0, 2)
from generate_series(1, 200) n, generate_series(1, 1 + n % 3) line;

insert into products
select n, 'product ' || n, case when n % 7 = 0 then null else 1 + n % 9 end,
  case when n % 4 = 0 then null else date '2025-12-15' + n * 5 end,
  case n % 4 when 0 then null when 1 then '[]' else
    jsonb_build_array(n, 'a,]"\\b ' || n, jsonb_build_object('k', array[1, n]), '[]'::jsonb, null, -2.50) end
from generate_series(1, 25) n;

insert into categories values
  (1, null, 'all'), (2, 1, 'food'), (3, 1, 'tools'), (4, 2, 'fruit'), (5, 2, 'bread'), (6, 3, 'saws'), (7, 4, 'apples'),
  (8, null, 'other'), (9, 8, 'gifts'), (10, 99, 'orphan');

insert into prices
select 1 + n % 20, date '2025-12-01' + (n / 20) * 21 + n % 3, round((n * 13 % 500) / 10.0, 2)
from generate_series(0, 99) n;

insert into readings
select case when n % 4 = 3 then null else 's' || n % 4 end, timestamp '2026-03-29 00:00' + n * interval '10 minutes',
  case when n % 3 = 0 then n * 0.5 end, case when n % 5 = 0 then 'note ' || n end
from generate_series(1, 60) n;

insert into quarters values
  ('north', 10.50, null, 30.25, 40), ('south', null, null, null, null), ('east', 1, 2, 3, 4.75);

insert into changes values
  (1, 1, '2026-01-01 00:00+00', 'north', 100), (2, 2, '2026-01-01 00:00+00', 'south', 50),
  (3, 1, '2026-01-10 00:00+00', 'east', 100), (4, 2, '2026-01-12 00:00+00', 'south', 50),
  (5, 3, '2026-01-15 00:00+00', null, null), (6, 1, '2026-01-20 00:00+00', 'east', 120);
`;
