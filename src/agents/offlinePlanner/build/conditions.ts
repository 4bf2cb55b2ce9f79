/** Which rows are meant: every condition of the prompt, on the table that it speaks of. */
import type { CatalogueTable } from '../../../spec/catalogue.ts';
import type { Clause, ClauseOf, Condition, Having, Rows } from '../intent.ts';
import { sameColumn, tableId, type NameRef } from '../names.ts';
import { singularName, type Counted } from './counted.ts';
import { meaningOf } from './keyed.ts';
import type { Linker } from './linker.ts';
import { Renderer, type Sql } from './render.ts';
import type { ExistsWish } from './rowSet.ts';
import type { Wishes } from './wishes.ts';

export interface ExistsOf extends ExistsWish {
  /** Of whose rows it is said. */
  readonly of: CatalogueTable;
}

export interface Conditions {
  readonly filters: readonly Sql[];
  readonly exists: readonly ExistsOf[];
  /** Of groups: how many rows they must have. */
  readonly counts: readonly ExistsOf[];
}

export interface About {
  readonly linker: Linker;
  /** Of which a condition without a table speaks. */
  readonly focus: CatalogueTable;
  readonly base: CatalogueTable;
  readonly counted: readonly Counted[];
  readonly isGrouped: boolean;
}

export function conditionsOf(wishes: Wishes, about: About): Conditions | undefined {
  const filters: (Sql | undefined)[] = [];
  const exists: ExistsOf[] = [];
  const counts: ExistsOf[] = [];
  wishes.clauses.forEach((clause, at) => {
    switch (clause.kind) {
      case 'subject':
      case 'exclude':
        filters.push(...ofRows(clause.rows, clause.kind === 'exclude', about));
        break;
      case 'join':
        for (const rows of clause.join.rows) filters.push(...ofRows(rows, false, about));
        break;
      case 'pick':
        if (clause.pick.rows && clause.pick.rows.table.tables.length > 0)
          filters.push(...ofRows(clause.pick.rows, false, about));
        break;
      case 'filter':
        if (about.isGrouped) refuseSums(clause.condition, about);
        filters.push(new Renderer(about.linker).condition(clause.condition, about.focus));
        break;
      case 'having':
        if (!about.isGrouped) filters.push(asFilter(clause.having, about));
        break;
      case 'exists': {
        const of = nounBefore(wishes.clauses.slice(0, at), about) ?? about.focus;
        const found = existsOf(clause, of, about);
        if (!found) filters.push(undefined);
        else if ('filters' in found && !('table' in found)) filters.push(...found.filters);
        else if ('table' in found)
          (found.count && about.isGrouped && found.table === about.base && found.filters.length === 0
            ? counts
            : exists
          ).push(found);
        break;
      }
      default:
    }
  });
  if (filters.some((filter) => filter === undefined)) return undefined;
  return { filters: filters.filter((filter) => filter !== undefined), exists, counts };
}

/** `where … or total amount is over 100` beside the total amount of groups: nobody knows of which it is said. */
function refuseSums(condition: Condition, { linker, counted }: About): void {
  for (const name of namesIn(condition)) {
    const summed = counted.some(
      ({ of, aggregate }) =>
        aggregate === 'sum' && of?.columns.some((ref) => name.columns.some((reading) => sameColumn(reading, ref))),
    );
    if (summed && /^(?:total|sum)\s/i.test(name.text))
      linker.refuse(
        name,
        `Write the column's own name, such as ${name.phrase.replaceAll(' ', '_')}, or “having ${name.text}”.`,
      );
  }
}

/** The columns that a condition compares. */
function namesIn(condition: Condition): readonly NameRef[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.flatMap(namesIn);
    case 'not':
      return namesIn(condition.part);
    case 'compare':
      return [condition.left, condition.right].flatMap((side) => (side.kind === 'column' ? [side.name] : []));
    case 'between':
    case 'in':
    case 'like':
      return condition.of.kind === 'column' ? [condition.of.name] : [];
    case 'null':
    case 'blank':
      return [condition.of];
    case 'trait':
    case 'period':
      return condition.of ? [condition.of] : [];
  }
}

