import type { Catalogue, CatalogueTable } from '../../spec/catalogue.ts';
import type { GlossaryTerm } from '../planner.ts';
import { linksOf, type Links } from './foreignKeys.ts';
import type { ColumnReading, NameRef, Rank, TableReading } from './names.ts';
import type { Token } from './tokens.ts';
import { phraseSynonyms, singular, synonymsOf, wordsOf } from './wordForms.ts';
import { clauseWords, grammarWords } from './vocabulary.ts';

/** What the words of a prompt can mean in this catalogue. */
export interface Lexicon {
  readonly catalogue: Catalogue;
  readonly links: Links;
  /** The tables whose names stand in the prompt. */
  readonly mentioned: readonly CatalogueTable[];
  /** The longest name that begins at a token, and how many tokens it takes. */
  nameAt(tokens: readonly Token[], at: number): { readonly name: NameRef; readonly length: number } | undefined;
  /** For hints: names that the prompt could have meant. */
  readonly known: readonly string[];
}

export interface LexiconOptions {
  readonly catalogue: Catalogue;
  readonly tokens: readonly Token[];
  readonly glossary?: readonly GlossaryTerm[];
}

/** Names of more words than this are not looked for. */
const longestName = 6;
/** Beyond this many tables only whole names are looked for, where the prompt names no table. */
const small = 300;

export function createLexicon({ catalogue, tokens, glossary = [] }: LexiconOptions): Lexicon {
  const links = linksOf(catalogue);
  const tables = tableForms(catalogue);
  const terms = new Map(glossary.map(({ term, meaning }) => [wordsOf(term).join(' '), wordsOf(meaning)] as const));
  const lookTable = (words: readonly string[]): readonly TableReading[] => readTable(words, { tables, terms });
  const mentioned = mentionedTables(tokens, lookTable);
  const near = nearby(mentioned.length > 0 ? mentioned : catalogue.tables, {
    links,
    catalogue,
    follow: mentioned.length > 0,
  });
  const partial = mentioned.length > 0 || catalogue.tables.length <= small;
  const columns = columnForms(near, partial);
  const lookColumn = (words: readonly string[]): readonly ColumnReading[] => readColumn(words, { columns, terms });
  return {
    catalogue,
    links,
    mentioned,
    known: [...near].flatMap(([table]) => [table.name, ...table.columns.map(({ name }) => name)]),
    nameAt: remembering((all, at) => longest(all, at, { lookTable, lookColumn })),
  };
}

/** Many rules look at the same word. */
function remembering(look: Lexicon['nameAt']): Lexicon['nameAt'] {
  const known = new Map<Token, ReturnType<Lexicon['nameAt']>>();
  return (tokens, at) => {
    const token = tokens[at];
    if (!token || known.has(token)) return token && known.get(token);
    const found = look(tokens, at);
    known.set(token, found);
    return found;
  };
}

interface Looking {
  readonly lookTable: (words: readonly string[]) => readonly TableReading[];
  readonly lookColumn: (words: readonly string[]) => readonly ColumnReading[];
}

function longest(tokens: readonly Token[], at: number, { lookTable, lookColumn }: Looking) {
  const run = runOf(tokens, at);
  for (let length = run.length; length > 0; length--) {
    const part = run.slice(0, length);
    const words = part.flatMap((token) => token.words);
    const tables = lookTable(words);
    const isGrammar = part.every(({ value }) => grammarWords.has(value));
    const goesOn = part.some(({ value }, place) => place > 0 && clauseWords.has(value));
    const columns = lookColumn(words).filter(({ rank }) => rank === 0 || (!isGrammar && (rank === 1 || !goesOn)));
    if (tables.length === 0 && columns.every(({ rank }) => rank > 1) && beginsWithRows(part, lookTable)) continue;
    if (tables.length === 0 && columns.length === 0) continue;
    const text = part.map((token) => token.text).join(' ');
    const name: NameRef = { text, offset: part[0]?.offset ?? 0, phrase: words.join(' '), tables, columns };
    return { name, length };
  }
  return undefined;
}

