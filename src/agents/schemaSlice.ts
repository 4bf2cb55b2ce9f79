import type { Catalogue, CatalogueTable } from '../spec/catalogue.ts';
import { otherWords } from './schemaSlice/businessWords.ts';
import { indexOf } from './schemaSlice/catalogueIndex.ts';
import { rank } from './schemaSlice/rank.ts';
import { relevantTo, renderTable, type Detail } from './schemaSlice/render.ts';
import { idleWords, wordsOf } from './schemaSlice/words.ts';

export interface SliceOptions {
  /** At most so many tokens, counted by characters. */
  readonly maxTokens?: number;
}

export interface SchemaSlice {
  readonly text: string;
  /** The tables whose columns are told, the likeliest first. */
  readonly tables: readonly CatalogueTable[];
  /** Those of which the name is told only. */
  readonly named: readonly CatalogueTable[];
  readonly tokens: number;
}

/** Names, types and signs of SQL take more tokens than prose: fewer characters each. */
const charactersPerToken = 3.2;
export const tokensOf = (text: string): number => Math.ceil(text.length / charactersPerToken);

const defaultTokens = 3000;
/** A small database is told whole, whatever the prompt says. */
const smallCatalogue = 40;
/** How much of the room tables in full, and those with their best columns, may take. */
const shares: readonly (readonly [Detail, number])[] = [
  ['full', 0.6],
  ['brief', 0.88],
  ['name', 1],
];

/** The part of the schema that a prompt may need. The same prompt and catalogue always give the same text. */
export function schemaSlice(text: string, catalogue: Catalogue, options: SliceOptions = {}): SchemaSlice {
  const { maxTokens = defaultTokens } = options;
  const words = new Set(wordsOf(text).flatMap((word) => (idleWords.has(word) ? [] : [word, ...otherWords(word)])));
  const isRelevant = relevantTo(words);
  const queue = inOrder(text, catalogue);
  const told: { readonly table: CatalogueTable; readonly detail: Detail; readonly text: string }[] = [];
  const room = Math.floor(maxTokens * charactersPerToken) - frameRoom;
  let used = 0;
  let at = 0;
  for (const [detail, share] of shares) {
    for (; at < queue.length; at++) {
      const table = queue[at];
      if (!table) break;
      const rendered = renderTable(table, detail, isRelevant);
      if (used + rendered.length + 1 > room * (queue.length <= smallCatalogue && detail === 'full' ? 1 : share)) break;
      told.push({ table, detail, text: rendered });
      used += rendered.length + 1;
    }
  }
  const whole = told.map(({ text: each }) => each).join('\n');
  const result = `${whole}\n${restOf(catalogue.tables.length - told.length)}`;
  const tablesOf = (named: boolean): readonly CatalogueTable[] =>
    told.filter(({ detail }) => (detail === 'name') === named).map(({ table }) => table);
  return { text: result, tables: tablesOf(false), named: tablesOf(true), tokens: tokensOf(result) };
}

const frameRoom = 80;

const restOf = (left: number): string =>
  left > 0 ? `(${left} more tables are not shown: search_catalogue finds them)` : '(this is the whole schema)';

function inOrder(text: string, catalogue: Catalogue): readonly CatalogueTable[] {
  const index = indexOf(catalogue);
  const found = rank(text, index);
  const isSmall = index.tables.length <= smallCatalogue;
  const chosen = new Set(found.map(({ table }) => table));
  const others = isSmall ? index.tables.flatMap((_, at) => (chosen.has(at) ? [] : [at])) : [];
  return [...chosen, ...others].flatMap((at) => index.tables[at] ?? []);
}
