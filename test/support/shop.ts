import type { CatalogueTable } from '../../src/spec/catalogue.ts';

/** A small part of the sample shop, as a catalogue: enough for what names tables and columns. */
export const customers: CatalogueTable = {
  schema: 'public',
  name: 'customers',
  kind: 'table',
  comment: 'Everybody who ever *opened* an account.',
  columns: [
    { name: 'customer_id', type: 'integer', nullable: false },
    { name: 'email', type: 'text', nullable: true, comment: '<b>As typed</b>' },
    { name: 'country_code', type: 'character(2)', nullable: false },
  ],
  primaryKey: ['customer_id'],
  uniqueKeys: [['email']],
  foreignKeys: [],
  rowEstimate: 2500,
  sizeBytes: 425_984,
};

export const orders: CatalogueTable = {
  schema: 'public',
  name: 'orders',
  kind: 'partitioned table',
  columns: [
    { name: 'order_id', type: 'bigint', nullable: false },
    { name: 'customer_id', type: 'integer', nullable: true },
    { name: 'total_amount', type: 'numeric(12,2)', nullable: false },
  ],
  primaryKey: ['order_id'],
  uniqueKeys: [],
  foreignKeys: [
    { columns: ['customer_id'], references: { schema: 'public', table: 'customers', columns: ['customer_id'] } },
  ],
  rowEstimate: 14_000,
};

export const orderItems: CatalogueTable = {
  schema: 'public',
  name: 'order_items',
  kind: 'view',
  columns: [{ name: 'quantity', type: 'integer', nullable: true }],
  uniqueKeys: [],
  foreignKeys: [],
};

export const oldOrders: CatalogueTable = { ...orders, schema: 'Archive', name: 'orders', kind: 'table' };

export const shopTables = [oldOrders, customers, orderItems, orders];
