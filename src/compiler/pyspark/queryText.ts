/** Taking the text of a query apart: clauses and lists at the outermost level, nothing inside parentheses. */
import { isMeaningful, tokens, type Token } from '../tokens.ts';

/** A run of tokens without blanks and comments. */
export type Piece = readonly Token[];

export const pieceOf = (sql: string): Piece => {
  const list = tokens(sql).filter(isMeaningful);
  return list.at(-1)?.text === ';' ? list.slice(0, -1) : list;
};

/** The piece's text as it was written, but for comments. */
export function textOf(piece: Piece): string {
  return piece
    .map(({ text, offset }, at) => {
      const next = piece[at + 1];
      return next && next.offset > offset + text.length ? `${text} ` : text;
    })
    .join('');
}

/** The keyword at a place, in lower case. */
export function words(piece: Piece, at: number): string {
  const token = piece[at];
  return token?.kind === 'word' ? token.text.toLowerCase() : '';
}

/** The name that a token is, folded as PostgreSQL folds it. */
export function nameOf(token: Token | undefined): string | undefined {
  if (token?.kind === 'word') return token.text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (token?.kind !== 'quoted' || !token.text.startsWith('"')) return undefined;
  return token.text.slice(1, -1).replaceAll('""', '"');
}

interface Part {
  readonly piece: Piece;
  /** What stood before it. */
  readonly word?: string;
}

/** The parts between separators at the outermost level; the longest separator that fits is taken. */
export function splitAt(piece: Piece, separators: readonly string[]): readonly Part[] {
  const longestFirst = separators.map((words_) => words_.split(' ')).sort((a, b) => b.length - a.length);
  const parts: Part[] = [];
  let depth = 0;
  let start = 0;
  let word: string | undefined;
  const finish = (end: number): void => {
    const own = piece.slice(start, end);
    parts.push(word === undefined ? { piece: own } : { piece: own, word });
  };
  for (let at = 0; at < piece.length; at++) {
    const { kind, text } = piece[at] ?? { kind: 'other', text: '' };
    if (kind === 'other' && text === '(') depth++;
    if (kind === 'other' && text === ')') depth--;
    const found = depth === 0 ? longestFirst.find((sequence) => fits(piece, at, sequence)) : undefined;
    if (!found) continue;
    finish(at);
    word = found.join(' ');
    start = at + found.length;
    at = start - 1;
  }
  finish(piece.length);
  return parts;
}

const fits = (piece: Piece, at: number, sequence: readonly string[]): boolean =>
  piece[at - 1]?.text !== '.' &&
  sequence.every((word, index) => {
    const token = piece[at + index];
    return word === ',' ? token?.kind === 'other' && token.text === ',' : words(piece, at + index) === word;
  });

/** A piece cut at its clauses; `head` is what stands before the first. */
export class Clauses {
  readonly head: Piece;
  private readonly clauses: ReadonlyMap<string, Piece>;

  constructor(piece: Piece, keywords: readonly string[]) {
    const [head, ...rest] = splitAt(piece, keywords);
    this.head = head?.piece ?? [];
    this.clauses = new Map(rest.map(({ word, piece: own }) => [word ?? '', own]));
  }

  has(keyword: string): boolean {
    return this.clauses.has(keyword);
  }

  get(keyword: string): Piece | undefined {
    return this.clauses.get(keyword);
  }
}