function ofRows(rows: Rows, negated: boolean, { linker }: About): readonly (Sql | undefined)[] {
  const table = linker.table(rows.table);
  if (!table) return [undefined];
  const renderer = new Renderer(linker, { within: [table] });
  // Of what is left out, each word leaves out by itself.
  return rows.conditions.map((part) => renderer.condition(negated ? opposite(part) : part, table));
}

export const opposite = (part: Condition): Condition =>
  part.kind === 'trait' ? { ...part, negated: !part.negated } : { kind: 'not', part };

/** `with total amount above 100` over rows that are not grouped speaks of a column. */
function asFilter({ measure, operator, value }: Having, { linker }: About): Sql | undefined {
  if (!measure.whole) {
    linker.refuse(measure, 'Say “per” what it is counted.');
    return;
  }
  return new Renderer(linker).condition({
    kind: 'compare',
    left: { kind: 'column', name: measure.whole },
    operator,
    right: value,
  });
}

/** The table that was named last before a place. */
function nounBefore(clauses: readonly Clause[], { linker }: About): CatalogueTable | undefined {
  for (const clause of [...clauses].reverse()) {
    const name = nounOf(clause);
    const table = name && linker.table(name);
    if (table) return table;
  }
  return undefined;
}

function nounOf(clause: Clause) {
  switch (clause.kind) {
    case 'subject':
      return clause.rows.table;
    case 'keys': {
      const last = clause.keys.at(-1);
      return last?.kind === 'name' && last.name.tables.length > 0 ? last.name : undefined;
    }
    case 'pick':
      return clause.pick.rows && clause.pick.rows.table.tables.length > 0 ? clause.pick.rows.table : undefined;
    case 'measures':
      return clause.measures.at(-1)?.rows?.table;
    default:
      return undefined;
  }
}

function existsOf(
  clause: ClauseOf<'exists'>,
  of: CatalogueTable,
  about: About,
): ExistsOf | { readonly filters: readonly Sql[] } | undefined {
  const { existence } = clause;
  const { linker, base } = about;
  const table = linker.table(existence.rows.table);
  if (!table) return undefined;
  const isSame = table === of;
  const ofBase =
    about.isGrouped && table === base && existence.rows.conditions.length > 0 && existence.count === undefined;
  if (isSame || (ofBase && rowsMeant(clause, { of, table }, about))) {
    if (existence.rows.conditions.length === 0 || existence.count) {
      linker.refuse(existence, `Of ${tableId(table)} itself that says nothing.`);
      return;
    }
    const rendered = ofRows(existence.rows, existence.negated, about);
    return rendered.some((part) => part === undefined)
      ? undefined
      : { filters: rendered.filter((part) => part !== undefined) };
  }
  const rendered = ofRows(existence.rows, false, about);
  if (rendered.some((part) => part === undefined)) return undefined;
  linker.assume(`“${existence.text}” is said of ${tableId(of)}.`);
  return {
    of,
    table,
    filters: rendered.filter((part) => part !== undefined),
    negated: existence.negated,
    said: existence,
    ...(existence.count && { count: existence.count }),
  };
}

/** `per customer without cancelled orders`: those orders do not count, or those customers do not. */
function rowsMeant(
  { existence }: ClauseOf<'exists'>,
  { of, table }: { of: CatalogueTable; table: CatalogueTable },
  { linker }: About,
): boolean {
  const choices = [
    {
      id: 'rows',
      label: existence.negated
        ? `Such rows of ${tableId(table)} do not count`
        : `Only such rows of ${tableId(table)} count`,
    },
    {
      id: 'groups',
      label: existence.negated
        ? `Every ${singularName(of)} that has one is left out`
        : `Only a ${singularName(of)} that has one is taken, with all rows`,
    },
  ];
  return (
    linker.ask({
      id: `said ${existence.text.toLowerCase()}`,
      text: `What does “${existence.text}” leave out?`,
      choices,
    }) !== 'groups'
  );
}

/** Tables that a name means by itself, whether it is a table's or a column's. */
export function tablesOf(name: NameRef, linker: Linker): readonly CatalogueTable[] {
  const meaning = meaningOf(name, linker);
  if (meaning === undefined) return [];
  if (meaning !== 'column') return [meaning];
  const column = linker.column(name);
  return column ? [column.table] : [];
}
