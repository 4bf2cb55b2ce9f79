/** Measures, once it is known which columns they mean. */
import type { CatalogueTable } from '../../../spec/catalogue.ts';
import type { Aggregate, Measure } from '../intent.ts';
import { fits, sameColumn, tableId, type ColumnRef, type NameRef } from '../names.ts';
import { singular } from '../wordForms.ts';
import type { Linker } from './linker.ts';
import { Renderer, sql, type Sql } from './render.ts';

export interface Counted {
  readonly measure: Measure;
  readonly aggregate: Aggregate;
  /** Whose rows are counted or hold the value. */
  readonly table: CatalogueTable;
  /** Left out where rows are counted. */
  readonly of?: Sql;
  readonly conditions: readonly Sql[];
  readonly name: string;
  readonly tables: readonly CatalogueTable[];
}

export function countedOf(measure: Measure, linker: Linker): Counted | undefined {
  const owner = measure.rows && linker.table(measure.rows.table);
  const renderer = new Renderer(linker, owner ? { within: [owner] } : {});
  const conditions = (measure.rows?.conditions ?? []).map((part) => renderer.condition(part, owner));
  if (conditions.some((part) => part === undefined)) return undefined;
  const kept = conditions.filter((part) => part !== undefined);
  const given = { measure, aggregate: measure.aggregate, conditions: kept };
  const extra = kept.flatMap(({ columns }) => columns.map(({ table }) => table));
  if (!measure.of) {
    const table = owner;
    const name = measure.name ?? `${measure.rows?.table.phrase.replaceAll(' ', '_') ?? 'row'}_count`;
    return table ? { ...given, table, name, tables: [table, ...extra] } : undefined;
  }
  if (measure.aggregate === 'count' && !measure.distinct && measure.of.kind === 'column') {
    const summed = isSum(measure, measure.of.name, linker);
    if (summed === undefined) return undefined;
    if (summed) return countedOf({ ...measure, aggregate: 'sum' }, linker);
  }
  const wanted = measure.aggregate === 'sum' || measure.aggregate === 'avg' ? 'number' : 'any';
  const merged = measure.whole && measure.of.kind === 'column' ? mergedName(measure.whole, measure.of.name) : undefined;
  const of = merged ? renderer.expr({ kind: 'column', name: merged }, 'number') : renderer.expr(measure.of, wanted);
  const tables = of?.columns.map(({ table }) => table) ?? [];
  const [first] = tables;
  if (!of) return undefined;
  if (!first) {
    linker.refuse(measure, 'A sum needs a column.');
    return;
  }
  const table =
    tables.find((one) => tables.every((other) => linker.lexicon.links.paths(one, other).length > 0)) ?? first;
  if (measure.of.kind === 'column')
    linker.assume(
      `“${measure.text}” is ${wordFor[measure.aggregate](measure.distinct)} ${tableId(of.columns[0]?.table ?? table)}.${of.columns[0]?.column.name ?? ''}.`,
    );
  return {
    ...given,
    table,
    of,
    name: measure.name ?? nameFor(measure, of.columns),
    tables: [...tables, ...(owner ? [owner] : []), ...extra],
  };
}

/** `number of beds` where beds is a number: how many there are, or in how many rows it is known. */
function isSum({ text }: Measure, name: NameRef, linker: Linker): boolean | undefined {
  const column = linker.column(name);
  if (!column) return undefined;
  if (!fits(column.column, 'number')) return false;
  const choices = [
    { id: 'sum', label: `The sum of ${column.column.name}` },
    { id: 'rows', label: `The number of rows that have a ${column.column.name}` },
  ];
  return linker.ask({ id: `count ${name.phrase}`, text: `What is “${text}”?`, choices }) !== 'rows';
}

const wordFor: Readonly<Record<Aggregate, (distinct: boolean) => string>> = {
  sum: () => 'the sum of',
  avg: () => 'the average of',
  min: () => 'the least',
  max: () => 'the greatest',
  count: (distinct) => (distinct ? 'the number of different values of' : 'the number of known values of'),
};

/** Without a name of their own, measures are called after what they do. */
function nameFor(measure: Measure, columns: readonly ColumnRef[]): string {
  const [first, ...others] = columns;
  const base = others.length > 0 || !first ? 'value' : snake(first.column.name);
  switch (measure.aggregate) {
    case 'sum':
      return base.startsWith('total') ? base : `total_${base}`;
    case 'avg':
      return `average_${base}`;
    case 'min':
      return `min_${base}`;
    case 'max':
      return `max_${base}`;
    case 'count':
      return measure.distinct ? `distinct_${base}_count` : `${base}_count`;
  }
}

const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

/** The aggregate's SQL over rows of the base; `once` counts a table's rows that stand there several times. */
export function aggregateSql(
  counted: Counted,
  options: { readonly once?: ColumnRef; readonly filter?: Sql; readonly kept?: ColumnRef },
): Sql {
  const { measure, of } = counted;
  const { once, filter, kept } = options;
  const inner = of
    ? sql([measure.distinct ? 'distinct ' : '', of])
    : once
      ? sql(['distinct ', once])
      : kept
        ? sql([kept])
        : sql(['*']);
  const call = sql([`${measure.aggregate}(`, inner, ')']);
  const filtered = filter ? sql([call, ' filter (where ', filter, ')']) : call;
  if (measure.digits === undefined) return filtered;
  const isFloat = of?.columns.some(({ column }) => /^(?:real|double)/.test(column.type));
  return sql([
    'round(',
    isFloat ? sql([filtered, '::numeric']) : filtered,
    measure.digits > 0 ? `, ${measure.digits})` : ')',
  ]);
}

/** The name with the word of the sum in it and the one without: whichever is a column's. */
const mergedName = (whole: NameRef, of: NameRef): NameRef => ({
  ...whole,
  columns: [...whole.columns.filter(({ column }) => fits(column, 'number')), ...of.columns],
});

export const singularName = ({ name }: CatalogueTable): string => {
  const words = name.toLowerCase().split('_');
  return [...words.slice(0, -1), singular(words.at(-1) ?? '')].join('_');
};

/** No two columns of a result bear one name. */
export function namesOf(
  counted: readonly Counted[],
  keys: readonly { readonly name: string }[],
): readonly (readonly [Counted, string])[] {
  const taken = new Set(keys.map(({ name }) => name));
  return counted.map((one) => {
    const trait = one.measure.rows?.conditions[0];
    const word = trait?.kind === 'trait' ? trait.traits[0]?.text.toLowerCase().replace(/[^a-z0-9]+/g, '_') : undefined;
    const differ = counted.filter(({ name }) => name === one.name).length > 1;
    let name = differ && word !== undefined && one.measure.name === undefined ? `${word}_${one.name}` : one.name;
    for (let number = 2; taken.has(name); number++) name = `${one.name}_${number}`;
    taken.add(name);
    return [one, name] as const;
  });
}

/** The measure of the result that these words name. */
export function measureLike(measure: Measure, counted: readonly Counted[], linker: Linker): Counted | undefined {
  const names = [measure.whole, measure.of?.kind === 'column' ? measure.of.name : undefined].flatMap(
    (name) => name ?? [],
  );
  const owner = measure.rows && linker.table(measure.rows.table);
  return counted.find((one) => {
    if (one.aggregate !== measure.aggregate || one.measure.distinct !== measure.distinct) return false;
    if (!one.of) return owner === one.table;
    const [column] = one.of.columns;
    return (
      one.of.parts.length === 1 &&
      column !== undefined &&
      names.some((name) => name.columns.some((reading) => sameColumn(reading, column)))
    );
  });
}
