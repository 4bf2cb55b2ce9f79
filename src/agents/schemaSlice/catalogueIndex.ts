import type { Catalogue, CatalogueTable } from '../../spec/catalogue.ts';
import { wordsOf } from './words.ts';

/** Where words stand, and which tables refer to which. Built once a catalogue. */
export interface CatalogueIndex {
  readonly tables: readonly CatalogueTable[];
  /** By word: the tables that hold it, and how much it says about each. */
  readonly postings: ReadonlyMap<string, readonly Posting[]>;
  /** How many words each table's name has. */
  readonly nameLengths: readonly number[];
  /** By table: those that it refers to, and those that refer to it. */
  readonly parents: readonly (readonly number[])[];
  readonly children: readonly (readonly number[])[];
  /** The words by which a table's name says that it is a copy of another, or on its way to be one. */
  readonly staleWords: readonly (readonly string[])[];
  /** By name in lower case, with and without its schema. */
  readonly byName: ReadonlyMap<string, readonly number[]>;
  /** By the whole name of a column in lower case. */
  readonly byColumn: ReadonlyMap<string, readonly number[]>;
}

export interface Posting {
  readonly table: number;
  weight: number;
  /** Whether the word stands in the table's own name. */
  inName: boolean;
}

const weights = { name: 3, comment: 1.2, column: 1.4, columnComment: 0.8, schema: 0.8 } as const;

/** What a comment is about stands at its beginning. */
const longestText = 400;

export function indexOf(catalogue: Catalogue): CatalogueIndex {
  const known = indexes.get(catalogue);
  if (known) return known;
  const index = build(catalogue.tables);
  indexes.set(catalogue, index);
  return index;
}

const indexes = new WeakMap<Catalogue, CatalogueIndex>();

function build(tables: readonly CatalogueTable[]): CatalogueIndex {
  const postings = new Map<string, Posting[]>();
  const byName = new Map<string, number[]>();
  const byColumn = new Map<string, number[]>();
  tables.forEach((table, at) => {
    push(byName, table.name.toLowerCase(), at);
    push(byName, `${table.schema}.${table.name}`.toLowerCase(), at);
    for (const { name } of table.columns) push(byColumn, name.toLowerCase(), at);
    for (const [word, posting] of postingsOf(table, at)) push(postings, word, posting);
  });
  return {
    tables,
    postings,
    byName,
    byColumn,
    nameLengths: tables.map(({ name }) => Math.max(1, wordsOf(name).length)),
    staleWords: tables.map(staleWordsOf),
    ...linksOf(tables),
  };
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** A word counts once a table, where it says most. */
function postingsOf({ schema, name, comment, columns }: CatalogueTable, table: number): ReadonlyMap<string, Posting> {
  const found = new Map<string, Posting>();
  const add = (text: string | undefined, weight: number, inName = false): void => {
    if (text === undefined) return;
    for (const word of wordsOf(text.slice(0, longestText))) {
      const posting = found.get(word);
      if (!posting) found.set(word, { table, weight, inName });
      else if (posting.weight < weight) Object.assign(posting, { weight, inName });
    }
  };
  add(name, weights.name, true);
  add(comment, weights.comment);
  for (const column of columns) {
    add(column.name, weights.column);
    add(column.comment, weights.columnComment);
  }
  add(schema, weights.schema);
  return found;
}

function staleWordsOf({ schema, name }: CatalogueTable): readonly string[] {
  const words = [...wordsOf(name), ...wordsOf(schema)].filter((word) => stale.has(word));
  return /(?:19|20)\d\d/.test(name) ? [...words, 'year'] : words;
}

const stale: ReadonlySet<string> = new Set(
  `arch archive archived backup bak bkp copy deprecated dump error err import legacy mig migration obsolete old sandbox staging
  stage stg swap temp tmp trash unused work wrk`.split(/\s+/),
);

function linksOf(tables: readonly CatalogueTable[]): Pick<CatalogueIndex, 'parents' | 'children'> {
  const places = new Map(tables.map(({ schema, name }, at) => [JSON.stringify([schema, name]), at]));
  const parents = tables.map(({ foreignKeys }, at) => {
    const found = foreignKeys.map(({ references: { schema, table } }) => places.get(JSON.stringify([schema, table])));
    return [...new Set(found)].filter((other): other is number => other !== undefined && other !== at);
  });
  const children: number[][] = tables.map(() => []);
  parents.forEach((list, at) => {
    for (const parent of list) children[parent]?.push(at);
  });
  return { parents, children };
}
