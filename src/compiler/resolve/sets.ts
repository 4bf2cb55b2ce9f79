import { fixOf, replaceValue } from '../../spec/edits.ts';
import type { Fix } from '../../spec/problem.ts';
import { insertionOf } from '../../spec/write.ts';
import type { ExceptStep, IntersectStep, UnionStep, UnpivotStep } from '../../spec/spec.ts';
import { freeName } from '../reference/select.ts';
import type { Column, Relation, ResolvedInput } from '../resolved.ts';
import { commonType, hasEquality, text, words } from '../typeRules.ts';
import { unknownRelation, type StepContext } from './context.ts';
import { mergedDecimal } from './decimals.ts';
import { withKey } from './keys.ts';

/** Columns of one input after the other, brought to common types in the order in which PostgreSQL does it. */
export function resolveUnion(step: UnionStep, context: StepContext): Relation {
  const [first, ...rest] = context.inputs;
  if (!first) return unknownRelation;
  const columns = rest.reduce<readonly Column[] | undefined>(
    (before, input, index) =>
      before &&
      combined(before, inOrderOf(before, input, step.byName ?? false), { input, path: ['inputs', index + 1], context }),
    first.columns,
  );
  if (!columns) return unknownRelation;
  const all = step.all ?? true;
  if (!all) requireEquality(columns, ['name'], context);
  const estimates = context.inputs.map(({ rowEstimate }) => rowEstimate);
  const rows = estimates.reduce<number | undefined>(
    (sum, rowsOfOne) => (sum === undefined || rowsOfOne === undefined ? undefined : sum + rowsOfOne),
    0,
  );
  return {
    columns,
    known: true,
    uniqueKeys: all ? [] : [columns.map(({ name }) => name)],
    ...(rows !== undefined && { rowEstimate: rows }),
  };
}

export function resolveIntersect(step: IntersectStep | ExceptStep, context: StepContext): Relation {
  const [left, right] = context.inputs;
  if (!left || !right) return unknownRelation;
  const columns = combined(left.columns, right.columns, { input: right, path: ['right'], context });
  if (!columns) return unknownRelation;
  requireEquality(columns, ['name'], context);
  // What the right adds is at most a comparison: NULLs are those of the left, and for an intersection those of both.
  const own = columns.map((column, index) => ({
    ...column,
    nullable:
      (left.columns[index]?.nullable ?? true) && (step.kind === 'except' || (right.columns[index]?.nullable ?? true)),
  }));
  const uniqueKeys = step.all
    ? left.uniqueKeys
    : withKey(
        left.uniqueKeys,
        columns.map(({ name }) => name),
      );
  return {
    columns: own,
    known: true,
    uniqueKeys,
    ...(left.rowEstimate !== undefined && { rowEstimate: left.rowEstimate }),
  };
}

export function resolveUnpivot(step: UnpivotStep, context: StepContext): Relation {
  const [input] = context.inputs;
  if (!input) return unknownRelation;
  const turned = step.columns.map((name, index) => context.column(['columns', index], name, input));
  let type: Column['type'] | undefined;
  for (const [index, column] of turned.entries()) {
    if (!column) return unknownRelation;
    const common = type === undefined ? column.type : commonType(type, column.type);
    if (!common) {
      const sentence = `"${column.name}" is ${words(column.type)}, and the columns before it are ${words(type ?? text)}: they have no common type.`;
      context.report('union-types', ['columns', index], sentence);
      return unknownRelation;
    }
    type = common;
  }
  const kept = input.columns.filter(({ name }) => !step.columns.includes(name));
  collision(kept, step.nameColumn, ['nameColumn'], context);
  collision(kept, step.valueColumn, ['valueColumn'], context);
  const nullable = (step.keepNulls ?? false) && turned.some((column) => column?.nullable);
  const columns = [
    ...kept,
    { name: step.nameColumn, type: text, nullable: false },
    {
      name: step.valueColumn,
      type: type ?? text,
      nullable,
      ...mergedDecimal(
        type ?? text,
        turned.filter((column) => column !== undefined),
      ),
    },
  ];
  const uniqueKeys = input.uniqueKeys
    .filter((key) => !key.some((name) => step.columns.includes(name)))
    .map((key) => [...key, step.nameColumn]);
  return { columns, known: true, uniqueKeys };
}

