import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { catalogueOf } from '../../../src/spec/catalogue.ts';
import { tableFingerprint } from '../../../src/spec/tableFingerprint.ts';
import { readSpec } from '../../../src/spec/read.ts';
import { draftSpec, formatDraft, nameOf } from '../../../src/views/draftSpec.ts';
import { readPromptNames } from '../../../src/views/promptNames.ts';
import { customers, oldOrders, orders, shopTables } from '../../support/shop.ts';

const catalogue = catalogueOf(shopTables);

/** `tables | columns | near misses`, in the order of the prompt. */
function names(prompt: string): string {
  const { tables, columns, near } = readPromptNames(prompt, catalogue);
  return [
    tables.map(({ schema, name }) => `${schema}.${name}`).join(' '),
    columns.map((column) => `${column.name}@${column.tables.map(({ name }) => name).join('+')}`).join(' '),
    near.map(({ word, offset, suggestion }) => `${word}@${offset}→${suggestion}`).join(' '),
  ].join(' | ');
}

describe('the names in a prompt', () => {
  for (const [prompt, expected] of [
    [
      'Join customers and orders on customer_id, calculate total order amount per customer',
      'public.customers public.orders | customer_id@customers+orders | ',
    ],
    ['', ' |  | '],
    ['every Customer of the SHOP', 'public.customers |  | '],
    ['order items per order', 'public.order_items public.orders |  | '],
    ['order-items and Order_Items', 'public.order_items |  | '],
    ['total amount of an order', 'public.orders | total_amount@orders | '],
    ['public.orders by orders.customer_id', 'public.orders | customer_id@orders | '],
    ['archive.orders, please', 'Archive.orders |  | '],
    ['"Archive"."orders"', 'Archive.orders |  | '],
    ['sum total_amount', ' | total_amount@orders+orders | '],
    ['the quantity and the email', ' |  | '],
    ['custmers and ordres', ' |  | custmers@0→customers ordres@13→orders'],
    ['the e-mail of custommers with country_cod', ' |  | custommers@14→customers'],
    ['emails of customers by country_cod', 'public.customers | email@customers | country_cod@23→country_code'],
    ['calculate the average amount for each month', ' |  | '],
    ['kundenübersicht für customers', 'public.customers |  | '],
  ] as const) {
    it(`of "${prompt}"`, () => {
      assert.equal(names(prompt), expected);
    });
  }

  it('are found fast in a big database', () => {
    const many = Array.from({ length: 900 }, (_, index) => ({ ...orders, name: `fact_${index}_orders_by_region` }));
    const big = catalogueOf([...shopTables, ...many]);
    const started = performance.now();
    readPromptNames(
      'Join customers and ordres on customer_id, calculate the total amount per custumer. '.repeat(20),
      big,
    );
    assert.ok(performance.now() - started < 500, `${performance.now() - started} ms`);
  });
});

describe('a draft', () => {
  it('holds what the prompt names, and reads as a spec', () => {
    const prompt = 'Total amount of orders per customer';
    const spec = draftSpec({ prompt, tables: [orders, customers], connection: 'shop' });
    assert.deepEqual(spec, {
      version: 1,
      name: 'total_amount_orders_customer',
      prompt,
      sources: [
        {
          name: 'orders',
          connection: 'shop',
          table: 'public.orders',
          columns: ['order_id', 'customer_id', 'total_amount'],
          fingerprint: tableFingerprint(orders),
        },
        {
          name: 'customers',
          connection: 'shop',
          table: 'public.customers',
          columns: ['customer_id', 'email', 'country_code'],
          fingerprint: tableFingerprint(customers),
        },
      ],
      steps: [],
      target: {
        connection: 'shop',
        table: 'public.total_amount_orders_customer',
        from: 'orders',
        mode: 'replace',
        columns: [
          { name: 'order_id', type: 'bigint', nullable: false },
          { name: 'customer_id', type: 'integer', nullable: true },
          { name: 'total_amount', type: 'numeric(12,2)', nullable: false },
        ],
      },
    });
    const read = readSpec(formatDraft(spec));
    assert.deepEqual(read.spec, spec);
    assert.deepEqual(
      read.problems.map(({ code }) => code),
      ['unused-source'],
    );
  });

  it('tells two tables of one name apart, and quotes what needs it', () => {
    const { sources } = draftSpec({ prompt: 'x', tables: [orders, oldOrders] });
    assert.deepEqual(
      sources.map(({ name, table }) => `${name}: ${table}`),
      ['public_orders: public.orders', 'Archive_orders: "Archive".orders'],
    );
  });

  it('is a sound spec even where nothing is known', () => {
    assert.deepEqual(readSpec(formatDraft(draftSpec({ prompt: '', tables: [] }))).problems, []);
  });

  for (const [prompt, name] of [
    ['', 'new_spec'],
    ['!!! 123', 'new_spec'],
    ['The total of the year', 'total_year'],
    ['Umsätze je Café', 'umsa_tze_je_cafe'],
    [
      'Join customers and orders on customer_id, calculate total order amount per customer',
      'customers_orders_customer_total_order_amount',
    ],
    ['a very long sentence about very many things that nobody needs', 'very_long_sentence_about_many_things'],
    ['x'.repeat(80), 'new_spec'],
  ] as const) {
    it(`of "${prompt.slice(0, 20)}" is called ${name}`, () => {
      assert.equal(nameOf(prompt), name);
    });
  }
});
