/** What tests of the prompt say, as findings and as questions: a model's word makes nothing wrong, the engineer's does. */
import { agrees } from '../comparison.ts';
import { counted } from '../counted.ts';
import type { IntentOutcome, IntentResult, ReadingResult } from '../intentPort.ts';
import { createMasker } from '../personalData/masker.ts';
import { maskRow } from '../personalData/maskRow.ts';
import type { Question } from '../planner.ts';
import type { ValidationRequest } from '../ports.ts';
import { keepRows } from '../run/record.ts';
import type { Finding } from '../verdict.ts';
import type { DifferentRow } from './changes.ts';
import type { Compared } from './comparisonPhase.ts';
import type { Cause } from './findings.ts';
import { specInWords } from './specInWords.ts';

type FailedTest = Extract<IntentResult, { readonly kind: 'failed' }>;
type OtherReading = Extract<ReadingResult, { readonly kind: 'differs' }>;

export function intentFindings({ tests, reading }: IntentOutcome, cause: Cause): readonly Finding[] {
  return [
    ...tests.flatMap((result) => (result.kind === 'failed' ? [testFinding(result, cause)] : [])),
    ...(reading?.kind === 'differs' ? [readingFinding(reading, cause)] : []),
  ];
}

const testFinding = ({ test, rows, examples }: FailedTest, cause: Cause): Finding => ({
  code: 'intent-test-failed',
  severity: 'warning',
  message: `${test.says} ${counted(rows, 'row')} ${rows === 1 ? 'says' : 'say'} otherwise.`,
  place: { pointer: '/prompt' },
  ...cause,
  examples,
});

const readingFinding = ({ reading, changes }: OtherReading, cause: Cause): Finding => ({
  code: 'readings-differ',
  severity: 'warning',
  message: `The prompt, read once more, asks for other rows: ${differenceOf(changes)}. ${reading.words}`,
  place: { pointer: '/prompt' },
  ...cause,
  examples: changes.rows.slice(0, 1).flatMap(textsOf),
});

function differenceOf({ missing, unexpected, changed }: OtherReading['changes']): string {
  const parts = [
    ...(missing > 0 ? [`${missing} more`] : []),
    ...(unexpected > 0 ? [`${unexpected} fewer`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
  ];
  return parts.join(', ');
}

function textsOf(row: DifferentRow): readonly string[] {
  switch (row.kind) {
    case 'missing':
      return [row.expected];
    case 'unexpected':
      return [row.actual];
    case 'changed':
      return [row.actual, row.expected];
  }
}

/**
 * Asked only where the rows are what the spec says: then it is the prompt that can be read in two ways. The ids are the same
 * in every look at one run.
 */
export function intentQuestions(
  { tests, reading }: IntentOutcome,
  compared: Compared,
  request: ValidationRequest,
): readonly Question[] {
  if (compared.kind === 'notCompared' || !agrees(compared.comparison)) return [];
  const asking: Asking = { spec: specInWords(request.specText), row: masked(request) };
  return [
    ...tests.flatMap((result, at) =>
      result.kind === 'failed' ? [testQuestion(result, `test-${at + 1}`, asking)] : [],
    ),
    ...(reading?.kind === 'differs' ? [readingQuestion(reading, asking)] : []),
  ];
}

interface Asking {
  readonly spec: string;
  /** Rows go into the texts masked: nobody could find them in there later. */
  readonly row: (text: string) => string;
}

function masked({ programs }: ValidationRequest): Asking['row'] {
  const masker = createMasker();
  return (text) => maskRow(text, masker, programs.target.columns);
}

function testQuestion({ test, rows, examples }: FailedTest, id: string, { spec, row }: Asking): Question {
  const [example] = examples;
  const shown = example === undefined ? '' : ` For example ${row(example)}.`;
  const broken = `${counted(rows, 'row')} ${rows === 1 ? 'says' : 'say'} otherwise.${shown}`;
  return {
    id,
    text: `Is this what you meant: ${test.says}`,
    choices: [
      { id: keepRows, label: 'No, the rows are right', detail: `The spec: ${spec}` },
      { id: 'wrong', label: 'Yes, the rows are wrong', detail: broken },
    ],
  };
}

function readingQuestion({ reading, changes }: OtherReading, { spec, row }: Asking): Question {
  const [example] = changes.rows;
  return {
    id: 'reading',
    text: `The prompt can be read in two ways, and they differ in ${counted(changes.missing + changes.unexpected + changes.changed, 'row')}. Which one is meant?`,
    choices: [
      { id: keepRows, label: 'As in the spec: keep the rows', detail: sentences(spec, mine(example, row)) },
      {
        id: 'wrong',
        label: 'The other one: the rows are wrong',
        detail: sentences(reading.words, theirs(example, row)),
      },
    ],
  };
}

const sentences = (...texts: readonly string[]): string => texts.filter((text) => text !== '').join(' ');

/** What the target has, and what the second reading has in its place. */
const mine = (example: DifferentRow | undefined, row: Asking['row']): string =>
  example === undefined || example.kind === 'missing' ? noRow(example) : `For example ${row(example.actual)}.`;

const theirs = (example: DifferentRow | undefined, row: Asking['row']): string =>
  example === undefined || example.kind === 'unexpected' ? noRow(example) : `For example ${row(example.expected)}.`;

const noRow = (example: DifferentRow | undefined): string => (example ? 'Without this row.' : '');
