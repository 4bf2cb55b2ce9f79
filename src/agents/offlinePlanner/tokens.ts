import { wordsOf } from './wordForms.ts';

/** A piece of the prompt, at its place. */
export interface Token {
  readonly kind: 'word' | 'number' | 'text' | 'date' | 'symbol';
  /** As it stands in the prompt. */
  readonly text: string;
  readonly offset: number;
  /** In lower case; of a text what stands between the quotes; of a number its digits. */
  readonly value: string;
  /** Of a word: its parts in lower case and in the singular, `orderItems` and `order_items` alike. */
  readonly words: readonly string[];
}

/** Never fails: a character that means nothing becomes a symbol, which no rule takes. */
export function tokenize(prompt: string): readonly Token[] {
  const found: Token[] = [];
  for (const match of prompt.matchAll(pattern)) {
    const [text] = match;
    const groups = match.groups ?? {};
    const kind = kinds.find((candidate) => groups[candidate] !== undefined);
    if (!kind) continue;
    found.push({ kind, text, offset: match.index, value: valueOf(kind, text), words: partsOf(kind, text) });
  }
  return found;
}

const kinds = ['date', 'number', 'word', 'text', 'symbol'] as const;

// A possessive 's and a hyphen between two words join them; they are dropped with the blanks.
const pattern = new RegExp(
  [
    String.raw`\s+`,
    String.raw`(?<=[\p{L}\p{N}])['’]s?(?![\p{L}\p{N}])(?!['’])`,
    String.raw`(?<=\p{L})-(?=[\p{L}\p{N}])`,
    String.raw`(?<date>\d{4}-\d{2}-\d{2}(?![\p{L}\p{N}_-]))`,
    String.raw`(?<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\p{L}\p{N}_])|\d+(?:\.\d+)?(?![\p{L}\p{N}_]))`,
    String.raw`(?<word>[\p{L}_][\p{L}\p{N}_$]*(?:\.[\p{L}_][\p{L}\p{N}_$]*){0,2})`,
    String.raw`(?<text>'(?:[^']|'')*'|"[^"]*"|“[^”]*”|‘[^’]*’)`,
    String.raw`(?<symbol><=|>=|<>|!=|\|\||\S)`,
  ].join('|'),
  'gu',
);

function valueOf(kind: Token['kind'], text: string): string {
  switch (kind) {
    case 'text':
      return text.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : text.slice(1, -1);
    case 'number':
      return text.replaceAll(',', '');
    case 'word':
    case 'date':
    case 'symbol':
      return text.toLowerCase();
  }
}

const partsOf = (kind: Token['kind'], text: string): readonly string[] => (kind === 'word' ? wordsOf(text) : []);
