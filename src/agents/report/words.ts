import { agrees } from '../comparison.ts';
import { counted, listed } from '../counted.ts';
import { differenceOf } from '../validation/findings.ts';
import type { Verdict } from '../verdict.ts';

export type ReportOutcome = 'passed' | 'passed with warnings' | 'failed' | 'not compared';

export function outcomeOf(verdict: Verdict): ReportOutcome {
  switch (verdict.kind) {
    case 'passed':
      return warningsIn(verdict) > 0 ? 'passed with warnings' : 'passed';
    case 'failed':
      return 'failed';
    case 'notCompared':
      return 'not compared';
  }
}

/** The verdict in one sentence. */
export function headline(verdict: Verdict): string {
  const outcome = outcomeOf(verdict);
  switch (verdict.kind) {
    case 'passed': {
      const warnings = warningsIn(verdict);
      return `${outcome}${warnings > 0 ? ` (${warnings})` : ''}, ${equalRows(verdict)}`;
    }
    case 'failed':
      return `${outcome}, ${whatFailed(verdict)}`;
    case 'notCompared':
      return outcome;
  }
}

/** Findings that are no errors, or in a verdict without findings the rules that nobody may take for passed. */
export function warningsIn({ findings, rules = [] }: Verdict): number {
  if (findings) return findings.filter(({ severity }) => severity === 'warning').length;
  return rules.filter(({ kind, rule }) => kind === 'notRun' || (kind === 'failed' && rule.severity === 'warning'))
    .length;
}

function equalRows({ comparison, proof }: Verdict & { readonly kind: 'passed' }): string {
  const { sample } = proof ?? {};
  if (!sample) return `all ${counted(comparison.actualRows, 'row')} equal PostgreSQL's own answer`;
  return `${sample.rows} of ${counted(sample.of, 'row')} were compared, and equal PostgreSQL's own answer`;
}

function whatFailed(verdict: Verdict & { readonly kind: 'failed' }): string {
  const { comparison, changes, rules = [], reason } = verdict;
  const broken = rules.filter(({ kind, rule }) => kind === 'failed' && rule.severity === 'error').length;
  const { missing, unexpected, changed } =
    comparison && !agrees(comparison) ? differenceOf(comparison, changes) : { missing: 0, unexpected: 0, changed: 0 };
  const parts = [
    ...(missing > 0 ? [`${counted(missing, 'row')} missing`] : []),
    ...(unexpected > 0 ? [`${counted(unexpected, 'row')} unexpected`] : []),
    ...(changed > 0 ? [`${counted(changed, 'row')} changed`] : []),
    ...(broken > 0 ? [`${counted(broken, 'rule')} broken`] : []),
  ];
  return parts.length > 0 ? listed(parts) : (reason ?? 'the rows are not what was meant');
}
