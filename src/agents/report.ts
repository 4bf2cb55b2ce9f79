import { floatTolerance, type Comparison, type Example } from './comparison.ts';
import { createMasker, type Masker } from './personalData/masker.ts';
import { maskRow } from './personalData/maskRow.ts';
import type { Programs } from './programs.ts';
import type { Verdict } from './verdict.ts';
import type { Changes, DifferentRow } from './validation/changes.ts';
import { ruleTitle } from './validation/rules.ts';
import type { RuleResult } from './validation/testRules.ts';

/** The verdict in words and numbers, as Markdown. */
export function reportOf(verdict: Verdict, { target }: Pick<Programs, 'target'>): string {
  const masker = createMasker();
  const row: ShowRow = (text) => code(maskRow(text, masker, target.columns));
  const body = [
    ...comparisonPart(verdict, row),
    ...rulesPart(verdict.rules ?? [], row),
    ...roundsPart(verdict.rounds ?? []),
  ];
  const kinds = masker.kinds();
  const note = kinds.length > 0 ? ['', `Personal data is masked (${kinds.join(', ')}).`] : [];
  return [`# ${target.table}: ${headline(verdict)}`, '', ...body, ...note].join('\n') + '\n';
}

/** The verdict in one sentence. */
export function headline(verdict: Verdict): string {
  const broken = (verdict.rules ?? []).filter(({ kind }) => kind === 'failed');
  switch (verdict.kind) {
    case 'passed': {
      const warned = broken.length > 0 ? `, ${count(broken.length, 'warning')}` : '';
      return `passed, all ${count(verdict.comparison.actualRows, 'row')} equal PostgreSQL's own answer${warned}`;
    }
    case 'failed': {
      const rows = verdict.comparison ? difference(verdict.comparison) : '';
      const errors = broken.filter(({ rule }) => rule.severity === 'error').length;
      return `failed, ${[rows, ...(errors > 0 ? [`${count(errors, 'rule')} broken`] : [])].filter(Boolean).join(' and ')}`;
    }
    case 'notCompared':
      return 'not compared';
  }
}

type ShowRow = (row: string) => string;

function comparisonPart(verdict: Verdict, row: ShowRow): readonly string[] {
  if (verdict.kind === 'notCompared') return [verdict.reason];
  const { comparison } = verdict;
  if (!comparison) return [verdict.kind === 'failed' ? (verdict.reason ?? '') : ''];
  const changes = verdict.kind === 'failed' ? verdict.changes : undefined;
  const { missing, unexpected } = changes ?? comparison;
  return [
    '| | rows |',
    '| --- | ---: |',
    `| PostgreSQL's own answer | ${comparison.expectedRows} |`,
    `| target | ${comparison.actualRows} |`,
    `| missing in the target | ${missing} |`,
    `| unexpected in the target | ${unexpected} |`,
    ...(changes && changes.keys.length > 0 ? [`| changed | ${changes.changed} |`] : []),
    ...tolerance(comparison),
    ...(changes ? changesPart(changes, row) : examplesPart(comparison.examples, row)),
  ];
}

function tolerance({ tolerant }: Comparison): readonly string[] {
  if (tolerant.length === 0) return ['', 'Every column was compared exactly.'];
  const names = tolerant.map((name) => `\`${name}\``).join(', ');
  return ['', `Floating point (${names}) was compared to a relative ${floatTolerance}; every other column exactly.`];
}

function changesPart({ keys, byColumn, rows }: Changes, row: ShowRow): readonly string[] {
  const columns = Object.entries(byColumn).map(([name, changed]) => `${code(name)} in ${count(changed, 'row')}`);
  const paired = keys.length > 0 ? ['', `Rows are told apart by ${keys.map(code).join(', ')}.`] : [];
  return [
    ...paired,
    ...(columns.length > 0 ? ['', `What differs: ${columns.join(', ')}.`] : []),
    ...(rows.length > 0 ? ['', 'For example:', '', ...rows.flatMap((each) => differentRow(each, row))] : []),
  ];
}

function differentRow(different: DifferentRow, row: ShowRow): readonly string[] {
  switch (different.kind) {
    case 'missing':
      return [`- missing: ${row(different.expected)}`];
    case 'unexpected':
      return [`- unexpected: ${row(different.actual)}`];
    case 'changed':
      return [
        `- changed in ${different.cells.map(code).join(', ')}:`,
        `  - expected ${row(different.expected)}`,
        `  - found ${row(different.actual)}`,
      ];
  }
}

function examplesPart(examples: readonly Example[], row: ShowRow): readonly string[] {
  if (examples.length === 0) return [];
  return ['', 'For example:', '', ...examples.map(({ kind, row: text }) => `- ${kind}: ${row(text)}`)];
}

function rulesPart(rules: readonly RuleResult[], row: ShowRow): readonly string[] {
  if (rules.length === 0) return [];
  return ['', '## Rules', '', ...rules.flatMap((rule) => ruleLines(rule, row))];
}

/** What was done before: `rounds.md` tells it at length. */
const roundsPart = (rounds: readonly string[]): readonly string[] =>
  rounds.length === 0 ? [] : ['', '## Rounds', '', ...rounds.map((round) => `- ${code(round)}`)];

function ruleLines(result: RuleResult, row: ShowRow): readonly string[] {
  const title = ruleTitle(result.rule);
  switch (result.kind) {
    case 'passed':
      return [`- passed: ${title}`];
    case 'notRun':
      return [`- not run: ${title}: ${result.reason}`];
    case 'failed':
      return [
        `- ${result.rule.severity === 'error' ? 'failed' : 'warning'}: ${title} (${result.rows})`,
        ...result.examples.map((example) => `  - ${row(example)}`),
      ];
  }
}

/** Rows are shown masked wherever a verdict is kept. */
export function maskedVerdict(verdict: Verdict, columns: Programs['target']['columns']): Verdict {
  const masker = createMasker();
  const rules = verdict.rules && { rules: verdict.rules.map((result) => maskedRule(result, masker, columns)) };
  if (verdict.kind === 'notCompared' || !verdict.comparison) return { ...verdict, ...rules };
  const mask = (row: string): string => maskRow(row, masker, columns);
  const examples = verdict.comparison.examples.map(({ kind, row }) => ({ kind, row: mask(row) }));
  const comparison = { ...verdict.comparison, examples };
  if (verdict.kind === 'passed' || !verdict.changes) return { ...verdict, comparison, ...rules };
  const rows = verdict.changes.rows.map((row): DifferentRow => {
    switch (row.kind) {
      case 'missing':
        return { ...row, expected: mask(row.expected) };
      case 'unexpected':
        return { ...row, actual: mask(row.actual) };
      case 'changed':
        return { ...row, expected: mask(row.expected), actual: mask(row.actual) };
    }
  });
  return { ...verdict, comparison, changes: { ...verdict.changes, rows }, ...rules };
}

function maskedRule(result: RuleResult, masker: Masker, columns: Programs['target']['columns']): RuleResult {
  if (result.kind !== 'failed') return result;
  return { ...result, examples: result.examples.map((row) => maskRow(row, masker, columns)) };
}

/** Text from the database: fenced by more backticks than it holds, so that it stays text. */
function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}

function difference({ missing, unexpected }: Comparison): string {
  const parts = [
    ...(missing > 0 ? [`${count(missing, 'row')} missing`] : []),
    ...(unexpected > 0 ? [`${count(unexpected, 'row')} unexpected`] : []),
  ];
  return parts.join(' and ');
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
