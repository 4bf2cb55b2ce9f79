/** Faults that people and models put into a spec: each a spec that differs in one step, with the family it belongs to. */
import type { Expression, Spec, Step } from '../../src/spec/spec.ts';

export interface Mutation {
  readonly family: string;
  readonly step: string;
  readonly spec: Spec;
}

export function mutationsOf(spec: Spec): readonly Mutation[] {
  return spec.steps.flatMap((step, at) =>
    faultsOf(step).map(([family, faulty]) => ({
      ...{ family, step: step.name },
      spec: { ...spec, steps: spec.steps.with(at, faulty) },
    })),
  );
}

type Fault = readonly [family: string, step: Step];

function faultsOf(step: Step): readonly Fault[] {
  switch (step.kind) {
    case 'filter':
      return [
        ['dropped filter', { ...step, where: 'true' }],
        ['inverted filter', { ...step, where: `not (${step.where})` }],
        ...texts(step.where).map(([family, where]): Fault => [family, { ...step, where }]),
      ];
    case 'join':
      return [
        ...otherJoins(step.how).map((how): Fault => ['join kind', { ...step, how }]),
        ...((step.on ?? []).length > 1 ? [['lost join key', { ...step, on: (step.on ?? []).slice(1) }] as Fault] : []),
        ...(step.where === undefined ? [] : texts(step.where).map(([family, where]): Fault => [family, { ...step, where }])), // prettier-ignore
        ...(step.nullSafe ? [['null handling', { ...step, nullSafe: false }] as Fault] : []),
      ];
    case 'derive':
    case 'window':
    case 'aggregate':
      return [
        ...inList(step.columns, (column) =>
          texts(column.expr).map(([family, expr]) => [family, { ...column, expr }] as const),
        ).map(
          // prettier-ignore
          ([family, columns]): Fault => [family, { ...step, columns }],
        ),
        ...(step.kind === 'aggregate' && step.by.length > 1 ? inList(step.by, ({ name }) => [['group key', { name, expr: 'null::integer' }] as const]).map(([family, by]): Fault => [family, { ...step, by }]) : []), // prettier-ignore
      ];
    case 'select':
      return inList(
        step.columns,
        (column) =>
        column.expr === undefined ? [] : texts(column.expr).map(([family, expr]) => [family, { ...column, expr }] as const), // prettier-ignore
      ).map(([family, columns]): Fault => [family, { ...step, columns }]);
    case 'limit':
      return [
        ['limit', { ...step, count: step.count + 1 }],
        ['limit', { ...step, count: Math.max(0, step.count - 1) }],
        ['limit', { ...step, offset: (step.offset ?? 0) + 1 }],
      ];
    case 'dedupe':
      return [
        ['dedupe order', { ...step, keep: step.keep === 'last' ? 'first' : 'last' }],
        ...(step.keys.length > 1 ? [['dedupe key', { ...step, keys: step.keys.slice(1) }] as Fault] : []),
      ];
    case 'union':
      return [
        ['distinct', { ...step, all: step.all === false }],
        ['doubled rows', { ...step, inputs: [...step.inputs, step.inputs[0] ?? ''] }],
        ['lost rows', { ...step, inputs: step.inputs.slice(0, 1) }],
      ];
    case 'intersect':
    case 'except':
      return [
        ['distinct', { ...step, all: !step.all }],
        ['set operation', { ...step, kind: step.kind === 'except' ? 'intersect' : 'except' }],
        ['swapped inputs', { ...step, left: step.right, right: step.left }],
      ];
    case 'pivot':
      return texts(step.aggregate).map(([family, aggregate]): Fault => [family, { ...step, aggregate }]);
    case 'unpivot':
      return [['null handling', { ...step, keepNulls: !step.keepNulls }]];
    case 'explode':
      return [['null handling', { ...step, keepEmpty: !step.keepEmpty }]];
    case 'fill':
      return step.columns.flatMap(
        ({ name, with: given }, at): Fault[] =>
        typeof given === 'string'
          ? [['null handling', { ...step, columns: step.columns.with(at, { name, with: `null` }) }]]
          : [['fill direction', { ...step, columns: step.columns.with(at, { name, with: { carry: given.carry === 'forward' ? 'backward' : 'forward' } }) }]], // prettier-ignore
      );
    case 'series':
      return [['boundary', { ...step, stop: `(${step.stop}) + 1` }]];
    case 'hierarchy':
      return step.startWith === undefined
        ? []
        : [['hierarchy root', { ...step, startWith: `not (${step.startWith})` }]];
    case 'sql':
      return texts(step.query).map(([family, query]): Fault => [family, { ...step, query }]);
    case 'rename':
    case 'sort':
    case 'distinct':
    case 'python':
      return [];
  }
}