/** A problem where a step would add a column whose name is taken. */
export function collision(
  columns: readonly Column[],
  name: string,
  path: readonly (string | number)[],
  context: StepContext,
): void {
  if (!columns.some((column) => column.name === name)) return;
  let free = `${name}_2`;
  while (columns.some((column) => column.name === free)) free += '_2';
  const span = context.positions.span(context.at(path));
  context.report('column-collision', path, `The rows have a column "${name}" already.`, {
    fix: { title: `Name it "${free}"`, edits: [{ ...span, text: JSON.stringify(free) }] },
  });
}

export function requireEquality(
  columns: readonly Column[],
  path: readonly (string | number)[],
  context: StepContext,
): void {
  for (const { name, type } of columns) {
    if (hasEquality(type)) continue;
    const isInterval = type.kind === 'scalar' && type.name === 'interval';
    const sentence = isInterval
      ? `"${name}" is an interval: to PostgreSQL 1 mon is 30 days, to Spark they differ. Use extract(epoch from …) of it.`
      : `"${name}" is ${words(type)}, which PostgreSQL cannot compare for equality.`;
    context.report('no-equality', path, sentence);
  }
}

interface Place {
  readonly input: ResolvedInput;
  readonly path: readonly (string | number)[];
  readonly context: StepContext;
}

/** A step that takes the expected columns out of an input that has them and more. */
function selected(first: readonly Column[], { input, path, context }: Place): { readonly fix?: Fix } {
  const names = first.map(({ name }) => name);
  if (!names.every((name) => input.columns.some((column) => column.name === name))) return {};
  const { positions, at, taken } = context;
  const name = freeName(`${input.name}_selected`, taken);
  const select = { name, kind: 'select', from: input.name, columns: names.map((column) => ({ name: column })) };
  const edits = [...insertionOf(positions, at([]), select), ...replaceValue(positions, at(path), JSON.stringify(name))];
  return fixOf(`Take the expected columns of "${input.name}" first`, edits);
}

const inOrderOf = (columns: readonly Column[], input: ResolvedInput, byName: boolean): readonly Column[] => {
  if (!byName || input.columns.length !== columns.length) return input.columns;
  return columns.flatMap(({ name }) => input.columns.find((column) => column.name === name) ?? []);
};

function combined(
  first: readonly Column[],
  second: readonly Column[],
  { input, path, context }: Place,
): readonly Column[] | undefined {
  if (first.length !== second.length) {
    const missing = first
      .filter(({ name }) => !input.columns.some((column) => column.name === name))
      .map(({ name }) => `"${name}"`);
    const sentence =
      first.length === input.columns.length
        ? `"${input.name}" has no column ${missing.join(', ')}.`
        : `"${input.name}" has ${input.columns.length} columns where ${first.length} ${first.length === 1 ? 'is' : 'are'} expected.`;
    context.report('column-count', path, sentence, selected(first, { input, path, context }));
    return undefined;
  }
  const columns: Column[] = [];
  for (const [index, column] of first.entries()) {
    const other = second[index];
    const type = other && commonType(column.type, other.type);
    if (!type) {
      const sentence = `"${column.name}" is ${words(column.type)} on one side and ${words(other?.type ?? text)} in "${input.name}": they have no common type.`;
      context.report('union-types', path, sentence);
      return undefined;
    }
    columns.push({
      name: column.name,
      type,
      nullable: column.nullable || other.nullable,
      ...(column.collation !== undefined && { collation: column.collation }),
      ...mergedDecimal(type, [column, other]),
    });
  }
  return columns;
}
