import type { Catalogue, CatalogueTable } from '../spec/catalogue.ts';
import { editDistance } from '../spec/suggest.ts';

/** What a prompt names of a catalogue: exact names only, and near misses as questions. It never guesses. */
export interface PromptNames {
  readonly tables: readonly CatalogueTable[];
  readonly columns: readonly NamedColumn[];
  readonly near: readonly NearMiss[];
}

export interface NamedColumn {
  readonly name: string;
  /** The named tables that have it; where no table is named, every table that has it. */
  readonly tables: readonly CatalogueTable[];
}

export interface NearMiss {
  readonly word: string;
  readonly offset: number;
  readonly suggestion: string;
}

interface Word {
  readonly text: string;
  readonly offset: number;
  /** Whether only blanks or a hyphen lie between this word and the next. */
  readonly joins: boolean;
}

/** Names of more words than this ("exchange rates of today") are not looked for. */
const longestPhrase = 4;
/** A shorter word is near to too many names. */
const shortestNear = 5;

export function readPromptNames(prompt: string, catalogue: Catalogue): PromptNames {
  const words = wordsOf(prompt);
  const tablesByForm = tableForms(catalogue);
  const tables = new Set<CatalogueTable>();
  const used = new Set<Word>();
  eachPhrase(words, (form, phrase) => {
    const found = tablesByForm.get(form);
    if (!found) return false;
    tables.add(found);
    for (const word of phrase) used.add(word);
    return true;
  });
  const columns = namedColumns({ words, catalogue, tables, used });
  return { tables: [...tables], columns, near: nearMisses(words, used, { catalogue, tables }) };
}

function wordsOf(prompt: string): readonly Word[] {
  const name = /"((?:[^"]|"")+)"|[\p{L}_][\p{L}\p{N}_$]*/gu;
  const found = [...prompt.matchAll(name)];
  return found.map((match, index) => {
    const end = match.index + match[0].length;
    const between = prompt.slice(end, found[index + 1]?.index ?? end);
    const text = (match[1] ?? match[0]).replaceAll('""', '"');
    return { text, offset: match.index, joins: /^(?: +|-|\.)$/.test(between) };
  });
}

/** Tries every run of words, the longest first; `take` says whether it was used, and then its words are spent. */
function eachPhrase(words: readonly Word[], take: (form: string, phrase: readonly Word[]) => boolean): void {
  for (let start = 0; start < words.length; start++) {
    for (let length = longestPhrase; length > 0; length--) {
      const phrase = words.slice(start, start + length);
      if (phrase.length < length || !phrase.slice(0, -1).every((word) => word.joins)) continue;
      if (!take(formOf(phrase.map((word) => word.text).join('_')), phrase)) continue;
      start += length - 1;
      break;
    }
  }
}

/** How names and phrases are compared: case and number of the last word do not count. */
function formOf(name: string): string {
  const folded = name.toLowerCase().replace(/[\s_-]+/g, '_');
  if (folded.endsWith('ies') && folded.length > 4) return `${folded.slice(0, -3)}y`;
  if (/(?:ss|x|ch|sh)es$/.test(folded)) return folded.slice(0, -2);
  return folded.endsWith('s') && !folded.endsWith('ss') && folded.length > 3 ? folded.slice(0, -1) : folded;
}

/** The first table of each form in the order of the search path; `schema.table` always means that one. */
function tableForms(catalogue: Catalogue): ReadonlyMap<string, CatalogueTable> {
  const forms = new Map<string, CatalogueTable>();
  const set = (form: string, table: CatalogueTable): void => {
    if (!forms.has(form)) forms.set(form, table);
  };
  for (const table of catalogue.tables) {
    set(formOf(`${table.schema}_${table.name}`), table);
    const preferred = catalogue.find({ name: table.name });
    if (preferred) set(formOf(table.name), preferred);
  }
  for (const table of catalogue.tables) set(formOf(table.name), table);
  return forms;
}

interface ColumnSearch {
  readonly words: readonly Word[];
  readonly catalogue: Catalogue;
  readonly tables: ReadonlySet<CatalogueTable>;
  readonly used: Set<Word>;
}

function namedColumns({ words, catalogue, tables, used }: ColumnSearch): readonly NamedColumn[] {
  const scope = tables.size > 0 ? [...tables] : catalogue.tables;
  const byForm = new Map<string, NamedColumn>();
  for (const table of scope) {
    for (const { name } of table.columns) {
      // Over a whole database a plain word ("name", "date") is a word; only a compound one is a name.
      if (tables.size === 0 && !name.includes('_')) continue;
      const known = byForm.get(formOf(name));
      byForm.set(formOf(name), { name: known?.name ?? name, tables: [...(known?.tables ?? []), table] });
    }
  }
  const found = new Set<NamedColumn>();
  eachPhrase(words, (form, phrase) => {
    const column = byForm.get(form);
    if (!column || phrase.some((word) => used.has(word))) return false;
    found.add(column);
    for (const word of phrase) used.add(word);
    return true;
  });
  return [...found];
}

function nearMisses(
  words: readonly Word[],
  used: ReadonlySet<Word>,
  { catalogue, tables }: { readonly catalogue: Catalogue; readonly tables: ReadonlySet<CatalogueTable> },
): readonly NearMiss[] {
  const names = new Set(catalogue.tables.map((table) => table.name));
  for (const table of tables) for (const { name } of table.columns) names.add(name);
  const seen = new Set<string>();
  const near: NearMiss[] = [];
  for (const word of words) {
    const key = word.text.toLowerCase();
    if (used.has(word) || seen.has(key) || key.length < shortestNear) continue;
    seen.add(key);
    const suggestion = nearest(key, names);
    if (suggestion !== undefined) near.push({ word: word.text, offset: word.offset, suggestion });
  }
  return near;
}

/** One slip in a short word, two in a long one; two names equally near are no suggestion. */
function nearest(word: string, names: Iterable<string>): string | undefined {
  const allowed = word.length >= 8 ? 2 : 1;
  const wanted = formOf(word);
  let best: string | undefined;
  let limit = allowed + 1;
  let tied = false;
  for (const name of names) {
    const form = formOf(name);
    const distance = form[0] === wanted[0] || wanted.length >= 8 ? editDistance(wanted, form, limit + 1) : limit + 1;
    if (distance < limit) {
      best = name;
      limit = distance;
      tied = false;
    } else if (distance === limit && best !== undefined && formOf(best) !== form) tied = true;
  }
  return tied ? undefined : best;
}
