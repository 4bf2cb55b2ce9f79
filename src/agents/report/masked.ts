import { createMasker, type Masker } from '../personalData/masker.ts';
import { maskChanges } from '../personalData/maskChanges.ts';
import { maskRow } from '../personalData/maskRow.ts';
import type { IntentOutcome } from '../intentPort.ts';
import type { Programs } from '../programs.ts';
import type { Verdict } from '../verdict.ts';

type Columns = Programs['target']['columns'];

/** Rows are shown masked wherever a verdict is kept: the same value by the same word in all of it. */
export function maskedVerdict(verdict: Verdict, columns: Columns, masker: Masker = createMasker()): Verdict {
  const mask = (row: string): string => maskRow(row, masker, columns);
  const { rules, findings, intent } = verdict;
  const parts = {
    ...(rules && { rules: rules.map((result) => withExamples(result, mask)) }),
    ...(findings && { findings: findings.map((finding) => withExamples(finding, mask)) }),
    ...(intent && { intent: maskedIntent(intent, mask) }),
  };
  switch (verdict.kind) {
    case 'notCompared':
      return { ...verdict, ...parts };
    case 'passed':
      return { ...verdict, ...parts, comparison: maskedComparison(verdict.comparison, mask) };
    case 'failed': {
      const { comparison, changes } = verdict;
      return {
        ...{ ...verdict, ...parts },
        ...(comparison && { comparison: maskedComparison(comparison, mask) }),
        ...(changes && { changes: maskChanges(changes, mask) }),
      };
    }
  }
}

type Mask = (row: string) => string;

const withExamples = <T extends object>(holder: T, mask: Mask): T =>
  'examples' in holder && Array.isArray(holder.examples)
    ? { ...holder, examples: (holder.examples as readonly string[]).map(mask) }
    : holder;

type Comparison = (Verdict & { readonly kind: 'passed' })['comparison'];

const maskedComparison = (comparison: Comparison, mask: Mask): Comparison => ({
  ...comparison,
  examples: comparison.examples.map(({ kind, row }) => ({ kind, row: mask(row) })),
});

function maskedIntent({ tests, reading }: IntentOutcome, mask: Mask): IntentOutcome {
  return {
    tests: tests.map((result) => withExamples(result, mask)),
    ...(reading && {
      reading: reading.kind === 'differs' ? { ...reading, changes: maskChanges(reading.changes, mask) } : reading,
    }),
  };
}
