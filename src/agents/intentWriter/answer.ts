import { isObject } from '../../spec/isObject.ts';
import type { Intent, IntentTest, SecondReading } from '../intentPort.ts';
import { oneLine } from '../oneLine.ts';
import { unfenced } from '../unfenced.ts';

const longest = { name: 120, says: 400, words: 1000, query: 10_000, tests: 12 } as const;

export interface ReadAnswer {
  readonly intent: Intent;
  /** What could not be read, in words for the model. */
  readonly problems: readonly string[];
}

/** Checked by hand: whatever a model wrote is somebody's text. */
export function readIntent(value: unknown): ReadAnswer {
  if (!isObject(value)) return { intent: { tests: [] }, problems: ['The answer is one object.'] };
  const problems: string[] = [];
  const reading = readReading(value['reading']);
  if (!reading) problems.push('`reading` has words and a query, neither of them empty.');
  const listed: readonly unknown[] = Array.isArray(value['tests']) ? value['tests'].slice(0, longest.tests) : [];
  const read = listed.map(readTest);
  const tests = unlike(read.flatMap((test) => test ?? []));
  if (tests.length === 0) problems.push('`tests` is a list of at least one test.');
  read.forEach((test, at) => {
    if (!test) problems.push(`Test ${at + 1} has a name, a sentence and a query, none of them empty.`);
  });
  return { intent: { tests, ...(reading && { reading }) }, problems };
}

function readReading(value: unknown): SecondReading | undefined {
  if (!isObject(value)) return undefined;
  const [words, query] = [oneLine(value['words'], longest.words), queryOf(value['query'])];
  return words === undefined || query === undefined ? undefined : { query, words };
}

function readTest(value: unknown): IntentTest | undefined {
  if (!isObject(value)) return undefined;
  const [name, query] = [oneLine(value['name'], longest.name), queryOf(value['query'])];
  if (name === undefined || query === undefined) return undefined;
  return { name, says: oneLine(value['says'], longest.says) ?? name, query };
}

/** Some models put SQL between fences. A query that is cut would be another one, so one that is too long is none. */
function queryOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > longest.query) return undefined;
  const query = unfenced(value, 'sql').trim();
  return query === '' ? undefined : query;
}

/** One test under two names is one. */
const unlike = (tests: readonly IntentTest[]): readonly IntentTest[] =>
  [...new Map(tests.toReversed().map((test) => [test.query, test])).values()].toReversed();
