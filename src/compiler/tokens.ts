/** Cuts PostgreSQL text into tokens, so that a word is never mistaken inside a literal, a quoted name or a comment. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'comment' | 'space' | 'other';
  readonly text: string;
  readonly offset: number;
}

const shapes: readonly (readonly [Token['kind'], RegExp])[] = [
  ['space', /\s+/y],
  ['comment', /--[^\n]*/y],
  ['string', /[eE]'(?:[^'\\]|\\[\s\S]|'')*'/y],
  ['string', /(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*'/y],
  ['string', /(\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)[\s\S]*?\1/y],
  ['quoted', /(?:[uU]&)?"(?:[^"]|"")*"/y],
  ['word', /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y],
  ['other', /\d[\w.]*|[\s\S]/y],
];

export function tokens(sql: string): readonly Token[] {
  const found: Token[] = [];
  for (let offset = 0; offset < sql.length;) {
    const token = sql.startsWith('/*', offset) ? blockComment(sql, offset) : nextToken(sql, offset);
    found.push(token);
    offset += token.text.length;
  }
  return found;
}

function nextToken(sql: string, offset: number): Token {
  for (const [kind, shape] of shapes) {
    shape.lastIndex = offset;
    const text = shape.exec(sql)?.[0];
    if (text) return { kind, text, offset };
  }
  return { kind: 'other', text: sql.charAt(offset), offset };
}

/** Block comments nest in PostgreSQL. */
function blockComment(sql: string, offset: number): Token {
  let depth = 0;
  for (let at = offset; at < sql.length; at++) {
    if (sql.startsWith('/*', at)) depth++;
    else if (!sql.startsWith('*/', at)) continue;
    else depth--;
    at++;
    if (depth === 0) return { kind: 'comment', text: sql.slice(offset, at + 1), offset };
  }
  return { kind: 'comment', text: sql.slice(offset), offset };
}

export const isMeaningful = (token: Token): boolean => token.kind !== 'space' && token.kind !== 'comment';

/** The place of the parenthesis that closes the one at `open`. */
export function closingParenthesis(list: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < list.length; at++) {
    const token = list[at];
    if (token?.kind !== 'other') continue;
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth === 0) return at;
  }
  return list.length - 1;
}
