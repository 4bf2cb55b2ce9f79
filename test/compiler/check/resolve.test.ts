import assert from 'node:assert/strict';
import type { Relation } from '../../../src/compiler/resolved.ts';
import { formatPgType } from '../../../src/spec/pgTypes.ts';
import type { Step } from '../../../src/spec/spec.ts';
import { formatSpec } from '../../../src/spec/write.ts';
import { everyStep, specWith } from '../spec/samples.ts';
import { shopChecker, shown, type Checker } from './support.ts';

const orders = [
  ...['order_id integer!', 'customer_id integer!', 'status text', 'amount numeric(12,2)!', 'quantity integer!'],
  ...[
    'ordered_at timestamp with time zone!',
    'changed_at timestamp with time zone',
    'tags text[]',
    'details json',
    'coupon text',
  ],
];

describe('the columns of a step', () => {
  let check: Checker;
  before(async () => {
    check = await shopChecker();
  });

  /** The last step's columns, `!` for not null, and its unique keys; or what is wrong with it. */
  const columnsOf = (...steps: readonly Step[]): { columns: string[]; keys: string[] } | string[] => {
    const text = formatSpec(specWith(...steps));
    const { problems, resolved } = check(text);
    const ofTarget = /^(target|unused|lossy|described)-/;
    const errors = problems.filter(({ code, severity }) => severity === 'error' && !ofTarget.test(code));
    if (errors.length > 0) return errors.map((problem) => shown(problem, text));
    const last = resolved?.steps.find(({ step }) => step.name === steps.at(-1)?.name);
    assert.ok(last);
    return { columns: shownColumns(last), keys: last.uniqueKeys.map((key) => key.join('+')) };
  };
  const changed = (names: Readonly<Record<string, string>>): string[] =>
    orders.flatMap((column) => names[column.split(' ')[0] ?? ''] ?? column).filter((column) => column !== '');

  it('are those of the input where rows are only chosen', () => {
    for (const step of [everyStep.filter, everyStep.sort, everyStep.limit]) {
      assert.deepEqual(columnsOf(step), { columns: orders, keys: ['order_id'] }, step.kind);
    }
    assert.deepEqual(columnsOf(everyStep.dedupe), { columns: orders, keys: ['customer_id', 'order_id'] });
  });

  it('are added, replaced and renamed as the step says', () => {
    assert.deepEqual(
      columnsOf({
        ...everyStep.derive,
        columns: [
          { name: 'order_id', expr: 'amount' },
          { name: 'one', expr: "'x'" },
        ],
      }),
      {
        columns: [...changed({ order_id: 'order_id numeric(12,2)!' }), 'one text!'],
        keys: [],
      },
    );
    assert.deepEqual(columnsOf(everyStep.select), {
      columns: ['order_id integer!', 'customer integer!'],
      keys: ['order_id'],
    });
    assert.deepEqual(columnsOf({ ...everyStep.rename, columns: [{ from: 'order_id', to: 'id' }] }), {
      columns: changed({ order_id: 'id integer!' }),
      keys: ['id'],
    });
    assert.deepEqual(columnsOf(everyStep.window), { columns: [...orders, 'nth bigint!'], keys: ['order_id'] });
  });

  it('are the groups and the aggregates, and the groups are unique', () => {
    assert.deepEqual(columnsOf(everyStep.aggregate), {
      columns: ['customer_id integer!', 'month timestamp with time zone!', 'total numeric'],
      keys: ['customer_id+month'],
    });
    assert.deepEqual(columnsOf({ ...everyStep.aggregate, by: [] }), { columns: ['total numeric'], keys: [''] });
  });

  describe('of a join', () => {
    const joined = (how: (typeof everyStep)['join']['how'], more: Partial<(typeof everyStep)['join']> = {}) => {
      const { on, ...join } = everyStep.join;
      const few = {
        name: 'few',
        kind: 'select',
        from: 'customers',
        columns: [{ name: 'customer_id' }, { name: 'name' }],
      } as const;
      const some = { ...everyStep.select, columns: [{ name: 'order_id' }, { name: 'customer_id' }] };
      return columnsOf(few, some, {
        ...join,
        left: 's_select',
        right: 'few',
        how,
        ...(on && how !== 'cross' && { on }),
        ...more,
      });
    };

    it('may be NULL on the side that may have no match, and the merged key stands once', () => {
      assert.deepEqual(
        (['inner', 'left', 'right', 'full', 'semi', 'anti'] as const).map((how) => [how, joined(how)]),
        [
          [
            'inner',
            {
              columns: ['order_id integer!', 'customer_id integer!', 'name text!'],
              keys: ['order_id', 'order_id+customer_id'],
            },
          ],
          ['left', { columns: ['order_id integer!', 'customer_id integer!', 'name text'], keys: ['order_id'] }],
          [
            'right',
            { columns: ['order_id integer', 'customer_id integer!', 'name text!'], keys: ['order_id+customer_id'] },
          ],
          [
            'full',
            { columns: ['order_id integer', 'customer_id integer', 'name text'], keys: ['order_id+customer_id'] },
          ],
          ['semi', { columns: ['order_id integer!', 'customer_id integer!'], keys: ['order_id'] }],
          ['anti', { columns: ['order_id integer!', 'customer_id integer!'], keys: ['order_id'] }],
        ],
      );
    });

    it('are listed where both sides have the same names', () => {
      assert.deepEqual(joined('cross'), [
        'error column-collision at "s_join": "customer_id" stands on both sides of "s_join"; `columns` says which is which. [List the columns]',
      ]);
      assert.deepEqual(
        joined('cross', { rightAs: 'c', columns: [{ name: 'order_id' }, { name: 'other', expr: 'c.customer_id' }] }),
        { columns: ['order_id integer!', 'other integer!'], keys: ['order_id+other'] },
      );
      assert.deepEqual(joined('cross', { columns: [{ name: 'customer_id' }] }), [
        'error column-collision at "customer_id": Both sides have a column "customer_id"; an expression says which one is meant. [Take the one of "s_select"]',
      ]);
      assert.deepEqual(joined('left', { columns: [{ name: 'nmae' }] }), [
        'error unknown-column at "nmae": The input has no column "nmae". Did you mean "name"? [Change to "name"]',
      ]);
    });

    it('are as many rows as the left has for the nearest in time', () => {
      const times = { left: 'ordered_at', right: 'changed_at' };
      const nearest = {
        ...everyStep.join,
        how: 'asof',
        asof: times,
        columns: [{ name: 'order_id' }, { name: 'name' }],
      } as const;
      assert.deepEqual(columnsOf(nearest), { columns: ['order_id integer!', 'name text'], keys: ['order_id'] });
    });
  });

  it('have the types that PostgreSQL gives a union', () => {
    const pick = (name: string, ...columns: { name: string; expr: string }[]) =>
      ({ name, kind: 'select', from: 'orders', columns }) as const;
    const union = (...sides: readonly string[]) =>
      columnsOf(...sides.map((expr, index) => pick(`side_${index}`, { name: index === 0 ? 'value' : 'v', expr })), {
        name: 'all',
        kind: 'union',
        inputs: sides.map((_, index) => `side_${index}`),
      });
    const types = [
      ['order_id', 'order_id::bigint'],
      ['order_id', 'amount'],
      ['amount', 'amount'],
      ['amount', 'order_id::float8', 'order_id'],
      ['ordered_at::date', 'ordered_at'],
      ["'x'::varchar", 'status'],
      ['status', "'x'::varchar"],
    ].map((sides) => union(...sides));
    assert.deepEqual(
      types.map((found) => ('columns' in found ? found.columns[0] : found)),
      [
        'value bigint!',
        'value numeric!',
        'value numeric(12,2)!',
        'value double precision!',
        'value timestamp with time zone!',
        'value character varying',
        'value text',
      ],
    );
    assert.deepEqual(union('order_id', 'status'), [
      'error union-types at "side_1": "value" is integer on one side and text in "side_1": they have no common type.',
    ]);
  });

  it('are turned, unpacked, filled and counted up', () => {
    assert.deepEqual(columnsOf(everyStep.pivot), {
      columns: ['customer_id integer!', 'paid numeric', 'unknown numeric'],
      keys: ['customer_id'],
    });
    assert.deepEqual(columnsOf(everyStep.pivot, everyStep.unpivot), {
      columns: ['customer_id integer!', 'status text!', 'amount numeric'],
      keys: ['customer_id+status'],
    });
    assert.deepEqual(columnsOf(everyStep.explode), {
      columns: [...orders, 'tag text', 'tag_number bigint'],
      keys: ['order_id+tag_number'],
    });
    assert.deepEqual(
      columnsOf({
        ...everyStep.fill,
        columns: [
          { name: 'status', with: "'none'" },
          { name: 'coupon', with: { carry: 'forward' } },
        ],
      }),
      {
        columns: changed({ status: 'status text!' }),
        keys: ['order_id'],
      },
    );
    assert.deepEqual(columnsOf(everyStep.series), { columns: ['day date!'], keys: ['day'] });
    assert.deepEqual(columnsOf({ name: 'n', kind: 'series', start: '1', stop: '10::bigint', as: 'number' }), {
      columns: ['number bigint!'],
      keys: ['number'],
    });
    assert.deepEqual(columnsOf(everyStep.hierarchy), {
      columns: [
        ...['customer_id integer!', 'name text!', 'country character varying(2)', 'referred_by integer'],
        ...['changed_at timestamp with time zone!', 'level integer!', 'path text!', 'root integer!'],
      ],
      keys: ['customer_id+root', 'name+root'],
    });
  });

  it('are open below a mistake, which is told once', () => {
    const wrong = { ...everyStep.derive, columns: [{ name: 'x', expr: 'nothing_like_it' }] };
    const found = columnsOf(
      wrong,
      { ...everyStep.filter, from: 's_derive', where: 'x > 1' },
      { ...everyStep.aggregate, from: 's_filter' },
    );
    assert.ok(Array.isArray(found));
    assert.equal(found.length, 1, found.join('\n'));
  });

  it('of a sql step are what PostgreSQL says', () => {
    const text = formatSpec(specWith(everyStep.sql, { ...everyStep.filter, from: 's_sql', where: 'orders > 1' }));
    assert.deepEqual(
      check(text).resolved?.steps.map(({ known }) => known),
      [false, false],
    );
    const columns = [{ name: 'orders', type: { kind: 'scalar', name: 'int8' }, nullable: true }] as const;
    const { resolved } = check(text, new Map([['s_sql', columns]]));
    assert.deepEqual(resolved?.steps.map(shownColumns), [['orders bigint'], ['orders bigint']]);
  });
});

const shownColumns = ({ columns }: Relation): string[] =>
  columns.map(({ name, type, nullable }) => `${name} ${formatPgType(type)}${nullable ? '' : '!'}`);
