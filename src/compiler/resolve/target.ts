import type { CatalogueTable } from '../../spec/catalogue.ts';
import { fixOf, removeValue, replaceValue } from '../../spec/edits.ts';
import { formatPgType, parsePgType, samePgType } from '../../spec/pgTypes.ts';
import type { JsonPath } from '../../spec/positions.ts';
import { didYouMean, suggest } from '../../spec/suggest.ts';
import { formatTableName, parseTableName } from '../../spec/tableName.ts';
import type { Column, Relation, ResolvedTarget, ResolvedTargetColumn } from '../resolved.ts';
import { assignment, words } from '../typeRules.ts';
import type { Reporter, ResolveInput } from './context.ts';
import { isUnique } from './keys.ts';

export interface TargetInput {
  readonly input: ResolveInput;
  readonly reporter: Reporter;
  readonly from: Relation;
}

/** What is written, compared with what the rows give and with the table that is there already. */
export function resolveTarget({ input, reporter, from }: TargetInput): ResolvedTarget {
  const { target } = input.spec;
  const tableName = parseTableName(target.table) ?? { name: target.table };
  const table = input.catalogue.find(tableName);
  const columns = target.columns.map((column): ResolvedTargetColumn => {
    const given = from.columns.find(({ name }) => name === column.name);
    return { ...column, pgType: parsePgType(column.type), ...(given && { given }) };
  });
  const resolved: ResolvedTarget = { target, tableName, from, columns, ...(table && { table }) };
  if (from.known) compareWithRows(resolved, reporter);
  if (table) compareWithTable(resolved, table, reporter);
  checkSources(input, resolved, reporter);
  return resolved;
}

function compareWithRows({ target, from, columns }: ResolvedTarget, reporter: Reporter): void {
  columns.forEach((column, index) => {
    const path: JsonPath = ['target', 'columns', index];
    if (column.given) compareColumn(column, column.given, { path, reporter });
    else missing(column.name, path);
  });
  const left = from.columns.filter(({ name }) => !columns.some((column) => column.name === name));
  if (left.length > 0) {
    const names = left.map(({ name }) => `"${name}"`).join(', ');
    reporter.report('target-column-unused', ['target', 'columns'], `The target leaves out ${names}.`, allColumns(left));
  }
  const needsKeys = target.mode === 'upsert' || target.mode === 'history';
  if (needsKeys && target.keys && !isUnique(from.uniqueKeys, target.keys)) {
    const names = target.keys.map((key) => `"${key}"`).join(', ');
    reporter.report(
      'target-keys-unproven',
      ['target', 'keys'],
      `It is not certain that no two rows of "${target.from}" share ${names}.`,
    );
  }

  function missing(name: string, path: JsonPath): void {
    const free = from.columns.filter((column) => !columns.some((declared) => declared.name === column.name));
    const suggestion = suggest(
      name,
      free.map((column) => column.name),
    );
    const edits =
      suggestion === undefined
        ? removeValue(reporter.positions, path)
        : replaceValue(reporter.positions, [...path, 'name'], JSON.stringify(suggestion));
    const title = suggestion === undefined ? `Take "${name}" out` : `Change to "${suggestion}"`;
    const sentence = `"${target.from}" gives no column "${name}".${didYouMean(suggestion)}`;
    reporter.report('target-column-missing', [...path, 'name'], sentence, fixOf(title, edits));
  }

  function allColumns(added: readonly Column[]) {
    const last = reporter.positions.node(['target', 'columns'])?.children?.at(-1);
    if (!last) return undefined;
    const json = added.map(
      ({ name, type }) => `, { "name": ${JSON.stringify(name)}, "type": "${formatPgType(type)}" }`,
    );
    return fixOf('Write them too', [{ offset: last.offset + last.length, length: 0, text: json.join('') }]);
  }
}

interface At {
  readonly path: JsonPath;
  readonly reporter: Reporter;
}

function compareColumn(column: ResolvedTargetColumn, given: Column, { path, reporter }: At): void {
  const declared = words(column.pgType);
  const value = words(given.type);
  const fix = fixOf(`Declare ${value}`, replaceValue(reporter.positions, [...path, 'type'], JSON.stringify(value)));
  switch (assignment(given.type, column.pgType)) {
    case 'refused': {
      const sentence = `"${column.name}" is ${value}, and ${declared} takes it only by a cast: \`${column.name}::${declared}\` in a derive step.`;
      reporter.report('target-type', [...path, 'type'], sentence, fix);
      break;
    }
    case 'lossy':
      // A number with other digits in every row is rounded on purpose.
      if (given.decimal?.shortened && declared.startsWith('numeric')) break;
      reporter.report(
        'lossy-type',
        [...path, 'type'],
        `"${column.name}" is ${value}, which may not fit into ${declared}.`,
        fix,
      );
      break;
    case 'same':
    case 'safe':
      warnOfOpenDigits(column, given, { path, reporter });
  }
  if (column.nullable === false && given.nullable) {
    const allow = replaceValue(reporter.positions, [...path, 'nullable'], 'true');
    const sentence = `"${column.name}" may be NULL, and the target column may not.`;
    reporter.report('target-nullable', [...path, 'nullable'], sentence, fixOf('Allow NULL', allow));
  }
}

