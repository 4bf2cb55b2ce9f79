import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { CatalogueTable } from '../../../src/spec/catalogue.ts';
import { tableChanges, tableFingerprint, type TableChange } from '../../../src/spec/tableFingerprint.ts';
import { orders } from '../../support/shop.ts';

const [first, ...rest] = orders.columns;
assert.ok(first);

const harmless: readonly (readonly [string, CatalogueTable])[] = [
  ['a comment, an estimate and a size', { ...orders, comment: 'x', rowEstimate: 1, sizeBytes: 2 }],
  ['the order of the columns', { ...orders, columns: [...rest, first] }],
  ['an index and a right', { ...orders, indexes: [], privileges: ['select'] }],
  ['a default', { ...orders, columns: [{ ...first, default: '1' }, ...rest] }],
];

const changes: readonly (readonly [TableChange, CatalogueTable])[] = [
  [
    { kind: 'columnRemoved', column: 'order_id' },
    { ...orders, columns: rest },
  ],
  [
    { kind: 'columnAdded', column: 'new' },
    { ...orders, columns: [...orders.columns, { name: 'new', type: 'text', nullable: true }] },
  ],
  [
    { kind: 'typeChanged', column: 'order_id', before: 'bigint', after: 'integer' },
    { ...orders, columns: [{ ...first, type: 'integer' }, ...rest] },
  ],
  [
    { kind: 'nullabilityChanged', column: 'order_id', nullable: true },
    { ...orders, columns: [{ ...first, nullable: true }, ...rest] },
  ],
  [{ kind: 'keysChanged' }, { ...orders, primaryKey: ['order_id', 'customer_id'] }],
  [{ kind: 'keysChanged' }, { ...orders, uniqueKeys: [['total_amount']] }],
  [{ kind: 'keysChanged' }, { ...orders, foreignKeys: [] }],
];

describe('the fingerprint of a table', () => {
  it('is short, and the same every time', () => {
    assert.match(tableFingerprint(orders), /^[0-9a-f]{16}$/);
    assert.equal(tableFingerprint(orders), tableFingerprint(structuredClone(orders)));
  });

  for (const [what, table] of harmless) {
    it(`does not notice ${what}`, () => {
      assert.equal(tableFingerprint(table), tableFingerprint(orders));
      assert.deepEqual(tableChanges(orders, table), []);
    });
  }

  for (const [change, table] of changes) {
    it(`notices ${JSON.stringify(change)}`, () => {
      assert.notEqual(tableFingerprint(table), tableFingerprint(orders));
      assert.deepEqual(tableChanges(orders, table), [change]);
    });
  }
});
