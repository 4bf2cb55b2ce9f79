import { editDistance } from '../../spec/suggest.ts';
import { otherWords } from './businessWords.ts';
import type { CatalogueIndex } from './catalogueIndex.ts';
import { idleWords, singular, wordsOf } from './words.ts';

export interface Ranked {
  /** Its place in the catalogue's list. */
  readonly table: number;
  readonly score: number;
}

/** The tables that a text may speak of, the likeliest first; ties stand in the catalogue's order, so the answer is always the same. */
export function rank(text: string, index: CatalogueIndex): readonly Ranked[] {
  const own = new Map<number, number>();
  const add = (table: number, score: number): void => void own.set(table, (own.get(table) ?? 0) + score);
  for (const [word, weight] of termsOf(text, index)) addWord(word, weight, { index, add });
  addNames(text, { index, add });
  const asked = new Set(/(?:19|20)\d\d/.test(text) ? [...wordsOf(text), 'year'] : wordsOf(text));
  for (const [table, score] of own) {
    if (index.staleWords[table]?.some((word) => !asked.has(word))) own.set(table, score * copyShare);
  }
  const spread = withNeighbours(own, index);
  return [...spread].map(([table, score]) => ({ table, score })).sort((a, b) => b.score - a.score || a.table - b.table);
}

/** What a copy of a table is worth where nobody asks for it. */
const copyShare = 0.5;

/** Each word of the prompt, and for less other words for it; a word that stands nowhere is taken for a slip of the pen. */
function termsOf(text: string, index: CatalogueIndex): ReadonlyMap<string, number> {
  const terms = new Map<string, number>();
  const add = (word: string, weight: number): void => {
    if (weight > (terms.get(word) ?? 0)) terms.set(word, weight);
  };
  for (const word of new Set(wordsOf(text))) {
    if (idleWords.has(word)) continue;
    const known = index.postings.has(word);
    add(word, 1);
    for (const other of otherWords(word)) add(singular(other), known ? 0.45 : 0.8);
    if (!known && word.length >= 5) {
      const near = nearest(word, index);
      if (near !== undefined) add(near, 0.7);
    }
  }
  return terms;
}

/** One letter off, or two in a long word. */
function nearest(word: string, index: CatalogueIndex): string | undefined {
  let limit = word.length >= 9 ? 3 : 2;
  let best: string | undefined;
  for (const candidate of index.postings.keys()) {
    if (candidate[0] !== word[0] || Math.abs(candidate.length - word.length) >= limit) continue;
    const distance = editDistance(word, candidate, limit);
    if (distance < limit) [best, limit] = [candidate, distance];
  }
  return best;
}

interface Scoring {
  readonly index: CatalogueIndex;
  readonly add: (table: number, score: number) => void;
}

/** A rare word says more than one that stands everywhere; in a short name it says more than in a long one. */
function addWord(word: string, weight: number, { index, add }: Scoring): void {
  const postings = index.postings.get(word) ?? [];
  const rarity = Math.log(1 + index.tables.length / Math.max(1, postings.length));
  for (const { table, weight: place, inName } of postings) {
    const whole = inName ? 1 + 1.5 / (index.nameLengths[table] ?? 1) : 1;
    add(table, weight * rarity * place * whole);
  }
}

/** A table or a column that the prompt names to the letter. */
function addNames(text: string, { index, add }: Scoring): void {
  const names = new Set(text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*(?:\.[\p{L}_][\p{L}\p{N}_$]*)?/gu) ?? []);
  for (const name of names) {
    const tables = index.byName.get(name) ?? [];
    const bonus = name.includes('.') ? 60 : /[_\d]/.test(name) ? 40 : idleWords.has(singular(name)) ? 0 : 15;
    for (const table of tables) add(table, bonus / Math.sqrt(tables.length));
    const columns = name.includes('_') ? (index.byColumn.get(name) ?? []) : [];
    for (const table of columns) add(table, 12 / Math.sqrt(columns.length));
  }
}

const seeds = 16;
/** What a table that is referred to, and one that refers, gets of the score of its neighbour. */
const up = 0.5;
const down = 0.45;

/** Tables near likely ones are likelier, those that join two of them most of all. */
function withNeighbours(own: ReadonlyMap<number, number>, index: CatalogueIndex): ReadonlyMap<number, number> {
  const all = new Map(own);
  const best = [...own].sort(([a, one], [b, other]) => other - one || a - b).slice(0, seeds);
  for (const [seed, score] of best) {
    const given = new Map<number, number>();
    spread(seed, score, { index, given });
    for (const [table, part] of [...given]) spread(table, part, { index, given });
    given.delete(seed);
    for (const [table, part] of given) all.set(table, (all.get(table) ?? 0) + part);
  }
  return all;
}

interface Spreading {
  readonly index: CatalogueIndex;
  readonly given: Map<number, number>;
}

/** A table that half the database refers to, such as a calendar, makes none of them likelier. */
function spread(from: number, score: number, { index, given }: Spreading): void {
  const parents = index.parents[from] ?? [];
  const children = index.children[from] ?? [];
  for (const table of parents) keep(table, score * up);
  if (children.length <= 60) for (const table of children) keep(table, (score * down) / Math.sqrt(children.length));

  function keep(table: number, part: number): void {
    if (part > (given.get(table) ?? 0)) given.set(table, part);
  }
}
