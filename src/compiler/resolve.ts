import type { CatalogueTable, TableName } from '../spec/catalogue.ts';
import { fixOf, removeValue, replaceValue } from '../spec/edits.ts';
import { inputsOf, topological } from '../spec/inputs.ts';
import { parsePgType } from '../spec/pgTypes.ts';
import type { JsonPath } from '../spec/positions.ts';
import type { Problem } from '../spec/problem.ts';
import type { Source, Step } from '../spec/spec.ts';
import { didYouMean, suggest } from '../spec/suggest.ts';
import { formatTableName, parseTableName } from '../spec/tableName.ts';
import { queries } from './check/queries.ts';
import { advise } from './check/rule.ts';
import type { CompiledExpression } from './expressions/contract.ts';
import { reporterOf, reportUnknownColumn, stepContext, unknownRelation } from './resolve/context.ts';
import type { Reporter, ResolveInput } from './resolve/context.ts';
import { renamedKeys } from './resolve/keys.ts';
import { resolveStep } from './resolve/steps.ts';
import { resolveTarget } from './resolve/target.ts';
import type { Column, Relation, ResolvedInput, ResolvedSource, ResolvedSpec, ResolvedStep } from './resolved.ts';
import { isNumber, isOrdered, words } from './typeRules.ts';

export type { ExpressionCompiler, ResolveInput } from './resolve/context.ts';

/** Gives every source, step and target column its type. Pure; a user's mistake becomes a problem. */
export function resolve(input: ResolveInput): ResolvedSpec {
  const problems: Problem[] = [];
  const reporter = reporterOf(input.positions, problems);
  const sources = input.spec.sources.map((source, index) => resolveSource(source, index, { input, reporter }));
  const relations = new Map<string, Relation>();
  for (const source of sources) relations.set(source.source.name, source);
  const steps = topological(input.spec.steps).map(({ step, index }): ResolvedStep => {
    const inputs = inputsFor(step, relations);
    const expressions = new Map<string, CompiledExpression>();
    const context = stepContext({ input, reporter, index, name: step.name, inputs, expressions });
    const relation = resolveStep(step, context);
    relations.set(step.name, relation);
    return { ...relation, step, index, inputs, expressions };
  });
  checkReferences({ input, reporter });
  const from = relations.get(input.spec.target.from) ?? unknownRelation;
  const target = resolveTarget({ input, reporter, from });
  const resolved: ResolvedSpec = { sources, steps, target, problems };
  const { positions, parser, spec } = input;
  return {
    ...resolved,
    problems: [...problems, ...advise([queries], { resolved, positions, parser, checks: spec.checks ?? [] })],
  };
}

function inputsFor(step: Step, relations: ReadonlyMap<string, Relation>): ResolvedInput[] {
  return inputsOf(step).map(({ name }, index) => {
    const alias = step.kind === 'join' ? (index === 0 ? step.leftAs : step.rightAs) : undefined;
    const { columns, known, uniqueKeys, rowEstimate } = relations.get(name) ?? unknownRelation;
    return {
      name,
      qualifier: alias ?? name,
      columns,
      known,
      uniqueKeys,
      ...(rowEstimate !== undefined && { rowEstimate }),
    };
  });
}

interface Resolving {
  readonly input: ResolveInput;
  readonly reporter: Reporter;
}

function resolveSource(source: Source, index: number, { input, reporter }: Resolving): ResolvedSource {
  const tableName = parseTableName(source.table) ?? { name: source.table };
  const table = input.catalogue.find(tableName);
  if (!table) {
    reportUnknownTable(source.table, ['sources', index, 'table'], { input, reporter });
    return { ...unknownRelation, source, tableName };
  }
  const all = columnsOf(table);
  const whole: Relation = { columns: all, known: true, uniqueKeys: keysOf(table) };
  const columns = source.columns?.flatMap((name, at) => {
    const column = all.find((candidate) => candidate.name === name);
    const path = ['sources', index, 'columns', at];
    if (!column)
      reportUnknownColumn({ column: name, relation: whole, path, reporter, owner: `The table ${source.table}` });
    return column ?? [];
  });
  checkWatermark(source, whole, { index, reporter });
  const kept = new Map((columns ?? all).map(({ name }) => [name, name] as const));
  return {
    columns: columns ?? all,
    known: columns === undefined || columns.length === source.columns?.length,
    uniqueKeys: renamedKeys(whole.uniqueKeys, kept),
    ...(table.rowEstimate !== undefined && { rowEstimate: table.rowEstimate }),
    source,
    tableName,
    table,
  };
}

