/** What comes out: columns, their names, order, number of rows, and where it goes. */
import type { Cursor } from '../cursor.ts';
import type { Call, Clause, Expr, Item, Order, Target } from '../intent.ts';
import type { NameRef } from '../names.ts';
import type { Token } from '../tokens.ts';
import { digits, expression, literal } from './expressions.ts';
import { alias, measure } from './measures.ts';
import { ranked } from './picks.ts';
import { rows } from './rows.ts';
import { directionOf } from './windows.ts';

const here = (cursor: Cursor): number => cursor.peek()?.offset ?? 0;

/** `order_id, status and quantity * unit_price as amount`. */
export function columns(cursor: Cursor): Clause | undefined {
  const offset = here(cursor);
  const only = cursor.take(
    'only the columns',
    'only columns',
    'only the column',
    'the columns',
    'columns',
    'keep the columns',
    'keep only the columns',
    'keep columns',
    'with the columns',
    'with columns',
    'only',
    'keep only',
    'keep',
  );
  const found = cursor.list(() => item(cursor));
  // `open orders` are rows, not a column called open: a list ends before what it is of.
  const at = cursor.at;
  const isBeforeTable = cursor.attempt(() => rows(cursor)) !== undefined;
  cursor.at = at;
  if (!found || isBeforeTable) return undefined;
  return { kind: 'columns', items: found, only: only !== undefined, offset };
}

function item(cursor: Cursor): Item | undefined {
  const before = cursor.at;
  if (cursor.attempt(() => measure(cursor))) return ((cursor.at = before), undefined);
  const expr = expression(cursor);
  if (!expr || ['number', 'text', 'date', 'boolean'].includes(expr.kind)) return undefined;
  const name = alias(cursor);
  if (expr.kind !== 'column' && name === undefined) {
    return cursor.at > before ? cursor.expect('“as” and a name for the new column') : undefined;
  }
  // A phrase that a table's name is too is that table.
  if (
    expr.kind === 'column' &&
    expr.name.tables.length > 0 &&
    !expr.name.columns.some(({ rank, distance }) => rank === 0 && distance === 0)
  )
    return undefined;
  return { expr, ...(name !== undefined && { name }) };
}

export function omit(cursor: Cursor): Clause | undefined {
  const offset = here(cursor);
  if (
    cursor.take(
      'leave out',
      'omit',
      'without the columns',
      'without the column',
      'without column',
      'without columns',
      'leaving out',
      'omitting',
      'hide',
    ) === undefined
  )
    return undefined;
  cursor.take('the');
  cursor.take('columns', 'column');
  const found = cursor.list(() => cursor.column());
  return found && { kind: 'omit', columns: found, offset };
}

/** `add a column margin as price - cost`, `compute margin = price - cost`, `with margin as price - cost`. */
export function derive(cursor: Cursor): Clause | undefined {
  const offset = here(cursor);
  const word = cursor.take(
    'add',
    'compute',
    'calculate',
    'derive',
    'with',
    'create',
    'define',
    'and',
    'adding',
    'plus',
    'set up',
    'make',
  );
  if (word === undefined) return undefined;
  cursor.skip('a', 'an', 'the', 'new', 'column', 'columns', 'field', 'called', 'named');
  const name = cursor.ownName();
  if (name === undefined || cursor.take('as', '=', 'being', 'which is', 'from', ':') === undefined) return undefined;
  const expr = expression(cursor);
  // `and net as amount` may as well rename.
  if (expr?.kind === 'column' && ['with', 'and', 'plus'].includes(word)) return undefined;
  return expr
    ? { kind: 'derive', name, expr, offset }
    : cursor.expect('how the column is made, such as price * quantity');
}

const changes: Readonly<Record<string, Call>> = {
  uppercase: 'upper',
  'upper case': 'upper',
  lowercase: 'lower',
  'lower case': 'lower',
  trim: 'trim',
  capitalize: 'initcap',
  capitalise: 'initcap',
};

/** `uppercase the country_code`, `round amount to 2 digits`, `replace missing phone with 'none'`. */
export function change(cursor: Cursor): Clause | undefined {
  const offset = here(cursor);
  return cursor.first(
    () => {
      const word = cursor.take(...Object.keys(changes));
      const name = word === undefined ? undefined : changes[word];
      const column = name && cursor.column();
      return name && column
        ? {
            kind: 'change' as const,
            column,
            make: (expr: Expr): Expr => ({ kind: 'call', name, args: [expr] }),
            offset,
          }
        : undefined;
    },
    () => {
      const column = cursor.take('round') && cursor.column();
      if (!column) return undefined;
      const sample = digits(cursor, { kind: 'column', name: column });
      if (sample?.kind !== 'call') return undefined;
      const rest = sample.args.slice(1);
      return {
        kind: 'change' as const,
        column,
        make: (expr: Expr): Expr => ({ kind: 'call', name: 'round', args: [expr, ...rest] }),
        offset,
      };
    },
    () => filled(cursor, offset),
  );
}

