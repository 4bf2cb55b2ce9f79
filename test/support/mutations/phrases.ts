/** Cuts SQL into phrases: what stands between commas, parentheses and the words of a query, with the operators at its top. */
import { isMeaningful, tokens } from '../../../src/compiler/tokens.ts';

export interface Piece {
  readonly start: number;
  readonly end: number;
}

export interface Item extends Piece {
  readonly kind: 'word' | 'string' | 'sign' | 'group' | 'other';
  /** Words in small letters. */
  readonly text: string;
}

/** One expression, with all that is parenthesised in it as one item. */
export type Phrase = readonly Item[];

const pairs = new Set(['<=', '>=', '<>', '!=', '||', '::', '~*', '!~', '->', '>>', '@>', '<@']);

/** Meaningful tokens, operators whole. */
export function itemsOf(text: string): readonly Item[] {
  const found: Item[] = [];
  for (const token of tokens(text).filter(isMeaningful)) {
    const last = found.at(-1);
    const end = token.offset + token.text.length;
    if (last?.kind === 'sign' && last.end === token.offset && pairs.has(last.text + token.text)) {
      found[found.length - 1] = { ...last, end, text: last.text + token.text };
      continue;
    }
    const kind = kindOf(token.kind, token.text);
    found.push({ kind, start: token.offset, end, text: kind === 'word' ? token.text.toLowerCase() : token.text });
  }
  return found;
}

function kindOf(kind: string, text: string): Item['kind'] {
  if (kind === 'word' || kind === 'string') return kind;
  return kind === 'other' && /^[-<>=!|~+*/%:&@]$/.test(text) ? 'sign' : 'other';
}

const clauses = new Set(
  'select from where group having order by limit offset on join inner left right full cross outer union intersect except all with as when then else distinct rows range partition'.split(
    ' ',
  ),
);

/** Every phrase of the text, the inner ones first. */
export function phrasesOf(text: string): readonly Phrase[] {
  const items = itemsOf(text);
  const phrases: Phrase[] = [];
  let at = 0;

  function read(closer: string): void {
    let phrase: Item[] = [];
    const flush = (): void => {
      if (phrase.length > 0) phrases.push(phrase);
      phrase = [];
    };
    for (; at < items.length; at++) {
      const item = items[at];
      if (!item || item.text === closer) break;
      const inner = { '(': ')', '[': ']', case: 'end' }[item.text];
      if (inner !== undefined) {
        at++;
        read(inner);
        const end = items[at]?.end ?? text.length;
        phrase.push({ kind: 'group', start: item.start, end, text: text.slice(item.start, end) });
      } else if (item.text === ',' || (isClause(items, at) && !isDistinctFrom(phrase, item))) flush();
      else phrase.push(item);
    }
    flush();
  }

  read('');
  return phrases;
}

/** `left(name, 2)` is a function, and no join. */
const isClause = (items: readonly Item[], at: number): boolean => {
  const [item, next] = [items[at], items[at + 1]];
  if (item?.kind !== 'word' || !clauses.has(item.text)) return false;
  return !(['left', 'right'].includes(item.text) && next?.text === '(');
};

/** The words of `is [not] distinct from`. */
const isDistinctFrom = (phrase: readonly Item[], { text }: Item): boolean => {
  const [last, before] = [phrase.at(-1)?.text, phrase.at(-2)?.text];
  if (text === 'distinct') return last === 'is' || (last === 'not' && before === 'is');
  return text === 'from' && last === 'distinct';
};

/** The parts between `and`s or `or`s; the `and` of a `between` separates nothing. */
export function partsOf(phrase: Phrase, word: 'and' | 'or'): readonly Phrase[] {
  const parts: Item[][] = [[]];
  let between = false;
  for (const item of phrase) {
    if (item.text === 'between') between = true;
    else if (item.text === 'and' && between) between = false;
    else if (item.text === word && item.kind === 'word') {
      parts.push([]);
      continue;
    }
    parts.at(-1)?.push(item);
  }
  return parts;
}

export const spanOf = (phrase: Phrase): Piece => ({ start: phrase[0]?.start ?? 0, end: phrase.at(-1)?.end ?? 0 });

/** The smallest phrases that are true or false: what `and` and `or` stand between. */
export const conditionsOf = (text: string): readonly Phrase[] =>
  phrasesOf(text)
    .flatMap((phrase) => partsOf(phrase, 'or').flatMap((part) => partsOf(part, 'and')))
    .filter((condition) => condition.length > 0);

export interface Comparison {
  readonly left: Piece;
  readonly sign: Item;
  readonly right: Piece;
}

const comparing = new Set(['=', '<', '>', '<=', '>=', '<>', '!=']);
const otherConditions = new Set('is in between like ilike not similar any some all ~ ~* !~ @> <@ -> >>'.split(' '));

/** Undefined where the condition is not a plain comparison. */
export function comparisonOf(condition: Phrase): Comparison | undefined {
  if (condition.some(({ text }) => otherConditions.has(text))) return undefined;
  const places = condition.flatMap(({ text }, at) => (comparing.has(text) ? [at] : []));
  const [at] = places;
  const sign = at === undefined ? undefined : condition[at];
  if (places.length !== 1 || at === undefined || !sign || at === 0 || at === condition.length - 1) return undefined;
  return { left: spanOf(condition.slice(0, at)), sign, right: spanOf(condition.slice(at + 1)) };
}

export const cut = (text: string, { start, end }: Piece): string => text.slice(start, end);

/** The text with another in a piece's place. */
export const put = (text: string, { start, end }: Piece, other: string): string =>
  text.slice(0, start) + other + text.slice(end);
