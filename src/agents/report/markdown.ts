import { counted } from '../counted.ts';
import type { DifferentRow } from '../validation/changes.ts';
import { causeWords } from '../validation/causeWords.ts';
import type { Finding } from '../verdict.ts';
import { phaseTitles, placeWords } from './labels.ts';
import type { ReportedCheck, ReportedComparison, ReportValue } from './value.ts';
import { visible } from './visible.ts';

/** The verdict in words and numbers, as Markdown. */
export function markdownReport(value: ReportValue): string {
  const { table, headline, reason, comparison, rules, intent, masked } = value;
  const sections = [
    [`# ${text(table)}: ${text(headline)}`],
    ...(reason !== undefined && !comparison ? [[text(reason)]] : []),
    ...(comparison ? [comparisonPart(comparison)] : []),
    ...section('Findings', value.findings.flatMap(findingLines)),
    ...section('Rules', rules.flatMap(checkLines)),
    ...section('Tests of the prompt', intent.flatMap(checkLines)),
    ...section('Questions', value.questions.flatMap(questionLines)),
    // `rounds.md` tells it at length.
    ...section(
      'Rounds',
      value.rounds.map((round) => `- ${text(round)}`),
    ),
    ...proofPart(value),
    ...section('Phases', value.phases.map(({ phase, outcome, summary, ms }) => `- ${phaseTitles[phase]}: ${outcome === 'notRun' ? 'not run' : outcome}. ${text(summary)} (${ms} ms)`)), // prettier-ignore
    ...(masked.length > 0 ? [[`Personal data is masked (${masked.join(', ')}).`]] : []),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const section = (title: string, lines: readonly string[]): readonly (readonly string[])[] =>
  lines.length > 0 ? [[`## ${title}`, '', ...lines]] : [];

function comparisonPart(comparison: ReportedComparison): readonly string[] {
  const { expectedRows, actualRows, missing, unexpected, changed, keys } = comparison;
  return [
    '| | rows |',
    '| --- | ---: |',
    `| PostgreSQL's own answer | ${expectedRows} |`,
    `| target | ${actualRows} |`,
    `| missing in the target | ${missing} |`,
    `| unexpected in the target | ${unexpected} |`,
    ...(keys.length > 0 ? [`| changed | ${changed} |`] : []),
    ...exactness(comparison),
    ...differences(comparison),
  ];
}

function exactness({ tolerant, tolerance }: ReportedComparison): readonly string[] {
  if (tolerant.length === 0) return ['', 'Every column was compared exactly.'];
  const names = tolerant.map(code).join(', ');
  return ['', `Floating point (${names}) was compared to a relative ${tolerance}; every other column exactly.`];
}

function differences({ keys, byColumn, rows }: ReportedComparison): readonly string[] {
  const columns = Object.entries(byColumn).map(([name, changed]) => `${code(name)} in ${counted(changed, 'row')}`);
  return [
    ...(keys.length > 0 ? ['', `Rows are told apart by ${keys.map(code).join(', ')}.`] : []),
    ...(columns.length > 0 ? ['', `What differs: ${columns.join(', ')}.`] : []),
    ...(rows.length > 0 ? ['', 'For example:', '', ...rows.flatMap(differentRow)] : []),
  ];
}

function differentRow(row: DifferentRow): readonly string[] {
  switch (row.kind) {
    case 'missing':
      return [`- missing: ${code(row.expected)}`];
    case 'unexpected':
      return [`- unexpected: ${code(row.actual)}`];
    case 'changed':
      return [
        `- changed in ${row.cells.map(code).join(', ')}:`,
        `  - expected ${code(row.expected)}`,
        `  - found ${code(row.actual)}`,
      ];
  }
}

function findingLines({ severity, message, place, cause, evidence }: Finding): readonly string[] {
  const where = placeWords(place);
  return [
    `- ${severity}: ${text(message)}${where === '' ? '' : ` (${text(where)})`}`,
    ...(cause ? [`  - Cause: ${causeWords[cause]}.`] : []),
    ...evidence.map((sentence) => `  - ${text(sentence)}`),
  ];
}

function checkLines({ outcome, title, rows, detail, examples }: ReportedCheck): readonly string[] {
  const told = `${text(title)}${rows === undefined ? '' : ` (${rows})`}`;
  const more = detail === undefined ? '' : `${told.endsWith('.') ? '' : ':'} ${text(detail)}`;
  return [`- ${outcome}: ${told}${more}`, ...examples.map((row) => `  - ${code(row)}`)];
}

const questionLines = ({ id, text: asked, choices }: ReportValue['questions'][number]): readonly string[] => [
  `- ${text(asked)} (${code(id)})`,
  ...choices.map(
    (choice) => `  - ${code(choice.id)}: ${text(choice.label)}${choice.detail ? `. ${text(choice.detail)}` : ''}`,
  ),
];

function proofPart({ proof }: ReportValue): readonly (readonly string[])[] {
  if (!proof) return [];
  const { snapshot, rows, ms, sample, notProven } = proof;
  const looked = sample ? `${rows} of ${counted(sample.of, 'row')} (${text(sample.range)})` : counted(rows, 'row');
  return section('Proof', [
    `${looked} compared in ${ms} ms, all at one moment of the database (snapshot ${code(snapshot)}).`,
    ...(notProven.length > 0 ? ['', 'Not proven:', '', ...notProven.map((sentence) => `- ${text(sentence)}`)] : []),
  ]);
}

/** Text that is none of ours stays text: no mark-up, no link, no image, no line of its own. */
const text = (from: string): string =>
  visible(from)
    .replace(/[\\`*[\]<>&|~]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\bwww\./gi, 'www\\.');

/** Fenced by more backticks than it holds. */
function code(from: string): string {
  const shown = visible(from);
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}
