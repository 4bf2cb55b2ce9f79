/** Tables put together: joins, unions, and rows that must or must not have others. */
import type { Cursor } from '../cursor.ts';
import type { Clause, Condition, Existence, Rows } from '../intent.ts';
import type { NameRef } from '../names.ts';
import { condition } from './conditions.ts';
import { countCondition } from './measures.ts';
import { period } from './periods.ts';
import { rows } from './rows.ts';

type How = 'inner' | 'left' | 'full';

const joinVerbs: Readonly<Record<string, How>> = {
  join: 'inner',
  'inner join': 'inner',
  'left join': 'left',
  'left outer join': 'left',
  'full join': 'full',
  'full outer join': 'full',
  'outer join': 'full',
  combine: 'inner',
  match: 'inner',
  enrich: 'left',
};

/** `join A and B on key`, `A joined with B`, `left join A with B`. */
export function join(cursor: Cursor): Clause | undefined {
  const offset = cursor.offset;
  const start = cursor.at;
  const verb = cursor.take(...Object.keys(joinVerbs));
  const first = rows(cursor);
  if (!first) {
    if (verb !== undefined) cursor.expect('the tables that are joined');
    return undefined;
  }
  const middle = verb === undefined ? cursor.take(...Object.keys(between)) : undefined;
  if (verb === undefined && middle === undefined) return undefined;
  const tables: Rows[] = [first];
  if (middle !== undefined) {
    const next = rows(cursor);
    if (!next) {
      cursor.expect('the other table');
      return;
    }
    tables.push(next);
  }
  for (;;) {
    const next = cursor.attempt(() => {
      if (
        cursor.take(
          'and',
          ',',
          ', and',
          'with',
          'and with',
          'to',
          'and join with',
          'left join',
          'joined with',
          ', with',
          'on to',
        ) === undefined
      )
        return undefined;
      return rows(cursor);
    });
    if (!next) break;
    tables.push(next);
  }
  if (tables.length < 2) {
    cursor.expect('the other table');
    return;
  }
  const how = (verb === undefined ? between[middle ?? ''] : joinVerbs[verb]) ?? 'inner';
  const on = cursor.attempt(() => (cursor.take('on', 'using', 'by', 'via', 'over') ? pairs(cursor) : undefined));
  const text = cursor.tokens
    .slice(start, cursor.at)
    .map((token) => token.text)
    .join(' ');
  return { kind: 'join', join: { rows: tables, how, offset, text, ...(on && { on }) }, offset };
}

const between: Readonly<Record<string, How>> = {
  'joined with': 'inner',
  'joined to': 'inner',
  join: 'inner',
  'inner join': 'inner',
  'left joined with': 'left',
  'left join': 'left',
  'full join': 'full',
  'combined with': 'inner',
  'enriched with': 'left',
};

function pairs(cursor: Cursor): JoinOn | undefined {
  return cursor.list(() => {
    const left = cursor.column();
    if (!left) return undefined;
    const right = cursor.attempt(() => (cursor.take('=', 'equals', 'matches') ? cursor.column() : undefined));
    return { left, right: right ?? left };
  });
}
type JoinOn = readonly { readonly left: NameRef; readonly right: NameRef }[];

/** `including customers without orders`, `keeping all customers`: the other side may be missing. */
export function keepAll(cursor: Cursor): Clause | undefined {
  const offset = cursor.offset;
  const word = cursor.take(
    'including',
    'include',
    'also',
    'keeping',
    'keep',
    'even',
    'also include',
    'including those',
    'including also',
  );
  if (word === undefined) return undefined;
  cursor.skip('all', 'also', 'the', 'even');
  const kept = cursor.table();
  if (!kept) return undefined;
  const other = cursor.attempt(() => {
    if (cursor.take('without', 'without any', 'with no', 'that have no', 'who have no', 'having no') === undefined)
      return undefined;
    return cursor.table();
  });
  if (!other && !word.startsWith('keep')) return undefined;
  return { kind: 'keepAll', kept, offset, ...(other && { other }) };
}

const without = [
  'without',
  'without any',
  'with no',
  'that have no',
  'who have no',
  'which have no',
  'having no',
  'that do not have',
  'who do not have',
  'with zero',
  'not having any',
  'that have not any',
  'that have never had',
];
const having = [
  'with',
  'that have',
  'who have',
  'which have',
  'having',
  'that have any',
  'who have any',
  'with any',
  'with some',
  'that have at least one',
  'who have at least one',
  'with at least one',
];

