/** From the prompt's words to clauses; a word that no rule takes is kept as misunderstood. */
import type { Misunderstood } from '../planner.ts';
import { suggest } from '../../spec/suggest.ts';
import { Cursor } from './cursor.ts';
import { change, derive } from './grammar/derive.ts';
import { columns, distinct, limit, omit, order, rename } from './grammar/output.ts';
import { appendedTo, target } from './grammar/target.ts';
import { dates, datedWord, described, exclude, filter, presence, subject } from './grammar/filters.ts';
import { existence, join, keepAll, union } from './grammar/joins.ts';
import { adverb, keys } from './grammar/keys.ts';
import { having, measures } from './grammar/measures.ts';
import { pick } from './grammar/picks.ts';
import { pivot } from './grammar/reshape.ts';
import { window } from './grammar/windows.ts';
import type { Clause } from './intent.ts';
import type { Lexicon } from './lexicon.ts';
import type { Token } from './tokens.ts';
import { fillers, grammarWords, verbs } from './vocabulary.ts';

export interface Reading {
  readonly clauses: readonly Clause[];
  readonly misunderstood: readonly Misunderstood[];
}

/** In this order; the first that answers has it. */
const rules: readonly ((cursor: Cursor) => Clause | readonly Clause[] | undefined)[] = [
  change,
  target,
  union,
  join,
  keepAll,
  pivot,
  pick,
  window,
  rename,
  having,
  existence,
  presence,
  exclude,
  derive,
  order,
  limit,
  distinct,
  datedWord,
  dates,
  measures,
  adverb,
  omit,
  keys,
  filter,
  described,
  columns,
  subject,
];

export function readPrompt(tokens: readonly Token[], lexicon: Lexicon): Reading {
  const cursor = new Cursor(tokens, lexicon);
  const clauses: Clause[] = [];
  const misunderstood: Misunderstood[] = [];
  while (!cursor.ended) {
    cursor.furthest = { at: -1, wanted: '' };
    const found = cursor.first(...rules.map((rule) => () => rule(cursor)), () =>
      wantsTable(clauses) ? appendedTo(cursor) : undefined,
    );
    if (found) {
      clauses.push(...(isList(found) ? found : [found]));
      continue;
    }
    if (skips(cursor)) continue;
    misunderstood.push(nextWord(cursor));
  }
  // A word of the grammar is named only where no other word is: the one behind it is what was not understood.
  const strong = misunderstood.filter(
    ({ text, hint }) => hint?.startsWith('Here') === true || !grammarWords.has(text.toLowerCase()),
  );
  const words = strong.filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
  return { clauses, misunderstood: words.length > 0 ? words : strong.length > 0 ? strong : misunderstood };
}

/** `append … to NAME`. */
const wantsTable = (clauses: readonly Clause[]): boolean =>
  clauses.some(
    (clause) => clause.kind === 'target' && clause.target.mode === 'append' && clause.target.table === undefined,
  ) && !clauses.some((clause) => clause.kind === 'target' && clause.target.table !== undefined);

const isList = (found: Clause | readonly Clause[]): found is readonly Clause[] => Array.isArray(found);

const separators = new Set([',', '.', ';', ':', '!', '?', '&']);

/** What stands between clauses and says nothing. */
function skips(cursor: Cursor): boolean {
  const token = cursor.peek();
  if (!token) return false;
  const wordless = token.kind === 'symbol' ? separators.has(token.text) : token.kind === 'word' && isEmpty(token.value);
  if (!wordless || cursor.furthest.at > cursor.at) return false;
  cursor.at += 1;
  return true;
}

const isEmpty = (word: string): boolean => fillers.has(word) || verbs.has(word);

/** The word at which the rule that came furthest gave up. */
function nextWord(cursor: Cursor): Misunderstood {
  const { furthest } = cursor;
  const at = furthest.at > cursor.at && furthest.at < cursor.tokens.length ? furthest.at : cursor.at;
  const token = cursor.tokens[at];
  cursor.at = at + 1;
  if (!token) return { text: '', offset: 0 };
  const hint = hintFor(
    token,
    { ...furthest, at: furthest.at === at || furthest.at === Number.MAX_SAFE_INTEGER ? at : -1 },
    cursor,
  );
  return { text: token.text, offset: token.offset, ...(hint !== undefined && { hint }) };
}

function hintFor(
  token: Token,
  furthest: { readonly at: number; readonly wanted: string },
  cursor: Cursor,
): string | undefined {
  if (furthest.at >= 0 && furthest.wanted !== '') return `Here should stand ${furthest.wanted}.`;
  if (token.kind !== 'word' || token.value.length < 4) return undefined;
  const near = suggest(token.value, [...cursor.lexicon.known, ...[...grammarWords].filter((word) => word.length > 3)]);
  return near === undefined || near === token.value ? undefined : `Did you mean “${near}”?`;
}
