import { literal } from './identifier.ts';
import { isMeaningful, tokens, type Token } from '../tokens.ts';

/** The clock's names in SQL, each as the run's one instant. */
const clockWords: Readonly<Record<string, (instant: string) => string>> = {
  now: (instant) => `timestamptz ${instant}`,
  transaction_timestamp: (instant) => `timestamptz ${instant}`,
  current_timestamp: (instant) => `timestamptz ${instant}`,
  localtimestamp: (instant) => `(timestamptz ${instant} at time zone 'UTC')`,
  current_date: (instant) => `((timestamptz ${instant} at time zone 'UTC')::date)`,
};
const functions = new Set(['now', 'transaction_timestamp']);

/** The text with every reading of the clock replaced by the run's instant; as it is where there is none. */
export function atInstant(sql: string, instant: string | undefined): string {
  if (instant === undefined) return sql;
  const list = tokens(sql);
  const text: string[] = [];
  for (let at = 0; at < list.length; at++) {
    const token = list[at];
    if (!token) break;
    const replacement = clockWord(list, at);
    const end = replacement && functions.has(token.text.toLowerCase()) ? endOfEmptyCall(list, at) : at;
    if (replacement === undefined || end === undefined) {
      text.push(token.text);
      continue;
    }
    text.push(replacement(literal(instant)));
    at = end;
  }
  return text.join('');
}

export const readsClock = (sql: string): boolean => atInstant(sql, '2000-01-01') !== sql;

function clockWord(list: readonly Token[], at: number): ((instant: string) => string) | undefined {
  const token = list[at];
  if (token?.kind !== 'word' || list[at - 1]?.text === '.') return undefined;
  const word = token.text.toLowerCase();
  return Object.hasOwn(clockWords, word) ? clockWords[word] : undefined;
}

function endOfEmptyCall(list: readonly Token[], at: number): number | undefined {
  const open = list.findIndex((token, place) => place > at && isMeaningful(token));
  if (list[open]?.text !== '(') return undefined;
  const close = list.findIndex((token, place) => place > open && isMeaningful(token));
  return list[close]?.text === ')' ? close : undefined;
}
