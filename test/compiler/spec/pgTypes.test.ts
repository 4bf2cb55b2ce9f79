import assert from 'node:assert/strict';
import { formatPgType, parsePgType } from '../../../src/spec/pgTypes.ts';
import { formatTableName, parseTableName } from '../../../src/spec/tableName.ts';

describe('PostgreSQL type names', () => {
  it('come back as format_type writes them', () => {
    const names = [
      ...[
        'boolean',
        'smallint',
        'integer',
        'bigint',
        'real',
        'double precision',
        'numeric',
        'numeric(12,2)',
        'numeric(5,-2)',
      ],
      ...['text', 'character varying', 'character varying(20)', 'bpchar', 'character(5)', 'name', 'date', 'interval'],
      ...['time without time zone', 'time with time zone', 'timestamp without time zone', 'timestamp with time zone'],
      ...[
        'json',
        'jsonb',
        'uuid',
        'bytea',
        'text[]',
        'numeric(12,2)[]',
        'character varying(3)[]',
        'inet',
        'shop.status',
      ],
      ...['shop."Order status"', 'bit(4)', 'timestamp(3) without time zone', 'int4range', 'shop.status[]'],
    ];
    assert.deepEqual(
      names.map((name) => formatPgType(parsePgType(name))),
      names,
    );
  });

  it('are understood by their other names', () => {
    const aliases = {
      int: 'integer',
      INT8: 'bigint',
      'decimal(10)': 'numeric(10,0)',
      'numeric ( 10 , 3 )': 'numeric(10,3)',
      float: 'double precision',
      'varchar(7)': 'character varying(7)',
      char: 'character(1)',
      'character(1)': 'character(1)',
      timestamptz: 'timestamp with time zone',
      'timestamp(6)': 'timestamp without time zone',
      timestamp: 'timestamp without time zone',
      'int[][]': 'integer[]',
      'int array': 'integer[]',
      'pg_catalog.int4': 'integer',
      serial: 'integer',
    };
    const found = Object.keys(aliases).map((alias) => [alias, formatPgType(parsePgType(alias))]);
    assert.deepEqual(Object.fromEntries(found), aliases);
  });

  it('are kept as they are where they are unknown', () => {
    assert.deepEqual(parsePgType('Geometry(Point,4326)'), { kind: 'other', name: 'Geometry(Point,4326)' });
    assert.deepEqual(parsePgType(''), { kind: 'other', name: '' });
  });
});

describe('table names', () => {
  it('are folded and quoted as in SQL', () => {
    assert.deepEqual(parseTableName('Shop.Orders'), { schema: 'shop', name: 'orders' });
    assert.deepEqual(parseTableName('"Shop"."my ""best"" orders"'), { schema: 'Shop', name: 'my "best" orders' });
    assert.deepEqual(parseTableName(' orders '), { name: 'orders' });
    assert.deepEqual(parseTableName('ÄRGER'), { name: 'Ärger' });
    for (const text of ['', 'a b', 'a.b.c', '"a', 'a;b', '1a', '""', 'a."'])
      assert.equal(parseTableName(text), undefined, text);
  });

  it('come back as they can be written', () => {
    for (const text of ['orders', 'shop.orders', '"Shop"."a ""b"""', 'shop."Orders"']) {
      const name = parseTableName(text);
      assert.ok(name);
      assert.equal(formatTableName(name), text);
    }
  });
});