function filled(cursor: Cursor, offset: number): Clause | undefined {
  const word = cursor.take(
    'replace',
    'fill',
    'treat',
    'replace null',
    'replace missing',
    'replace empty',
    'fill missing',
    'fill null',
    'treat missing',
    'treat null',
    'fill in missing',
    'fill in',
    'set missing',
  );
  if (word === undefined) return undefined;
  const column = cursor.column();
  if (!column || cursor.take('with', 'by', 'as') === undefined) return undefined;
  // Only missing values are meant to go; `replace status with …` says too little.
  if (word === 'replace' || word === 'treat') return cursor.expect('“missing”: only missing values can be replaced');
  const value = literal(cursor);
  return (
    value && {
      kind: 'change',
      column,
      make: (expr) => ({ kind: 'call', name: 'coalesce', args: [expr, value] }),
      offset,
    }
  );
}

export function rename(cursor: Cursor): Clause | undefined {
  const offset = here(cursor);
  const word = cursor.take('rename', 'and rename', 'renaming', 'and', ',');
  if (word === undefined) return undefined;
  cursor.take('the');
  cursor.take('column');
  const from = cursor.column();
  if (!from || cursor.take('to', 'into') === undefined) return undefined;
  const to = cursor.ownName();
  return to === undefined ? undefined : { kind: 'rename', from, to, offset };
}

export function order(cursor: Cursor): Clause | undefined {
  const offset = here(cursor);
  const word = cursor.take(
    'sorted by',
    'sort by',
    'ordered by',
    'order by',
    'sort them by',
    'order them by',
    'sort the result by',
    'sorted',
    'in order of',
    'sort',
    'sort it by',
    'sort the rows by',
    'order the result by',
  );
  if (word === undefined) return undefined;
  if (word === 'sorted' && cursor.take('by') === undefined) {
    const direction = directionOf(cursor);
    if (!direction || cursor.take('by') === undefined) return undefined;
  }
  if (word === 'sort') cursor.take('by');
  const found = cursor.list(() => orderItem(cursor));
  return found ? { kind: 'order', by: found, offset } : cursor.expect('a column to sort by');
}

function orderItem(cursor: Cursor): Order | undefined {
  const by =
    cursor.attempt(() => ranked(cursor)) ??
    cursor.attempt(() => {
      const token = cursor.peek();
      if (token?.kind !== 'word' || !isOwn(cursor.tokens, token.value)) return cursor.expect('a column of the result');
      cursor.at += 1;
      return { kind: 'own' as const, name: token.value };
    });
  if (!by) return undefined;
  return { by, direction: directionOf(cursor) ?? 'asc' };
}

/** A name that the prompt gives itself, or that a measure or a stretch of time gets. */
const isOwn = (tokens: readonly Token[], name: string): boolean =>
  /^(?:day|week|month|quarter|year)$|_(?:count|rank|share)$|^(?:total|average|min|max|running|previous|next|distinct)_/.test(
    name,
  ) ||
  tokens.some(
    ({ value }, at) =>
      value === name &&
      (/^(?:as|called|named)$/.test(tokens[at - 1]?.value ?? '') || /^(?:as|=)$/.test(tokens[at + 1]?.value ?? '')),
  );

export function limit(cursor: Cursor): Clause | undefined {
  const offset = here(cursor);
  const word = cursor.take(
    'limit',
    'limit to',
    'limited to',
    'first',
    'only the first',
    'the first',
    'at most',
    'limit it to',
    'only',
  );
  const count = word === undefined ? undefined : cursor.number();
  if (count === undefined || !Number.isInteger(count) || count < 1) return undefined;
  const rows = cursor.take('rows', 'records', 'results', 'row');
  if (rows === undefined && !word?.startsWith('limit')) {
    // `first 100 orders`: the table follows.
    return cursor.attempt(() => cursor.table()) ? ((cursor.at -= 1), { kind: 'limit', count, offset }) : undefined;
  }
  return { kind: 'limit', count, offset };
}

export function distinct(cursor: Cursor): Clause | undefined {
  const offset = here(cursor);
  if (
    cursor.take(
      'distinct',
      'unique',
      'different',
      'without duplicates',
      'remove duplicates',
      'no duplicates',
      'removing duplicates',
      'and remove duplicates',
    ) === undefined
  )
    return undefined;
  return { kind: 'distinct', offset };
}

const into = [
  'into',
  'save as',
  'save it as',
  'save to',
  'save them as',
  'save the result as',
  'save the result to',
  'save the result in',
  'saved as',
  'write to',
  'write into',
  'write it to',
  'write the result to',
  'write the result into',
  'write them to',
  'store in',
  'store it in',
  'store as',
  'store the result in',
  'called',
  'named',
  'load into',
  'load it into',
  'in a table called',
  'as a table called',
  'as table',
  'into a table called',
  'into the table',
  'into table',
  'to the table',
  'call it',
  'call the result',
  'name it',
  'save into',
  'save it to',
  'to table',
  'save it into',
  'store into',
  'in a table named',
  'and call it',
  'put it into',
  'put them into',
  'put the result into',
  'insert into',
  'as a table named',
];

