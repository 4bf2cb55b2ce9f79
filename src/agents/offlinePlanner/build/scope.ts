/** What the prompt is about: its tables, the one whose rows are read, its measures and its conditions. */
import type { CatalogueTable } from '../../../spec/catalogue.ts';
import type { Expr, Measure } from '../intent.ts';
import { columnId, tableId, type ColumnRef, type NameRef } from '../names.ts';
import { conditionsOf, tablesOf, type Conditions } from './conditions.ts';
import { countedOf, type Counted } from './counted.ts';
import { explicitJoin, type ExplicitJoin } from './explicitJoin.ts';
import type { Linker } from './linker.ts';
import { Renderer } from './render.ts';
import { baseOf } from './rowSet.ts';
import type { Said } from './said.ts';
import type { Wishes } from './wishes.ts';

export interface Focus extends Conditions {
  /** Whose rows are read, one by one. */
  readonly base: CatalogueTable;
  /** In the order of the prompt. */
  readonly tables: readonly CatalogueTable[];
  /** What the prompt names first: what a row of the result is, unless rows are grouped. */
  readonly subject: CatalogueTable;
  readonly counted: readonly Counted[];
  readonly explicit?: ExplicitJoin;
  /** All rows of this one stay, with or without rows of the base. */
  readonly kept?: CatalogueTable;
  /** Of `top`: the column by which rows are ranked, where it is no measure. */
  readonly rankedBy?: ColumnRef;
  readonly isGrouped: boolean;
  readonly exists: Conditions['exists'];
}

export function focusOf(wishes: Wishes, linker: Linker): Focus | undefined {
  const explicit = explicitJoin(wishes, linker);
  if (explicit === 'refused') return undefined;
  const ranking = rankingOf(wishes, linker);
  const measures = [
    ...wishes.of('measures').flatMap((clause) => clause.measures),
    ...(ranking.measure ? [ranking.measure] : []),
  ];
  const counted = measures.map((measure) => countedOf(measure, linker));
  if (counted.some((one) => one === undefined)) return undefined;
  const found = withoutTwins(counted.filter((one) => one !== undefined));
  const isGrouped = found.length > 0 || wishes.of('keys').length > 0;
  const named = namedTables(wishes, {
    linker,
    counted: found,
    isGrouped,
    ...(explicit && { explicit }),
    ...(ranking.column && { ranked: ranking.column }),
  });
  const [first] = named.leading;
  const said = saidBy(wishes);
  if (!first) {
    linker.refuse(said, 'No table or measure of this catalogue is named.');
    return;
  }
  const base = explicit?.custom?.base ?? baseOf(named.all, linker, said);
  if (!base) return undefined;
  const focus = found[0]?.table ?? (explicit ? base : first);
  const conditions = conditionsOf(wishes, { linker, focus, base, counted: found, isGrouped });
  if (!conditions) return undefined;
  const tables = [
    ...new Set([
      ...named.all,
      ...conditions.filters.flatMap(({ columns }) => columns.map(({ table }) => table)),
      ...(isGrouped ? conditions.exists.map(({ of }) => of) : []),
    ]),
  ];
  const last = explicit?.custom?.base ?? baseOf(tables, linker, said);
  if (!last) return undefined;
  if (last !== base) {
    linker.refuse(
      said,
      `${tableId(last)} has several rows for one of ${tableId(base)}: say “with” or “without ${tableId(last)}”.`,
    );
    return;
  }
  const keyTables = wishes
    .of('keys')
    .flatMap((clause) => clause.keys.flatMap((key) => (key.kind === 'name' ? tablesOf(key.name, linker) : [])));
  if (
    !explicit &&
    !sameBases(found, {
      base,
      linker,
      others: [...keyTables, ...conditions.filters.flatMap(({ columns }) => columns.map(({ table }) => table))],
    })
  )
    return undefined;
  if (explicit && !explicit.custom && !isGrouped && !explicit.tables.includes(base)) {
    linker.refuse(said, `Name ${tableId(base)} too, by which they belong together.`);
    return;
  }
  const kept = keptOf(wishes, { linker, base, ...(explicit && { explicit }) });
  if (kept === 'refused') return undefined;
  return {
    ...conditions,
    base,
    tables,
    subject: first,
    counted: found,
    isGrouped,
    ...(explicit && { explicit }),
    ...(kept && { kept }),
    ...(ranking.column && { rankedBy: ranking.column }),
  };
}

