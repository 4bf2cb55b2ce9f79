/** The catalogue of a small shop, as the checks see it. */
import { catalogueOf, type Catalogue, type CatalogueColumn, type CatalogueTable } from '../../../src/spec/catalogue.ts';

/** `name type` or `name type not null`, as in CREATE TABLE. */
function table(name: string, columns: readonly string[], more: Partial<CatalogueTable> = {}): CatalogueTable {
  const [schema = 'public', bare = name] = name.split('.');
  return { schema, name: bare, kind: 'table', columns: columns.map(column), uniqueKeys: [], foreignKeys: [], ...more };
}

function column(text: string): CatalogueColumn {
  const [name = '', ...rest] = text.split(' ');
  const type = rest.join(' ');
  return { name, type: type.replace(/ not null$/, ''), nullable: !type.endsWith(' not null') };
}

export const shopTables: readonly CatalogueTable[] = [
  table(
    'shop.orders',
    [
      'order_id integer not null',
      'customer_id integer not null',
      'status text',
      'amount numeric(12,2) not null',
      'quantity integer not null',
      'ordered_at timestamp with time zone not null',
      'changed_at timestamp with time zone',
      'tags text[]',
      'details json',
      'coupon text',
    ],
    { primaryKey: ['order_id'], rowEstimate: 50_000 },
  ),
  table(
    'shop.customers',
    [
      'customer_id integer not null',
      'name text not null',
      'country character varying(2)',
      'referred_by integer',
      'changed_at timestamp with time zone not null',
    ],
    { primaryKey: ['customer_id'], uniqueKeys: [['name']], rowEstimate: 1000 },
  ),
  table(
    'shop.payments',
    ['payment_id integer not null', 'order_id integer not null', 'paid numeric(12,2) not null', 'code text'],
    {
      primaryKey: ['payment_id'],
      foreignKeys: [{ columns: ['order_id'], references: { schema: 'shop', table: 'orders', columns: ['order_id'] } }],
    },
  ),
  table(
    'mart.existing',
    ['customer_id integer not null', 'total numeric(12,2)', 'loaded_at timestamp with time zone not null'],
    {
      primaryKey: ['customer_id'],
    },
  ),
];

export const shop: Catalogue = catalogueOf(shopTables);
