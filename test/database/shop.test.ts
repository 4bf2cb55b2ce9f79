import assert from 'node:assert/strict';
import { ENGINEER, loadShop } from '../../samples/shop/load.mjs';
import { dropDatabase, serverUrl, urlOf, withClient } from '../support/postgres.ts';

const FIRST = 'shop_test';
const SECOND = 'shop_test_again';
const PASSWORD = 'only-for-this-suite';

type Row = Record<string, unknown>;

describe('the sample shop', function () {
  this.timeout(120_000);

  before(async () => {
    for (const database of [FIRST, SECOND]) await loadShop({ url: serverUrl(), password: PASSWORD, database });
  });
  after(async () => {
    for (const database of [FIRST, SECOND]) await dropDatabase(database);
  });

  it('has about 100,000 rows', async () => {
    const counts = await countRows(FIRST);
    assert.deepEqual(counts, {
      addresses: 8000,
      customers: 5000,
      events: 10000,
      exchange_rates: 2092,
      order_items: 42422,
      orders: 17000,
      payments: 15845,
      products: 500,
      refunds: 2107,
    });
  });

  it('is the same to the last byte whenever it is loaded', async () => {
    assert.deepEqual(await checksums(SECOND), await checksums(FIRST));
  });

  it('is left alone when it stands already', async () => {
    assert.deepEqual(await loadShop({ url: serverUrl(), password: PASSWORD, database: FIRST }), { loaded: false });
  });

  it('is loaded again when another generator made it, even after an interrupted load', async () => {
    await withClient(serverUrl(), async (admin) => {
      await admin.query(`COMMENT ON DATABASE ${SECOND} IS 'an older generation'`);
      await admin.query(`CREATE DATABASE ${SECOND}_loading`);
    });
    assert.deepEqual(await loadShop({ url: serverUrl(), password: PASSWORD, database: SECOND }), { loaded: true });
    assert.deepEqual(await checksums(SECOND), await checksums(FIRST));
  });

  it('has the keys of a real one', async () => {
    const keys = await query(
      `SELECT conrelid::regclass::text AS table, pg_get_constraintdef(oid) AS key FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'f', 'u') ORDER BY 1, 2`,
    );
    assert.deepEqual(
      keys.map(({ table, key }) => `${String(table)}: ${String(key)}`),
      [
        'addresses: FOREIGN KEY (customer_id) REFERENCES customers(customer_id)',
        'addresses: PRIMARY KEY (address_id)',
        'addresses: UNIQUE (customer_id, kind, valid_from)',
        'customers: FOREIGN KEY (referred_by) REFERENCES customers(customer_id)',
        'customers: PRIMARY KEY (customer_id)',
        'events: FOREIGN KEY (customer_id) REFERENCES customers(customer_id)',
        'events: PRIMARY KEY (event_id)',
        'exchange_rates: PRIMARY KEY (rate_date, from_currency, to_currency)',
        'order_items: FOREIGN KEY (order_id) REFERENCES orders(order_id) ON DELETE CASCADE',
        'order_items: FOREIGN KEY (product_id) REFERENCES products(product_id)',
        'order_items: PRIMARY KEY (order_id, line_no)',
        'orders: FOREIGN KEY (customer_id) REFERENCES customers(customer_id)',
        'orders: FOREIGN KEY (shipping_address_id) REFERENCES addresses(address_id)',
        'orders: PRIMARY KEY (order_id)',
        'orders: UNIQUE (order_number)',
        'payments: FOREIGN KEY (order_id) REFERENCES orders(order_id)',
        'payments: PRIMARY KEY (payment_id)',
        'payments: UNIQUE (provider_reference)',
        'products: PRIMARY KEY (product_id)',
        'products: UNIQUE (sku)',
        'refunds: FOREIGN KEY (payment_id) REFERENCES payments(payment_id)',
        'refunds: PRIMARY KEY (refund_id)',
      ],
    );
  });

  it('explains every table and view, and every code column', async () => {
    const silent = await query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm')
       AND obj_description(oid, 'pg_class') IS NULL`,
    );
    assert.deepEqual(silent, []);
    const codes = await query(
      `SELECT attrelid::regclass::text AS table, attname AS column, col_description(attrelid, attnum) AS comment FROM pg_attribute
       WHERE (attrelid, attname) IN (('orders'::regclass, 'status'), ('orders'::regclass, 'channel'),
         ('addresses'::regclass, 'kind'), ('refunds'::regclass, 'reason_code')) ORDER BY 1, 2`,
    );
    assert.deepEqual(codes, [
      { table: 'addresses', column: 'kind', comment: 'B = billing, S = shipping.' },
      { table: 'orders', column: 'channel', comment: '1 = web, 2 = app, 3 = phone, 4 = store.' },
      {
        table: 'orders',
        column: 'status',
        comment: 'N = new, P = paid, S = shipped, D = delivered, X = cancelled, R = returned.',
      },
      {
        table: 'refunds',
        column: 'reason_code',
        comment: '1 = returned, 2 = damaged, 3 = late, 4 = goodwill, 5 = billing error.',
      },
    ]);
  });

  it('has the dirt of a real one', async () => {
    const dirt = {
      'guest orders': `SELECT 1 FROM orders WHERE customer_id IS NULL`,
      'test orders': `SELECT 1 FROM orders WHERE is_test`,
      'cancelled orders': `SELECT 1 FROM orders WHERE status = 'X'`,
      'orders over nothing': `SELECT 1 FROM orders WHERE total_amount = 0`,
      'orders without lines': `SELECT 1 FROM orders WHERE order_id NOT IN (SELECT order_id FROM order_items)`,
      'empty notes': `SELECT 1 FROM orders WHERE note = ''`,
      'notes of two lines': `SELECT 1 FROM orders WHERE note LIKE E'%\\n%'`,
      'customers without an e-mail': `SELECT 1 FROM customers WHERE email IS NULL`,
      'mixed-case e-mails': `SELECT 1 FROM customers WHERE email <> lower(email)`,
      'e-mails with trailing blanks': `SELECT 1 FROM customers WHERE email <> rtrim(email)`,
      'second accounts': `SELECT 1 FROM customers GROUP BY lower(trim(email)), first_name, last_name HAVING count(*) > 1 AND min(email) IS NOT NULL`,
      'names beyond ASCII': `SELECT 1 FROM customers WHERE octet_length(last_name) > length(last_name)`,
      'unknown consent': `SELECT 1 FROM customers WHERE marketing_consent IS NULL`,
      'cities with a leading or trailing blank': `SELECT 1 FROM addresses WHERE city <> trim(city)`,
      'payment methods in other spellings': `SELECT 1 FROM payments WHERE method NOT IN ('card', 'paypal', 'transfer', 'voucher')`,
      'failed payments': `SELECT 1 FROM payments WHERE status = 'failed'`,
      'refunds greater than the payment': `SELECT 1 FROM refunds r JOIN payments p USING (payment_id) WHERE r.amount > p.amount`,
      'late events': `SELECT 1 FROM events WHERE received_at - occurred_at >= interval '1 day'`,
      'events sent twice': `SELECT 1 FROM events GROUP BY session_id, kind, occurred_at HAVING count(*) > 1`,
      'weekends without a rate': `SELECT 1 WHERE NOT EXISTS (SELECT FROM exchange_rates WHERE rate_date = '2024-06-08')`,
    };
    const absent: string[] = [];
    for (const [name, sql] of Object.entries(dirt)) if ((await query(sql)).length === 0) absent.push(name);
    assert.deepEqual(absent, []);
  });

  it('adds up: an order owes its lines less discount plus shipping', async () => {
    const wrong = await query(
      `SELECT order_id, total_amount, coalesce(sum(line_amount), 0) AS items FROM orders LEFT JOIN order_items USING (order_id)
       GROUP BY order_id HAVING total_amount <> coalesce(sum(line_amount), 0) - discount_amount + shipping_fee`,
    );
    assert.deepEqual(wrong, []);
  });

  it('lets the engineer read the shop and write to analytics only', async () => {
    await withClient(urlOf(FIRST, { user: ENGINEER, password: PASSWORD }), async (engineer) => {
      const { rows } = await engineer.query<Row>('SELECT count(*)::int AS n FROM daily_revenue WHERE revenue > 0');
      assert.ok(Number(rows[0]?.n) > 0);
      await engineer.query('CREATE TABLE analytics.mine AS SELECT 1 AS one; DROP TABLE analytics.mine');
      await assert.rejects(engineer.query('UPDATE orders SET total_amount = 0'), /permission denied for table orders/);
      await assert.rejects(engineer.query('CREATE TABLE public.mine ()'), /permission denied for schema public/);
    });
  });
});

async function query(sql: string, database = FIRST): Promise<Row[]> {
  return withClient(urlOf(database), async (client) => (await client.query<Row>(sql)).rows);
}

async function tables(database: string): Promise<string[]> {
  const rows = await query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`, database);
  return rows.map(({ tablename }) => String(tablename));
}

async function countRows(database: string): Promise<Row> {
  const each = (await tables(database)).map((name) => `SELECT '${name}' AS name, count(*)::int AS n FROM ${name}`);
  const rows = await query(each.join(' UNION ALL '), database);
  return Object.fromEntries(rows.map(({ name, n }) => [String(name), n]));
}

async function checksums(database: string): Promise<Row> {
  const each = (await tables(database)).map(
    (name) =>
      `SELECT '${name}' AS name, md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) AS sum FROM ${name} AS t`,
  );
  const rows = await query(each.join(' UNION ALL '), database);
  return Object.fromEntries(rows.map(({ name, sum }) => [String(name), sum]));
}