/** Measures that are counted over different rows cannot stand side by side: each would lose or repeat rows of the other. */
function sameBases(
  counted: readonly Counted[],
  { base, linker, others }: { base: CatalogueTable; linker: Linker; others: readonly CatalogueTable[] },
): boolean {
  for (const { measure, tables } of counted) {
    const own = linker.lexicon.links;
    const needed = [...new Set([...tables, ...others])];
    const alone = needed.find((one) => needed.every((other) => own.paths(one, other).length > 0));
    if (alone && alone !== base)
      linker.refuse(
        measure,
        `It is counted over rows of ${tableId(alone)}, the rest over rows of ${tableId(base)}: ask for it in a prompt of its own.`,
      );
  }
  return linker.refused.length === 0;
}

function saidBy(wishes: Wishes): Said {
  const join = wishes.first('join')?.join;
  return (
    join ??
    wishes.first('subject')?.rows.table ??
    wishes.first('measures')?.measures[0] ?? { text: 'the prompt', offset: 0 }
  );
}

/** `top 10 orders by total amount` ranks rows by a column; `top 10 customers by total amount` ranks sums. */
function rankingOf(wishes: Wishes, linker: Linker): { readonly measure?: Measure; readonly column?: ColumnRef } {
  const pick = wishes.first('pick')?.pick;
  if (pick?.kind !== 'top' || !pick.by) return {};
  const picked = pick.rows && pick.rows.table.tables.length > 0 ? linker.table(pick.rows.table) : undefined;
  if (pick.by.kind === 'measure') {
    const { measure } = pick.by;
    const names = [
      ...(measure.whole ? [measure.whole] : []),
      ...(measure.of?.kind === 'column' ? [measure.of.name] : []),
    ];
    const own =
      measure.aggregate === 'count'
        ? undefined
        : names.find((name) => picked && name.columns.some(({ table, rank }) => table === picked && rank < 3));
    const column = own && picked && linker.column(own, { wanted: 'number', within: [picked] });
    return column && column.table === picked ? { column } : { measure };
  }
  if (pick.by.kind === 'name' && wishes.of('measures').length === 0) {
    const column = linker.column(pick.by.name, picked ? { within: [picked] } : {});
    return column ? { column } : {};
  }
  return {};
}

const withoutTwins = (counted: readonly Counted[]): readonly Counted[] =>
  counted.filter(
    (one, at) => counted.findIndex((other) => other.name === one.name && identityOf(other) === identityOf(one)) === at,
  );

const identityOf = ({ of, conditions }: Counted): string =>
  JSON.stringify(
    [of, ...conditions].map((part) =>
      part?.parts.map((piece) => (typeof piece === 'string' ? piece : columnId(piece))),
    ),
  );

interface Naming {
  readonly linker: Linker;
  readonly counted: readonly Counted[];
  readonly explicit?: ExplicitJoin;
  readonly ranked?: ColumnRef;
  readonly isGrouped: boolean;
}