/** `without orders since 2024`, `with at least 3 paid orders`. */
export function existence(cursor: Cursor): Clause | undefined {
  const found = existenceOf(cursor);
  return found && { kind: 'exists', existence: found, offset: found.offset };
}

function existenceOf(cursor: Cursor): Existence | undefined {
  const start = cursor.at;
  const offset = cursor.offset;
  const word = cursor.take(...without, ...having);
  if (word === undefined) return undefined;
  const negated = without.includes(word);
  const count = negated ? undefined : countCondition(cursor);
  cursor.take('any', 'a', 'an', 'one');
  const chosen = rows(cursor);
  if (!chosen || cursor.peek()?.text === '=') return undefined;
  const conditions = [...chosen.conditions, ...modifiers(cursor, chosen.table)];
  const text = cursor.tokens
    .slice(start, cursor.at)
    .map((token) => token.text)
    .join(' ');
  // `customers with orders without refunds`: of the one or of the other.
  const end = cursor.at;
  const isNested = cursor.attempt(() => existenceOf(cursor)) !== undefined;
  cursor.at = end;
  if (isNested) {
    cursor.expect('“and”, or another sentence: it may be said of either table');
    return undefined;
  }
  return { rows: { ...chosen, conditions }, negated, text, offset, ...(count && { count }) };
}

/** What follows and can only be about these rows, and what stands nearest to them. */
export function modifiers(cursor: Cursor, table: NameRef): readonly Condition[] {
  const found: Condition[] = [];
  for (;;) {
    const next = cursor.first(
      () => {
        const start = cursor.at;
        const days = period(cursor);
        const text = cursor.tokens
          .slice(start, cursor.at)
          .map((token) => token.text)
          .join(' ');
        return days && ({ kind: 'period', table, period: days, text } as const);
      },
      () => {
        if (cursor.take('with', 'where', 'whose', 'that are', 'that were', 'having', 'of') === undefined)
          return undefined;
        const own = condition(cursor);
        return own && isAbout(own, table) ? own : undefined;
      },
    );
    if (!next) return found;
    found.push(next);
  }
}

/** Whether every column of a condition may be one of the table. */
function isAbout(part: Condition, { tables }: NameRef): boolean {
  const own = (name: NameRef): boolean =>
    name.columns.some((reading) => tables.some(({ table }) => table === reading.table));
  switch (part.kind) {
    case 'and':
    case 'or':
      return part.parts.every((each) => isAbout(each, { tables } as NameRef));
    case 'not':
      return isAbout(part.part, { tables } as NameRef);
    case 'compare':
      return part.left.kind === 'column' && own(part.left.name) && part.right.kind !== 'column';
    case 'between':
    case 'in':
    case 'like':
      return part.of.kind === 'column' && own(part.of.name);
    case 'null':
    case 'blank':
      return own(part.of);
    case 'trait':
      return part.traits.every(({ readings }) =>
        readings.some((reading) => tables.some(({ table }) => table === reading.table)),
      );
    case 'period':
      return part.of !== undefined && own(part.of);
  }
}

/** `union A and B`, `stack A, B and C`, `A union all B`. */
export function union(cursor: Cursor): Clause | undefined {
  const offset = cursor.offset;
  const verb = cursor.take(
    'union',
    'union of',
    'union all',
    'union all of',
    'stack',
    'union distinct',
    'union distinct of',
    'the union of',
    'all rows of',
  );
  const tables: NameRef[] = [];
  let middle: string | undefined;
  for (;;) {
    const next = cursor.attempt(() => {
      if (tables.length > 0) {
        const word =
          verb === undefined
            ? cursor.take('union all', 'union', 'union distinct')
            : cursor.take('and', ',', ', and', 'with', 'on top of');
        if (word === undefined) return undefined;
        middle ??= word;
      }
      return cursor.table();
    });
    if (!next) break;
    tables.push(next);
  }
  const word = verb ?? middle;
  if (word === undefined || tables.length < 2) {
    if (verb !== undefined && verb !== 'all rows of') cursor.expect('two tables');
    return undefined;
  }
  if (verb === 'all rows of') cursor.take('together', 'combined');
  const plain = cursor.take('without duplicates', 'removing duplicates', 'keeping duplicates', 'with duplicates');
  const distinct =
    word.includes('distinct') || plain?.startsWith('without') === true || plain?.startsWith('removing') === true;
  const said = distinct || plain !== undefined || /all|stack/.test(word);
  return { kind: 'union', union: { tables, all: !distinct, said }, offset };
}