/** `customers created` are customers; `customer name` is a column of theirs. */
const beginsWithRows = (part: readonly Token[], lookTable: Looking['lookTable']): boolean =>
  part.some(
    (token, at) =>
      at < part.length - 1 &&
      token.value !== token.words.join('_') &&
      lookTable(part.slice(0, at + 1).flatMap(({ words }) => words)).length > 0,
  );

function runOf(tokens: readonly Token[], at: number): readonly Token[] {
  const run: Token[] = [];
  for (let next = at; run.length < longestName; next++) {
    const token = tokens[next];
    if (token?.kind !== 'word') break;
    run.push(token);
  }
  return run;
}

/** Every run of words that is a table's name; `order by` and `in order to` are none. */
function mentionedTables(tokens: readonly Token[], look: Looking['lookTable']): readonly CatalogueTable[] {
  const found = new Set<CatalogueTable>();
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]?.value === 'order' && ['by', 'to'].includes(tokens[at + 1]?.value ?? '')) continue;
    // What stands behind these words is a new table's name.
    if (['into', 'called', 'named'].includes(tokens[at - 1]?.value ?? '')) continue;
    const run = runOf(tokens, at);
    for (let length = run.length; length > 0; length--) {
      const readings = look(run.slice(0, length).flatMap(({ words }) => words));
      const dotted = length === 1 && readings.length === 0 ? qualifierOf(run[0], look) : readings;
      for (const { table } of dotted) found.add(table);
      if (dotted.length === 0) continue;
      at += length - 1;
      break;
    }
  }
  return [...found];
}

/** The table of `orders.status`. */
function qualifierOf(token: Token | undefined, look: Looking['lookTable']): readonly TableReading[] {
  const parts = token?.value.split('.') ?? [];
  return parts.length > 1 ? look(wordsOf(parts.slice(0, -1).join('.'))) : [];
}

function tableForms(catalogue: Catalogue): ReadonlyMap<string, readonly CatalogueTable[]> {
  const forms = new Map<string, CatalogueTable[]>();
  const add = (words: readonly string[], table: CatalogueTable): void => {
    const form = words.join(' ');
    const tables = forms.get(form) ?? [];
    if (!tables.includes(table)) forms.set(form, [...tables, table]);
  };
  for (const table of catalogue.tables) {
    add(wordsOf(table.name), table);
    add(wordsOf(`${table.schema} ${table.name}`), table);
  }
  // Where the search path decides, it decides.
  for (const [form, tables] of forms) {
    const [first] = tables;
    const preferred = tables.length > 1 && first ? catalogue.find({ name: first.name }) : undefined;
    if (preferred && tables.includes(preferred)) forms.set(form, [preferred]);
  }
  return forms;
}

interface Terms {
  readonly terms: ReadonlyMap<string, readonly string[]>;
}

function readTable(
  words: readonly string[],
  { tables, terms }: Terms & { readonly tables: ReadonlyMap<string, readonly CatalogueTable[]> },
): readonly TableReading[] {
  const own = tables.get(words.join(' '));
  if (own) return own.map((table) => ({ table }));
  for (const other of otherWords(words, terms)) {
    const found = tables.get(other.join(' '));
    if (found) return found.map((table) => ({ table, synonym: words.join(' ') }));
  }
  return [];
}

type Form = Omit<ColumnReading, 'synonym'>;

function readColumn(
  words: readonly string[],
  { columns, terms }: Terms & { readonly columns: ReadonlyMap<string, readonly Form[]> },
): readonly ColumnReading[] {
  const own = columns.get(words.join(' '));
  if (own) return own;
  for (const other of otherWords(words, terms)) {
    const found = columns.get(other.join(' '))?.filter(({ rank }) => rank < 3);
    if (found && found.length > 0) return found.map((reading) => ({ ...reading, synonym: words.join(' ') }));
  }
  return [];
}

/** The phrase in other words: by the workspace's own terms first, then by the fixed synonyms, one word at a time. */
function otherWords(
  words: readonly string[],
  terms: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const phrase = words.join(' ');
  const term = terms.get(phrase);
  const known = phraseSynonyms.get(phrase);
  const replaced = words.flatMap((word, at) =>
    (synonymsOf.get(word) ?? []).map((other) => words.map((each, place) => (place === at ? other : each))),
  );
  return [...(term ? [term] : []), ...(known === undefined ? [] : [known.split(' ').map(singular)]), ...replaced];
}

