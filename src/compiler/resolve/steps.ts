import { parsePgType, samePgType, scalar } from '../../spec/pgTypes.ts';
import type { PgType } from '../../spec/pgType.ts';
import type { JsonPath } from '../../spec/positions.ts';
import type { NamedExpression, OrderItem, OutputColumn, Step, StepKind } from '../../spec/spec.ts';
import type { CompiledExpression, Scope, Use } from '../expressions/contract.ts';
import type { Column, Relation, ResolvedInput } from '../resolved.ts';
import { isBoolean, isNumber, isText, settled, text, words } from '../typeRules.ts';
import { columnOf, quoted, scopeOf, unknownRelation, type StepContext } from './context.ts';
import { resolveExplode } from './explode.ts';
import { ungrouped } from './grouping.ts';
import { resolveJoin } from './join.ts';
import { isUnique, keysWithout, renamedKeys, withKey, type Keys } from './keys.ts';
import { plainName } from './plainName.ts';
import { resolveSeries } from './series.ts';
import { collision, requireEquality, resolveIntersect, resolveUnion, resolveUnpivot } from './sets.ts';

type Resolver<Kind extends StepKind> = (step: Extract<Step, { kind: Kind }>, context: StepContext) => Relation;

/** The columns that each kind of step gives; every input is known. */
const resolvers: { readonly [Kind in StepKind]: Resolver<Kind> } = {
  filter: over((step, input, context) => {
    condition(['where'], step.where, { input, context });
    return input.rowEstimate === undefined ? input : { ...input, rowEstimate: input.rowEstimate * filterKeeps };
  }),
  derive: over((step, input, context) => {
    const added = namedColumns(step.columns, { scope: scopeOf(input), use: 'row', context });
    return added ? replacing(input, added) : unknownRelation;
  }),
  select: over((step, input, context) => {
    const columns = outputColumns(step.columns, 'columns', { input, context });
    if (!columns) return unknownRelation;
    const passed = step.columns.flatMap(({ name, expr }) => {
      const from = expr === undefined ? name : plainName(expr);
      return from === undefined ? [] : [[from, name] as const];
    });
    return { ...input, columns, uniqueKeys: renamedKeys(input.uniqueKeys, new Map(passed)) };
  }),
  rename: over((step, input, context) => {
    const names = new Map(input.columns.map(({ name }) => [name, name] as const));
    step.columns.forEach(({ from, to }, index) => {
      if (!context.column(['columns', index, 'from'], from, input)) return;
      names.set(from, to);
    });
    const untouched = input.columns.filter(({ name }) => !step.columns.some(({ from }) => from === name));
    step.columns.forEach(({ to }, index) => {
      collision(untouched, to, ['columns', index, 'to'], context);
    });
    const columns = input.columns.map((column) => ({ ...column, name: names.get(column.name) ?? column.name }));
    return { ...input, columns, uniqueKeys: renamedKeys(input.uniqueKeys, names) };
  }),
  join: resolveJoin,
  aggregate: over((step, input, context) => {
    const by = outputColumns(step.by, 'by', { input, context });
    const columns = namedColumns(step.columns, { scope: scopeOf(input), use: 'aggregate', context });
    ungrouped(step, context);
    if (!by || !columns) return unknownRelation;
    requireEquality(by, ['by'], context);
    const rowEstimate = by.length === 0 ? 1 : input.rowEstimate;
    return {
      ...{ columns: [...by, ...columns], known: true, uniqueKeys: [by.map(({ name }) => name)] },
      ...(rowEstimate !== undefined && { rowEstimate }),
    };
  }),
  window: over((step, input, context) => {
    const added = namedColumns(step.columns, { scope: scopeOf(input), use: 'window', context });
    step.columns.forEach(({ name }, index) => {
      collision(input.columns, name, ['columns', index, 'name'], context);
    });
    return added ? { ...input, columns: [...input.columns, ...added] } : unknownRelation;
  }),
  sort: over((step, input, context) => {
    orderItems(step.by, ['by'], { input, context });
    return input;
  }),
  limit: over((step, input, context) => {
    orderItems(step.by ?? [], ['by'], { input, context });
    return { ...input, rowEstimate: Math.min(step.count, input.rowEstimate ?? step.count) };
  }),
  distinct: over((_step, input, context) => {
    requireEquality(input.columns, ['name'], context);
    return {
      ...input,
      uniqueKeys: withKey(
        input.uniqueKeys,
        input.columns.map(({ name }) => name),
      ),
    };
  }),
  dedupe: over((step, input, context) => {
    const keys = step.keys.map((name, index) => context.column(['keys', index], name, input));
    requireEquality(
      keys.filter((key) => key !== undefined),
      ['keys'],
      context,
    );
    orderItems(step.order, ['order'], { input, context });
    const others = input.uniqueKeys.filter((key) => !isUnique([step.keys], key));
    return { ...input, uniqueKeys: [step.keys, ...others] };
  }),
  union: resolveUnion,
  intersect: resolveIntersect,
  except: resolveIntersect,
  pivot: over((step, input, context) => {
    const by = step.by.map((name, index) => context.column(['by', index], name, input));
    const column = context.expression(['column'], step.column, scopeOf(input));
    const value = context.expression(['aggregate'], step.aggregate, scopeOf(input), 'aggregate');
    if (column) checkPivotValues(step.values, settled(column.type), context);
    const groups = by.filter((found) => found !== undefined);
    if (!value || !column || groups.length < by.length) return unknownRelation;
    const columns = step.values.map(({ name }) => columnOf(name, value));
    return { columns: [...groups, ...columns], known: true, uniqueKeys: [step.by] };
  }),
  unpivot: resolveUnpivot,
  explode: over(resolveExplode),
  fill: over((step, input, context) => {
    step.partitionBy?.forEach((name, index) => context.column(['partitionBy', index], name, input));
    orderItems(step.orderBy ?? [], ['orderBy'], { input, context });
    const filled = step.columns.map((column, index) => filledColumn(column, index, { input, context }));
    return filled.some((column) => !column)
      ? unknownRelation
      : replacing(
          input,
          filled.filter((column) => column !== undefined),
        );
  }),
  series: resolveSeries,
  hierarchy: over((step, input, context) => {
    const key = context.column(['key'], step.key, input);
    const parent = context.column(['parent'], step.parent, input);
    if (step.startWith !== undefined) condition(['startWith'], step.startWith, { input, context });
    if (!key || !parent) return unknownRelation;
    const added = [
      { path: 'level', name: step.level, type: scalar('int4') },
      { path: 'path', name: step.path, type: text },
      { path: 'root', name: step.root, type: key.type },
    ].flatMap(({ path, name, type }) => {
      if (name === undefined) return [];
      collision(input.columns, name, [path], context);
      return [{ name, type, nullable: false }];
    });
    // A root inside another root's tree is reached from both.
    const uniqueKeys = step.startWith === undefined ? input.uniqueKeys : withRoot(input.uniqueKeys, step.root);
    return { ...input, columns: [...input.columns, ...added], uniqueKeys };
  }),
  sql(_step, context) {
    if (context.described) return { columns: describedColumns(context), known: true, uniqueKeys: [] };
    context.report(
      'described-later',
      ['query'],
      `The columns of "${context.name}" are known after PostgreSQL described it.`,
    );
    return unknownRelation;
  },
  python(step) {
    const columns = step.columns.map(({ name, type }) => ({ name, type: parsePgType(type), nullable: true }));
    return { columns, known: true, uniqueKeys: [] };
  },
};