/** `into analytics.customer_totals, upsert on customer_id`. */
export function target(cursor: Cursor): Clause | undefined {
  const offset = here(cursor);
  const found = cursor.first(
    () => moded(cursor),
    (): Target | undefined => {
      const table = tableName(cursor);
      const keys = table === undefined ? undefined : keysOf(cursor);
      return table === undefined ? undefined : { table, ...(keys && { keys }) };
    },
  );
  if (!found) return undefined;
  const keys = found.keys ? undefined : cursor.attempt(() => modeOf(cursor));
  return { kind: 'target', target: { ...found, ...keys }, offset };
}

export function appendedTo(cursor: Cursor): Clause | undefined {
  const offset = here(cursor);
  const table = cursor.take('to', 'at the end of') === undefined ? undefined : cursor.ownName();
  return table === undefined ? undefined : { kind: 'target', target: { table }, offset };
}

function tableName(cursor: Cursor): string | undefined {
  if (cursor.take(...into) === undefined) return undefined;
  cursor.skip('the', 'a', 'table', 'new', 'called', 'named');
  return cursor.ownName();
}

const modes: Readonly<Record<string, NonNullable<Target['mode']>>> = {
  'append to': 'append',
  'append it to': 'append',
  'append the result to': 'append',
  'append them to': 'append',
  append: 'append',
  appending: 'append',
  'add to': 'append',
  'add them to': 'append',
  upsert: 'upsert',
  'upsert into': 'upsert',
  'upsert to': 'upsert',
  'upsert it into': 'upsert',
  'upsert them into': 'upsert',
  'merge into': 'upsert',
  replace: 'replace',
  replacing: 'replace',
  overwrite: 'replace',
  overwriting: 'replace',
  'keep the history': 'history',
  'keep history': 'history',
  'keeping history': 'history',
  'keeping the history': 'history',
  'with history': 'history',
  'as history': 'history',
  'as a history': 'history',
};

/** The mode with its table, or alone behind one. */
function moded(cursor: Cursor): Target | undefined {
  const word = cursor.take(...Object.keys(modes));
  const mode = word === undefined ? undefined : modes[word];
  if (!mode) return undefined;
  cursor.take('the');
  const named = /(?:to|into)$/.test(word ?? '') || mode === 'replace';
  if (mode === 'history') cursor.take('in', 'into');
  const bare = cursor.first(
    () => tableName(cursor),
    () => (named || mode === 'history' || word === 'append' ? freshName(cursor) : undefined),
  );
  const keys = keysOf(cursor);
  if (bare === undefined && mode === 'append' && word === 'add to') return undefined;
  return { mode, ...(bare !== undefined && { table: bare }), ...(keys && { keys }) };
}

/** A name of the user's own that no clause begins with. */
function freshName(cursor: Cursor): string | undefined {
  const token = cursor.peek();
  const behind = cursor.peek(1);
  const isLast =
    behind === undefined ||
    behind.kind === 'symbol' ||
    ['on', 'with', 'by', 'keyed', 'matching'].includes(behind.value);
  if (
    token?.kind !== 'word' ||
    !isLast ||
    ['on', 'by', 'and', 'with', 'mode', 'per', 'it', 'them'].includes(token.value)
  )
    return undefined;
  return cursor.ownName();
}

function modeOf(cursor: Cursor): Target | undefined {
  cursor.take(',', 'and', 'with', 'in', 'using');
  const word = cursor.take(
    'append',
    'append mode',
    'appending',
    'upsert',
    'upsert mode',
    'merge',
    'merging',
    'upserting',
    'replace',
    'replace mode',
    'replacing',
    'replacing it',
    'overwrite',
    'overwriting it',
    'overwrite mode',
    'history',
    'keeping history',
    'keeping the history',
    'history mode',
    'replacing what is there',
  );
  if (word === undefined) return undefined;
  const mode = word.startsWith('append')
    ? 'append'
    : /^(?:upsert|merg)/.test(word)
      ? 'upsert'
      : word.includes('history')
        ? 'history'
        : 'replace';
  const keys = keysOf(cursor);
  return { mode, ...(keys && { keys }) };
}

function keysOf(cursor: Cursor): readonly NameRef[] | undefined {
  return cursor.attempt(() => {
    if (cursor.take('on', 'keyed on', 'keyed by', 'with key', 'on key', 'on the key', 'matching on') === undefined)
      return undefined;
    cursor.take('key');
    return cursor.list(() => cursor.name(() => true));
  });
}