/** Every table that has to be read for the prompt's names; `leading`: what it may be about, the likeliest first. */
function namedTables(
  wishes: Wishes,
  { linker, counted, explicit, ranked, isGrouped }: Naming,
): { leading: readonly CatalogueTable[]; all: readonly CatalogueTable[] } {
  const pick = wishes.first('pick')?.pick;
  const picked = pick?.rows ? tablesOf(pick.rows.table, linker) : [];
  const subjects = wishes.of('subject').flatMap(({ rows }) => linker.table(rows.table) ?? []);
  const keys = wishes
    .of('keys')
    .flatMap((clause) =>
      clause.keys.flatMap((key) =>
        key.kind === 'name'
          ? tablesOf(key.name, linker)
          : key.of
            ? [linker.column(key.of, { wanted: 'time' })?.table ?? []].flat()
            : [],
      ),
    );
  const per = (pick?.per ?? []).flatMap((name) => tablesOf(name, linker));
  const columns = [...columnsOf(wishes, linker, isGrouped), ...(ranked ? [ranked] : [])].map(({ table }) => table);
  const kept = wishes.of('keepAll').flatMap(({ kept: name }) => linker.table(name) ?? []);
  const stands = [...new Set(linker.standIns.values())];
  const measured = counted.map(({ table }) => table);
  const leading = [
    ...(isGrouped ? measured : []),
    ...picked,
    ...(explicit?.tables ?? []),
    ...subjects,
    ...stands,
    ...columns,
    ...keys,
    ...spokenOf(wishes, linker),
  ];
  const all = [
    ...(leading[0] ? [leading[0]] : []),
    ...(explicit?.tables ?? []),
    ...counted.flatMap(({ tables }) => tables),
    ...picked,
    ...subjects,
    ...keys,
    ...per,
    ...columns,
    ...kept,
    ...stands,
  ];
  return { leading, all: [...new Set(all)] };
}

/** `orders shipped in 2024`: the table stands inside the column's phrase. */
const spokenOf = (wishes: Wishes, linker: Linker): readonly CatalogueTable[] =>
  wishes
    .of('filter')
    .flatMap(({ condition }) =>
      condition.kind === 'period' && condition.of ? (linker.column(condition.of, { wanted: 'time' })?.table ?? []) : [],
    );

/** Columns that the prompt names outside of conditions, measures and keys. */
function columnsOf(wishes: Wishes, linker: Linker, isGrouped: boolean): readonly ColumnRef[] {
  const renderer = new Renderer(linker);
  const ofExpr = (expr: Expr): readonly ColumnRef[] => renderer.expr(expr)?.columns ?? [];
  const ofName = (name: NameRef | undefined): readonly ColumnRef[] => (name ? [linker.column(name) ?? []].flat() : []);
  return wishes.clauses.flatMap((clause): readonly ColumnRef[] => {
    switch (clause.kind) {
      case 'columns':
        return clause.items.flatMap(({ expr }) => ofExpr(expr));
      case 'derive':
        return ofExpr(clause.expr);
      case 'change':
        return ofName(clause.column);
      case 'pivot':
        return ofName(clause.pivot.column);
      case 'window':
        return isGrouped
          ? []
          : [
              ...ofName(clause.window.of),
              ...ofName(clause.window.order),
              ...clause.window.per.flatMap((name) => (name.tables.length > 0 ? [] : ofName(name))),
            ];
      case 'order':
        return isGrouped
          ? []
          : clause.by.flatMap(({ by }) =>
              by.kind === 'name' ? ofName(by.name) : by.kind === 'measure' ? ofName(by.measure.whole) : [],
            );
      case 'pick':
        return clause.pick.kind !== 'top' && clause.pick.by?.kind === 'name' ? ofName(clause.pick.by.name) : [];
      default:
        return [];
    }
  });
}

interface Keeping {
  readonly linker: Linker;
  readonly base: CatalogueTable;
  readonly explicit?: ExplicitJoin;
}

function keptOf(wishes: Wishes, { linker, base, explicit }: Keeping): CatalogueTable | 'refused' | undefined {
  const [clause] = wishes.of('keepAll');
  const asked = clause ? linker.table(clause.kept) : explicit?.how === 'left' ? explicit.tables[0] : undefined;
  if (!asked || asked === base) return undefined;
  return asked;
}