/** PostgreSQL does not say by what it orders a text of a query: at worst by what it orders a text of an input. */
function describedColumns({ described = [], inputs }: StepContext): readonly Column[] {
  const collation = inputs
    .flatMap(({ columns }) => columns)
    .find((column) => column.collation !== undefined)?.collation;
  if (collation === undefined) return described;
  return described.map((column) => (isText(column.type) ? { ...column, collation } : column));
}

/** What PostgreSQL's planner assumes of a comparison that it knows nothing about. */
const filterKeeps = 1 / 3;

export function resolveStep(step: Step, context: StepContext): Relation {
  // What a mistake above has left open is not to be told again below; a sql or python step says its own columns.
  const open = context.inputs.some(({ known }) => !known);
  if (open && step.kind !== 'sql' && step.kind !== 'python') return unknownRelation;
  return (resolvers[step.kind] as (step: Step, context: StepContext) => Relation)(step, context);
}

function over<S extends Step>(
  resolver: (step: S, input: ResolvedInput, context: StepContext) => Relation,
): (step: S, context: StepContext) => Relation {
  return (step, context) => {
    const [input] = context.inputs;
    if (!input) return unknownRelation;
    const { columns, known, uniqueKeys, rowEstimate } = resolver(step, input, context);
    return { columns, known, uniqueKeys, ...(rowEstimate !== undefined && { rowEstimate }) };
  };
}