const otherJoins = (how: string): readonly ('inner' | 'left' | 'right' | 'full' | 'semi' | 'anti')[] => {
  switch (how) {
    case 'semi':
      return ['anti'];
    case 'anti':
      return ['semi'];
    case 'cross':
    case 'asof':
      return [];
    default:
      return (['inner', 'left', 'right', 'full'] as const).filter((other) => other !== how);
  }
};

/** Every list with one of its items exchanged. */
function inList<T>(
  items: readonly T[],
  others: (item: T) => readonly (readonly [string, T])[],
): readonly (readonly [string, readonly T[]])[] {
  return items.flatMap((item, at) => others(item).map(([family, other]) => [family, items.with(at, other)] as const));
}

const exchanges: readonly (readonly [family: string, from: RegExp, to: string])[] = [
  ['boundary', />=/, '>'],
  ['boundary', /<=/, '<'],
  ['boundary', /(?<![<>=-]) > /, ' >= '],
  ['boundary', /(?<![<>=-]) < /, ' <= '],
  ['equality', /(?<![<>=!:]) = /, ' <> '],
  ['and or', / and /, ' or '],
  ['and or', / or /, ' and '],
  ['arithmetic', / \+ /, ' - '],
  ['arithmetic', / - /, ' + '],
  ['arithmetic', / \* /, ' + '],
  ['integer division', / \/ /, ' * '],
  ['aggregate', /\bsum\(/, 'max('],
  ['aggregate', /\bavg\(/, 'max('],
  ['aggregate', /\bmin\(/, 'max('],
  ['aggregate', /\bmax\(/, 'min('],
  ['distinct', /\(distinct /, '('],
  ['distinct', /\bsum\((?!distinct)/, 'sum(distinct '],
  ['count', /\bcount\(\*\)/, 'count(nullif(1, 1))'],
  ['null handling', /\bcoalesce\(/, 'nullif('],
  ['null handling', / is not null/, ' is null'],
  ['null handling', / is null/, ' is not null'],
  ['null handling', / is distinct from /, ' <> '],
  ['rounding', /\bround\(/, 'trunc('],
  ['rounding', /\bceil\(/, 'floor('],
  ['window order', / desc\b/, ''],
  ['window order', /(order by \w+)(?! desc)/, '$1 desc'],
  ['window frame', /unbounded preceding/, '1 preceding'],
  ['window', /\brank\(/, 'row_number('],
  ['window', /\blag\(/, 'lead('],
  ['text', /\bupper\(/, 'lower('],
  ['text', /\blike\b/, 'not like'],
  ['number', /(?<![\w.'])(\d+)(?![\w.'])/, '1$1'],
  ['date', /date_trunc\('month'/, "date_trunc('year'"],
  ['date', /\bmonth\b/, 'day'],
];

/** Each exchange at the first place where it fits. */
const texts = (text: Expression): readonly (readonly [string, string])[] =>
  exchanges.flatMap(([family, from, to]) => {
    const other = text.replace(from, to);
    return other === text ? [] : [[family, other] as const];
  });
