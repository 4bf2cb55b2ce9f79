/** Faults in what a step is, by its kind; those inside its expressions stand in expressionFaults.ts. */
import type { JoinStep, OrderItem, Step } from '../../../src/spec/spec.ts';
import type { StepScope } from './mutation.ts';

export type StepFault = readonly [family: string, step: Step];

export function stepFaults(step: Step, scope: StepScope): readonly StepFault[] {
  switch (step.kind) {
    case 'filter':
      return [
        ['dropped filter', { ...step, where: 'true' }],
        ['inverted filter', { ...step, where: `not (${step.where})` }],
        ['null handling', { ...step, where: `coalesce(${step.where}, true)` }],
      ];
    case 'join':
      return joinFaults(step, scope);
    case 'aggregate':
      return step.by.length > 1
        ? step.by.map(({ name }, at) => [
            'group key',
            { ...step, by: step.by.with(at, { name, expr: nullOf(scope, name) }) },
          ])
        : [];
    case 'distinct':
      return [['distinct', { name: step.name, kind: 'filter', from: step.from, where: 'true' }]];
    case 'limit':
      return [
        ['limit', { ...step, count: step.count + 1 }],
        ['limit', { ...step, count: Math.max(0, step.count - 1) }],
        ['limit', { ...step, count: 1_000_000 }],
        ['limit', { ...step, offset: (step.offset ?? 0) + 1 }],
        ['limit', { ...step, offset: 0 }],
        ...orders(step.by ?? []).map((by): StepFault => ['limit order', { ...step, by }]),
      ];
    case 'dedupe':
      return [
        ['dedupe order', { ...step, keep: step.keep === 'last' ? 'first' : 'last' }],
        ...orders(step.order).map((order): StepFault => ['dedupe order', { ...step, order }]),
        ...(step.keys.length > 1 ? step.keys.map((_, at): StepFault => ['dedupe key', { ...step, keys: step.keys.toSpliced(at, 1) }]) : []), // prettier-ignore
        ...scope.outputs
          .filter(({ name, type }) => !step.keys.includes(name) && /^(text|integer|bigint|boolean)/.test(type))
          .slice(0, 2)
          .map(({ name }): StepFault => ['dedupe key', { ...step, keys: [...step.keys, name] }]),
        ['distinct', { name: step.name, kind: 'distinct', from: step.from }],
      ];
    case 'union':
      return [
        ['distinct', { ...step, all: step.all === false }],
        ['swapped columns', { ...step, byName: !step.byName }],
        ...step.inputs.map((input): StepFault => ['doubled rows', { ...step, inputs: [...step.inputs, input] }]),
        ...step.inputs.map((_, at): StepFault => ['lost rows', { ...step, inputs: step.inputs.toSpliced(at, 1) }]),
      ];
    case 'intersect':
    case 'except':
      return [
        ['distinct', { ...step, all: !step.all }],
        ['set operation', { ...step, kind: step.kind === 'except' ? 'intersect' : 'except' }],
        ['set operation', { name: step.name, kind: 'union', inputs: [step.left, step.right] }],
        ['swapped inputs', { ...step, left: step.right, right: step.left }],
      ];
    case 'pivot':
      return [
        ...step.values.map(({ name }, at): StepFault => ['pivot', { ...step, values: step.values.with(at, { name, value: 'elsewhere' }) }]), // prettier-ignore
        ['swapped columns', { ...step, values: step.values.map(({ name }, at) => ({ name, value: step.values.at(at - 1)?.value ?? null })) }], // prettier-ignore
      ];
    case 'unpivot':
      return [
        ['null handling', { ...step, keepNulls: !step.keepNulls }],
        ...step.columns.map((_, at): StepFault => ['lost rows', { ...step, columns: step.columns.toSpliced(at, 1) }]),
      ];
    case 'explode':
      return [['null handling', { ...step, keepEmpty: !step.keepEmpty }]];
    case 'fill':
      return [
        ...step.columns.flatMap(
          ({ name, with: given }, at): readonly StepFault[] =>
          typeof given === 'string'
            ? [['null handling', { ...step, columns: step.columns.with(at, { name, with: name }) }]]
            : [['fill order', { ...step, columns: step.columns.with(at, { name, with: { carry: given.carry === 'forward' ? 'backward' : 'forward' } }) }]], // prettier-ignore
        ),
        ...(step.partitionBy?.length ? [['fill partition', { ...step, partitionBy: [] }] as StepFault] : []),
        ...orders(step.orderBy ?? []).map((orderBy): StepFault => ['fill order', { ...step, orderBy }]),
      ];
    case 'series':
      return [
        ['boundary', { ...step, stop: `(${step.stop}) - (${step.step ?? '1'})` }],
        ['boundary', { ...step, start: `(${step.start}) + (${step.step ?? '1'})` }],
      ];
    case 'hierarchy':
      return [
        ...(step.startWith === undefined
          ? [['hierarchy', { ...step, startWith: `${step.key} = 1` }] as StepFault]
          : [['hierarchy', { ...step, startWith: `not (${step.startWith})` }] as StepFault]),
        ['hierarchy', { ...step, key: step.parent, parent: step.key }],
        ['hierarchy', { ...step, separator: step.separator === '>' ? '/' : '>' }],
      ];
    case 'rename':
      return pairsOf(step.columns.length).map(([one, other]) => [
        'swapped columns',
        {
          ...step,
          columns: step.columns.map(({ from, to }, at) => ({
            from,
            to: (at === one ? step.columns[other]?.to : at === other ? step.columns[one]?.to : to) ?? to,
          })),
        },
      ]);
    case 'select':
      return pairsOf(step.columns.length)
        .filter(([one, other]) => sameType(scope, step.columns[one]?.name, step.columns[other]?.name))
        .map(([one, other]) => [
          'swapped columns',
          {
            ...step,
            columns: step.columns.map(({ name, expr }, at) => {
              const from = at === one ? step.columns[other] : at === other ? step.columns[one] : { name, expr };
              return { name, expr: from?.expr ?? from?.name ?? name };
            }),
          },
        ]);
    case 'python':
      return pythonFaults.flatMap(([family, [code, otherCode], [sql, otherSql]]): readonly StepFault[] =>
        step.code.includes(code) && step.sql?.includes(sql)
          ? [[family, { ...step, code: step.code.replace(code, otherCode), sql: step.sql.replace(sql, otherSql) }]]
          : [],
      );
    case 'derive':
    case 'window':
    case 'sort':
    case 'sql':
      return [];
  }
}

