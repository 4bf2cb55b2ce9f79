/** Rules as SQL: those that look at one row alone share one scan of the target. */
import { identifier, identifiers, literal, tableIdentifier } from '../../compiler/reference/identifier.ts';
import type { Check, CheckKind } from '../../spec/spec.ts';
import { parseTableName } from '../../spec/tableName.ts';
import type { Rule } from './rules.ts';

export interface RuleTable {
  /** The target, quoted. */
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** One statement for many rules: a column for each, in their order, with the number of rows that break it, as text. */
export function countsSql(rules: readonly Rule[], target: RuleTable): string {
  const unique = rules.filter(({ check }) => check.kind === 'unique');
  const counts = rules.map((rule, at) => {
    const count = unique.includes(rule)
      ? `select rows from datamorph_unique where rule = ${unique.indexOf(rule)}`
      : countOf(rule.check, target);
    return `(${count})::text as r${at}`;
  });
  return `${uniqueSql(unique, target)}select ${counts.join(',\n  ')}\nfrom ${target.table} as target`;
}

/** Behind each other in a UNION, so that PostgreSQL can give each to a worker of its own: they are what takes longest. */
function uniqueSql(rules: readonly Rule[], target: RuleTable): string {
  if (rules.length === 0) return '';
  const counts = rules.map(
    ({ check }, at) => `select ${at}, count(*) from (${brokenRows(check, target) ?? ''}) as broken`,
  );
  return `with datamorph_unique (rule, rows) as materialized (\n  ${counts.join('\n  union all ')}\n)\n`;
}

/** Rows that break the rule, the first `limit` of them, as JSON; undefined where no single row does. */
export function brokenRowsSql({ check }: Rule, target: RuleTable, limit: number): string | undefined {
  const rows = brokenRows(check, target);
  return rows && `select to_jsonb(broken)::text as row from (${rows}\n) as broken limit ${limit}`;
}

type Of<Kind extends CheckKind> = Extract<Check, { readonly kind: Kind }>;

/** What an aggregate over the whole target says; the statement's FROM is the target. */
function countOf(check: Check, target: RuleTable): string {
  switch (check.kind) {
    case 'notNull':
    case 'accepted':
    case 'range':
      return `count(*) filter (where ${brokenWhen(check, target)})`;
    case 'rowCount': {
      const outside = [
        ...(check.min === undefined ? [] : [`count(*) < ${check.min}`]),
        ...(check.max === undefined ? [] : [`count(*) > ${check.max}`]),
      ];
      return outside.length === 0 ? '0' : `case when ${outside.join(' or ')} then 1 else 0 end`;
    }
    case 'unique':
    case 'references':
    case 'sql':
      return `select count(*) from (${brokenRows(check, target) ?? ''}\n) as broken`;
  }
}

function brokenRows(check: Check, target: RuleTable): string | undefined {
  switch (check.kind) {
    case 'notNull':
    case 'accepted':
    case 'range':
      return `select * from ${target.table} as target where ${brokenWhen(check, target)}`;
    case 'unique': {
      const keys = identifiers(check.columns);
      const known = check.columns.map((name) => `${identifier(name)} is not null`).join(' and ');
      // As PostgreSQL's own constraints have it: a NULL equals nothing.
      return `select ${keys}, count(*) as rows from ${target.table} as target where ${known} group by ${keys} having count(*) > 1`;
    }
    case 'references':
      return unmatched(check, target);
    case 'sql':
      // Nothing that stands behind the query could be swallowed by a comment at its end.
      return `with target as (select * from ${target.table})\nselect * from (\n${check.query}\n) as broken`;
    case 'rowCount':
      return undefined;
  }
}

function unmatched({ columns, table, tableColumns }: Of<'references'>, target: RuleTable): string {
  const name = parseTableName(table);
  const other = name ? tableIdentifier(name) : identifier(table);
  const same = columns.map((column, at) => `other.${identifier(tableColumns[at] ?? column)} = target.${identifier(column)}`); // prettier-ignore
  const known = columns.map((column) => `target.${identifier(column)} is not null`);
  return `select target.* from ${target.table} as target where ${known.join(' and ')} and not exists (select from ${other} as other where ${same.join(' and ')})`;
}

/** A NULL breaks no rule but the one that forbids it. */
function brokenWhen(check: Of<'notNull'> | Of<'accepted'> | Of<'range'>, target: RuleTable): string {
  const column = `target.${identifier(check.column)}`;
  const type = target.columns.find(({ name }) => name === check.column)?.type ?? 'text';
  const value = (given: string | number | boolean): string => `${literal(String(given))}::${type}`;
  switch (check.kind) {
    case 'notNull':
      return `${column} is null`;
    case 'accepted':
      return `${column} not in (${check.values.map(value).join(', ')})`;
    case 'range':
      return [
        ...(check.min === undefined ? [] : [`${column} < ${value(check.min)}`]),
        ...(check.max === undefined ? [] : [`${column} > ${value(check.max)}`]),
      ].join(' or ');
  }
}
