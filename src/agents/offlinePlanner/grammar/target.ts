/** Where the result goes, and how it comes together with what is there. */
import type { Cursor } from '../cursor.ts';
import type { Clause, Target } from '../intent.ts';
import type { NameRef } from '../names.ts';

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
  const offset = cursor.offset;
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
  const offset = cursor.offset;
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
    return cursor.list(() => cursor.name(() => true) ?? ownKey(cursor));
  });
}

/** A column that the result has and the database has not, such as `month`. */
function ownKey(cursor: Cursor): NameRef | undefined {
  const token = cursor.peek();
  if (token?.kind !== 'word') return undefined;
  cursor.at += 1;
  return { text: token.text, offset: token.offset, phrase: token.words.join(' '), tables: [], columns: [] };
}
