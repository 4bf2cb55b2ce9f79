import type { CatalogueColumn } from '../../spec/catalogue.ts';
import { fits, isText } from './names.ts';
import { wordsOf } from './wordForms.ts';

/** One value of a code column, and the word that the column's comment gives it. */
export interface CodeValue {
  readonly value: string;
  readonly label: string;
  /** The label's words in the singular. */
  readonly words: readonly string[];
}

/** `N = new, P = paid` and `1: web; 2: app`; or, of a text, `one of open, closed or lost`. */
export function codeValues(column: CatalogueColumn): readonly CodeValue[] {
  const { comment, type } = column;
  if (comment === undefined) return [];
  const pairs = [...comment.matchAll(pair)].map(([, value = '', label = '']) => entry(value, label.trim()));
  const codes = fits(column, 'number') ? pairs.filter(({ value }) => /^-?\d+$/.test(value)) : pairs;
  if (codes.length > 1) return codes;
  const listed = isText(type) ? oneOf.exec(comment)?.[1] : undefined;
  if (listed === undefined) return [];
  return listed
    .split(/\s*(?:,|\bor\b|\band\b)\s*/)
    .filter((value) => value !== '')
    .map((value) => entry(value, value));
}

const pair = /(?:^|[\s,;(.])([A-Za-z0-9_-]{1,12})\s*[=:]\s*([A-Za-z][A-Za-z -]*?)\s*(?=[,;.)]|$)/g;
const oneOf = /\bone of:?\s+([A-Za-z0-9_-]+(?:(?:\s*,\s*|\s+or\s+|\s*,?\s+or\s+)[A-Za-z0-9_-]+)+)/i;

const entry = (value: string, label: string): CodeValue => ({ value, label, words: wordsOf(label) });