/** The named tables, and what their rows refer to, by the number of joins between. */
function nearby(
  start: readonly CatalogueTable[],
  { links, catalogue, follow }: { readonly links: Links; readonly catalogue: Catalogue; readonly follow: boolean },
): ReadonlyMap<CatalogueTable, number> {
  const distances = new Map(start.map((table) => [table, 0]));
  let front = follow ? start : [];
  for (let distance = 1; distance <= 3; distance++) {
    const next = front.flatMap((table) => links.of(table).map(({ parent }) => parent));
    front = [...new Set(next)].filter((table) => !distances.has(table));
    for (const table of front) distances.set(table, distance);
  }
  if (!follow) return distances;
  // Tables that refer to the named ones come last, and by whole names only.
  front = start;
  for (let distance = farAway; distance < farAway + 3; distance++) {
    const next = catalogue.tables.filter((table) => links.of(table).some(({ parent }) => front.includes(parent)));
    front = next.filter((table) => !distances.has(table));
    for (const table of front) distances.set(table, distance);
  }
  return distances;
}

const farAway = 5;

function columnForms(
  tables: ReadonlyMap<CatalogueTable, number>,
  partial: boolean,
): ReadonlyMap<string, readonly Form[]> {
  const forms = new Map<string, Form[]>();
  const add = (words: readonly string[], form: Form): void => {
    const key = words.join(' ');
    const readings = forms.get(key) ?? [];
    const same = readings.find(({ column }) => column === form.column);
    if (same && same.rank <= form.rank) return;
    forms.set(key, [...readings.filter((reading) => reading !== same), form]);
  };
  /** `hired` of hire_date. */
  const addParticiple = (form: Form): void => {
    const [verb = '', kind, ...others] = wordsOf(form.column.name);
    if (others.length > 0 || !['date', 'at', 'on', 'time'].includes(kind ?? '') || verb.endsWith('ed')) return;
    if (partial && form.distance < farAway) add([verb.endsWith('e') ? `${verb}d` : `${verb}ed`], form);
  };
  for (const [table, distance] of tables) {
    const owner = wordsOf(table.name);
    for (const column of table.columns) {
      for (const [words, rank] of phrasesFor(wordsOf(column.name), owner, partial && distance < farAway)) {
        add(words, { table, column, rank, distance });
        if (rank === 0) addParticiple({ table, column, rank: 2, distance });
        // `customer name` is a name of customers, whatever other tables call theirs.
        add([...owner, ...words], { table, column, rank, distance });
        add([...wordsOf(table.schema), ...owner, ...words], { table, column, rank, distance });
      }
    }
  }
  return forms;
}

/** The whole name; without its table's words or its `is`; then its beginnings and ends. */
function phrasesFor(
  words: readonly string[],
  owner: readonly string[],
  partial: boolean,
): readonly (readonly [readonly string[], Rank])[] {
  const found: (readonly [readonly string[], Rank])[] = [[words, 0]];
  const last = owner.at(-1);
  const whole = owner.every((word, at) => words[at] === word) && words.length > owner.length;
  if (whole) found.push([words.slice(owner.length), 1]);
  else if (words.length > 1 && words[0] === last) found.push([words.slice(1), 1]);
  if (words.length > 1 && ['is', 'has', 'was'].includes(words[0] ?? '')) found.push([words.slice(1), 1]);
  // `total order amount` is the total_amount of orders.
  for (let at = 1; at < words.length; at++) found.push([[...words.slice(0, at), ...owner, ...words.slice(at)], 1]);
  if (!partial) return found;
  for (let length = words.length - 1; length > 0; length--) {
    found.push([words.slice(0, length), 2]);
    found.push([words.slice(-length), 2]);
  }
  // `referred_by` is not what “by” means.
  return found.filter(([part, rank]) => rank < 2 || !part.every((word) => joiners.has(word)));
}

const joiners: ReadonlySet<string> = new Set(
  'by at on to of in from for is has no and or the a per with was were'.split(' '),
);