type Exchange = readonly [from: string, to: string];

/** The same fault in both languages. */
const pythonFaults: readonly (readonly [family: string, code: Exchange, sql: Exchange])[] = [
  ['arithmetic', ['-orders["amount"]', 'orders["amount"]'], ['-amount', 'amount']],
  ['lost rows', ['orders.unionByName(turned)', 'turned'], ['select order_id, amount from orders union all ', '']],
  ['doubled rows', ['unionByName(turned)', 'unionByName(turned).unionByName(turned)'], ['-amount from orders', '-amount from orders union all select order_id, -amount from orders']], // prettier-ignore
];

function joinFaults(step: JoinStep, scope: StepScope): readonly StepFault[] {
  const on = step.on ?? [];
  const wrongKeys = on.flatMap((key, at) =>
    (['left', 'right'] as const).flatMap((side): readonly StepFault[] => {
      const columns = scope.of.get(step[side]) ?? [];
      const type = columns.find(({ name }) => name === key[side])?.type;
      const another = columns.find((column) => column.type === type && column.name !== key[side]);
      return another ? [['join key', { ...step, on: on.with(at, { ...key, [side]: another.name }) }]] : [];
    }),
  );
  const { where, ...without } = step;
  return [
    ...otherJoins(step.how).map((how): StepFault => ['join kind', { ...step, how }]),
    ...(on.length > 1 ? on.map((_, at): StepFault => ['join key', { ...step, on: on.toSpliced(at, 1) }]) : []),
    ...wrongKeys,
    ...(where === undefined
      ? []
      : [['dropped filter', on.length > 0 ? without : { ...step, where: 'true' }] as StepFault]),
    ...(step.how === 'asof' || step.how === 'cross' ? [] : [['null handling', { ...step, nullSafe: !step.nullSafe }] as StepFault]), // prettier-ignore
    ...(step.asof ? [['as-of direction', { ...step, asof: { ...step.asof, direction: step.asof.direction === 'forward' ? 'backward' : 'forward' } }] as StepFault] : []), // prettier-ignore
  ];
}

const otherJoins = (how: string): readonly ('inner' | 'left' | 'right' | 'full' | 'semi' | 'anti')[] => {
  switch (how) {
    case 'semi':
      return ['anti', 'inner'];
    case 'anti':
      return ['semi'];
    case 'cross':
    case 'asof':
      return [];
    default:
      return (['inner', 'left', 'right', 'full'] as const).filter((other) => other !== how);
  }
};

/** An order turned round, by its first item alone, or without it. */
function orders(by: readonly OrderItem[]): readonly (readonly OrderItem[])[] {
  const turned = by.map((item, at) => by.with(at, { ...item, direction: item.direction === 'desc' ? 'asc' : 'desc' }));
  const nulls = by.map((item, at) => {
    const last = item.nulls ?? (item.direction === 'desc' ? 'first' : 'last');
    return by.with(at, { ...item, nulls: last === 'last' ? 'first' : 'last' });
  });
  return [...turned, ...nulls, ...(by.length > 1 ? [by.slice(1)] : [])];
}

const pairsOf = (count: number): readonly (readonly [number, number])[] =>
  Array.from({ length: Math.max(0, count - 1) }, (_, at) => [at, at + 1] as const);

const sameType = ({ outputs }: StepScope, one = '', other = ''): boolean =>
  outputs.find(({ name }) => name === one)?.type === outputs.find(({ name }) => name === other)?.type;

const nullOf = ({ outputs }: StepScope, column: string): string =>
  `null::${outputs.find(({ name }) => name === column)?.type ?? 'text'}`;