const keysOf = ({ primaryKey, uniqueKeys }: CatalogueTable): Relation['uniqueKeys'] => [
  ...(primaryKey ? [primaryKey] : []),
  ...uniqueKeys,
];

function reportUnknownTable(written: string, path: JsonPath, { input, reporter }: Resolving): void {
  const wanted: TableName = parseTableName(written) ?? { name: written };
  const { tables } = input.catalogue;
  // The right name in another schema is nearer than a similar one.
  const elsewhere = tables.find(({ name }) => name === wanted.name);
  const inSchema = tables.filter(({ schema }) => wanted.schema === undefined || schema === wanted.schema);
  const similar = suggest(wanted.name, new Set((inSchema.length > 0 ? inSchema : tables).map(({ name }) => name)));
  const table =
    elsewhere ?? inSchema.find(({ name }) => name === similar) ?? tables.find(({ name }) => name === similar);
  const suggestion = table && formatTableName({ schema: table.schema, name: table.name });
  reporter.report(
    'unknown-table',
    path,
    `The database has no table ${written}.${didYouMean(suggestion)}`,
    suggestion === undefined
      ? undefined
      : fixOf(`Change to ${suggestion}`, replaceValue(reporter.positions, path, JSON.stringify(suggestion))),
  );
}

interface Watched {
  readonly index: number;
  readonly reporter: Reporter;
}

function checkWatermark({ incremental, table }: Source, relation: Relation, { index, reporter }: Watched): void {
  if (!incremental) return;
  const path = ['sources', index, 'incremental', 'watermark'];
  const column = relation.columns.find(({ name }) => name === incremental.watermark);
  if (!column) {
    reportUnknownColumn({ column: incremental.watermark, relation, path, reporter, owner: `The table ${table}` });
    return;
  }
  const better = relation.columns.find(
    ({ type, nullable, name }) => isOrdered(type) && !nullable && name !== column.name,
  );
  const fix =
    better && fixOf(`Take "${better.name}"`, replaceValue(reporter.positions, path, JSON.stringify(better.name)));
  if (!isOrdered(column.type)) {
    reporter.report(
      'watermark-type',
      path,
      `"${column.name}" is ${words(column.type)}: neither a number nor a time.`,
      fix,
    );
  } else if (incremental.lateness !== undefined && isNumber(column.type)) {
    const late: JsonPath = ['sources', index, 'incremental', 'lateness'];
    const fix = fixOf('Take it out', removeValue(reporter.positions, late));
    reporter.report(
      'watermark-type',
      late,
      `A lateness is an interval, and "${column.name}" is ${words(column.type)}.`,
      fix,
    );
  } else if (column.nullable) {
    reporter.report('watermark-nullable', path, `Rows whose "${column.name}" is NULL are never read.`, fix);
  }
}

/** The tables that checks refer to. */
function checkReferences({ input, reporter }: Resolving): void {
  input.spec.checks?.forEach((check, index) => {
    if (check.kind !== 'references') return;
    const table = input.catalogue.find(parseTableName(check.table) ?? { name: check.table });
    if (!table) {
      reportUnknownTable(check.table, ['checks', index, 'table'], { input, reporter });
      return;
    }
    const relation: Relation = { columns: columnsOf(table), known: true, uniqueKeys: [] };
    check.tableColumns.forEach((column, at) => {
      if (table.columns.some(({ name }) => name === column)) return;
      const path = ['checks', index, 'tableColumns', at];
      reportUnknownColumn({ column, relation, path, reporter, owner: `The table ${check.table}` });
    });
  });
}

const columnsOf = (table: CatalogueTable): Column[] =>
  table.columns.map(({ name, type, nullable, collation }) => ({
    name,
    type: parsePgType(type),
    nullable,
    ...(collation !== undefined && { collation }),
  }));
