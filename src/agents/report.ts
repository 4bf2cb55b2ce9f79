import { floatTolerance, type Comparison } from './comparison.ts';
import { createMasker } from './personalData/masker.ts';
import { maskRow } from './personalData/maskRow.ts';
import type { Programs } from './programs.ts';
import type { Verdict } from './runState.ts';

/** The verdict in words and numbers, as Markdown. */
export function reportOf(verdict: Verdict, { target }: Pick<Programs, 'target'>): string {
  return [`# ${target.table}: ${headline(verdict)}`, '', ...body(verdict, target)].join('\n') + '\n';
}

/** The verdict in one sentence. */
export function headline(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'passed':
      return `passed, all ${count(verdict.comparison.actualRows, 'row')} equal PostgreSQL's own answer`;
    case 'failed':
      return `failed, ${difference(verdict.comparison)}`;
    case 'notCompared':
      return 'not compared';
  }
}

function body(verdict: Verdict, target: Programs['target']): readonly string[] {
  if (verdict.kind === 'notCompared') return [verdict.reason];
  const { comparison } = verdict;
  return [
    '| | rows |',
    '| --- | ---: |',
    `| PostgreSQL's own answer | ${comparison.expectedRows} |`,
    `| target | ${comparison.actualRows} |`,
    `| missing in the target | ${comparison.missing} |`,
    `| unexpected in the target | ${comparison.unexpected} |`,
    ...tolerance(comparison),
    ...examples(comparison, target),
  ];
}

function tolerance({ tolerant }: Comparison): readonly string[] {
  if (tolerant.length === 0) return ['', 'Every column was compared exactly.'];
  const names = tolerant.map((name) => `\`${name}\``).join(', ');
  return ['', `Floating point (${names}) was compared to a relative ${floatTolerance}; every other column exactly.`];
}

function examples({ examples: rows }: Comparison, { columns }: Programs['target']): readonly string[] {
  if (rows.length === 0) return [];
  const masker = createMasker();
  const lines = rows.map(({ kind, row }) => `- ${kind}: ${code(maskRow(row, masker, columns))}`);
  const kinds = masker.kinds();
  const note = kinds.length > 0 ? ['', `Personal data is masked (${kinds.join(', ')}).`] : [];
  return ['', 'For example:', '', ...lines, ...note];
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