function warnOfOpenDigits(column: ResolvedTargetColumn, given: Column, { path, reporter }: At): void {
  if (!given.decimal?.shortened || words(column.pgType) !== 'numeric') return;
  const at = [...path, 'type'];
  const sentence = `"${column.name}" has other digits in every row, and ${given.decimal.scale} after the point are kept of them.`;
  const fix = fixOf('Declare numeric(20,6)', replaceValue(reporter.positions, at, '"numeric(20,6)"'));
  reporter.report('open-digits', at, sentence, fix);
}

/** The table survives the run with its views, grants and keys: its columns are what they are. */
function compareWithTable({ target, columns }: ResolvedTarget, table: CatalogueTable, reporter: Reporter): void {
  const names = table.columns.map(({ name }) => name);
  columns.forEach((column, index) => {
    const path: JsonPath = ['target', 'columns', index];
    const existing = table.columns.find(({ name }) => name === column.name);
    if (!existing) {
      const suggestion = suggest(column.name, names);
      const fix =
        suggestion === undefined
          ? undefined
          : fixOf(
              `Change to "${suggestion}"`,
              replaceValue(reporter.positions, [...path, 'name'], JSON.stringify(suggestion)),
            );
      const sentence = `The table ${target.table} has no column "${column.name}".${didYouMean(suggestion)}`;
      reporter.report('target-table-column', [...path, 'name'], sentence, fix);
    } else if (!samePgType(parsePgType(existing.type), column.pgType)) {
      const fix = fixOf(
        `Declare ${existing.type}`,
        replaceValue(reporter.positions, [...path, 'type'], JSON.stringify(existing.type)),
      );
      const sentence = `"${column.name}" is ${existing.type} in the table ${target.table}, not ${words(column.pgType)}.`;
      reporter.report('target-table-type', [...path, 'type'], sentence, fix);
    }
  });
  const written = new Set([...columns.map(({ name }) => name), ...Object.values(target.history ?? {})]);
  const required = table.columns.filter(({ name, nullable }) => !nullable && !written.has(name));
  if (required.length > 0) {
    const list = required.map(({ name }) => `"${name}"`).join(', ');
    const sentence = `${list} of the table ${target.table} may not be NULL and ${required.length === 1 ? 'gets' : 'get'} no value.`;
    reporter.report('target-table-required', ['target', 'columns'], sentence);
  }
  tableKey(target.keys, target.mode, { table, reporter });
}

interface Table {
  readonly table: CatalogueTable;
  readonly reporter: Reporter;
}

/** A history holds several versions of a row, so its keys alone are not unique there. */
function tableKey(keys: readonly string[] | undefined, mode: string, { table, reporter }: Table): void {
  if (mode !== 'upsert' || !keys) return;
  const unique = [...(table.primaryKey ? [table.primaryKey] : []), ...table.uniqueKeys];
  const wanted = new Set(keys);
  if (unique.some((key) => key.length === wanted.size && key.every((column) => wanted.has(column)))) return;
  const [first] = unique;
  const fix =
    first &&
    fixOf(`Take ${first.join(', ')}`, replaceValue(reporter.positions, ['target', 'keys'], JSON.stringify(first)));
  const name = formatTableName({ schema: table.schema, name: table.name });
  const sentence = `The table ${name} has no unique key over ${keys.map((key) => `"${key}"`).join(', ')}.`;
  reporter.report('target-table-key', ['target', 'keys'], sentence, fix);
}

function checkSources({ spec }: ResolveInput, { tableName, table }: ResolvedTarget, reporter: Reporter): void {
  for (const source of spec.sources) {
    const read = parseTableName(source.table);
    if (read?.name !== tableName.name) continue;
    if ((read.schema ?? table?.schema) !== (tableName.schema ?? table?.schema)) continue;
    reporter.report(
      'target-is-source',
      ['target', 'table'],
      `The target ${spec.target.table} is also the source "${source.name}".`,
    );
  }
}