interface OverInput {
  readonly input: ResolvedInput;
  readonly context: StepContext;
}

function condition(path: JsonPath, expression: string, { input, context }: OverInput): void {
  const compiled = context.expression(path, expression, scopeOf(input));
  if (!compiled || compiled.type.kind === 'unknown' || isBoolean(compiled.type)) return;
  context.report('boolean-expected', path, `A condition is true or false; this is ${words(compiled.type)}.`);
}

interface Naming {
  readonly scope: Scope;
  readonly use: Use;
  readonly context: StepContext;
}

function namedColumns(list: readonly NamedExpression[], { scope, use, context }: Naming): Column[] | undefined {
  const columns = list.map(({ name, expr }, index) =>
    optionalColumn(name, context.expression(['columns', index, 'expr'], expr, scope, use)),
  );
  return complete(columns);
}

function outputColumns(
  list: readonly OutputColumn[],
  key: string,
  { input, context }: OverInput,
): Column[] | undefined {
  const scope = scopeOf(input);
  const columns = list.map(({ name, expr }, index) => {
    if (expr !== undefined) return optionalColumn(name, context.expression([key, index, 'expr'], expr, scope));
    if (!context.column([key, index, 'name'], name, input)) return undefined;
    return optionalColumn(name, context.implied(`${key}.${index}.expr`, quoted(name), scope));
  });
  return complete(columns);
}

const optionalColumn = (name: string, compiled: CompiledExpression | undefined): Column | undefined =>
  compiled && columnOf(name, compiled);

function complete(columns: readonly (Column | undefined)[]): Column[] | undefined {
  const found = columns.filter((column) => column !== undefined);
  return found.length === columns.length ? found : undefined;
}

function replacing(input: Relation, added: readonly Column[]): Relation {
  const byName = new Map(added.map((column) => [column.name, column] as const));
  const kept = input.columns.map((column) => byName.get(column.name) ?? column);
  const fresh = added.filter(({ name }) => !input.columns.some((column) => column.name === name));
  return { ...input, columns: [...kept, ...fresh], uniqueKeys: keysWithout(input.uniqueKeys, new Set(byName.keys())) };
}

function orderItems(items: readonly OrderItem[], path: JsonPath, { input, context }: OverInput): void {
  items.forEach(({ expr }, index) => {
    const key = context.expression([...path, index, 'expr'], expr, scopeOf(input), 'order');
    if (key) requireEquality([{ ...key, name: expr }], [...path, index, 'expr'], context);
  });
}

function filledColumn(
  { name, with: value }: Extract<Step, { kind: 'fill' }>['columns'][number],
  index: number,
  { input, context }: OverInput,
): Column | undefined {
  const column = context.column(['columns', index, 'name'], name, input);
  if (typeof value !== 'string') return column;
  const compiled = context.expression(['columns', index, 'with'], value, scopeOf(input));
  if (!column || !compiled) return undefined;
  if (samePgType(column.type, compiled.type))
    return columnOf(name, { ...compiled, nullable: column.nullable && compiled.nullable });
  // A literal takes the column's type, and numbers find a common one, as coalesce decides.
  const whole = context.implied(`columns.${index}.with`, `coalesce(${quoted(name)}, (${value}))`, scopeOf(input));
  if (whole) return columnOf(name, whole);
  const sentence = `"${name}" is ${words(column.type)} and its filling ${words(compiled.type)}: they have no common type.`;
  context.report('union-types', ['columns', index, 'with'], sentence);
  return undefined;
}

function checkPivotValues(
  values: Extract<Step, { kind: 'pivot' }>['values'],
  type: PgType,
  context: StepContext,
): void {
  values.forEach(({ value }, index) => {
    const fits =
      value === null || typeof value === 'string' || (typeof value === 'number' ? isNumber(type) : isBoolean(type));
    if (fits) return;
    const sentence = `The values of the pivot's column are ${words(type)}, not a ${typeof value}.`;
    const span = context.positions.span(context.at(['values', index, 'value']));
    context.report('union-types', ['values', index, 'value'], sentence, {
      fix: { title: 'Write it as a text', edits: [{ ...span, text: JSON.stringify(String(value)) }] },
    });
  });
}

const withRoot = (keys: Keys, root: string | undefined): Keys =>
  root === undefined ? [] : keys.map((key) => [...key, root]);
