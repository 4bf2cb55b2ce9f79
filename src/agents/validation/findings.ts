/** What a validation tells, one finding a fault, with its place and what speaks for its cause. */
import { counted, listed } from '../counted.ts';
import type { FaultLayer, Finding, FindingPlace, Verdict } from '../verdict.ts';
import type { Changes, DifferentRow } from './changes.ts';
import type { Divergence } from './divergence.ts';
import { ruleTitle, type Rule } from './rules.ts';
import type { RuleResult } from './testRules.ts';
import { agrees, type Comparison } from '../comparison.ts';

/** Where a fault lies, as far as evidence says so, and the evidence in sentences. */
export interface Cause {
  readonly cause?: FaultLayer;
  readonly evidence: readonly string[];
}

export const unknownCause: Cause = { evidence: [] };

export function ruleFinding(result: RuleResult, cause: Cause): Finding | undefined {
  const { rule } = result;
  const place = placeOf(rule);
  switch (result.kind) {
    case 'passed':
      return undefined;
    case 'notRun': {
      const message = `${ruleTitle(rule)}: it could not be run. ${result.reason}`;
      return { code: 'not-run', severity: 'warning', message, place, evidence: [], examples: [] };
    }
    case 'failed': {
      const message = `${ruleTitle(rule)}: ${counted(result.rows, 'row')} ${result.rows === 1 ? 'breaks' : 'break'} it.`;
      return { code: 'rule-broken', severity: rule.severity, message, place, ...cause, examples: result.examples };
    }
  }
}

/** The spec's own checks stand in it, shared ones in their file; what follows from the target has no place of its own. */
function placeOf({ index, file, pointer }: Rule): FindingPlace {
  if (index !== undefined) return { pointer: `/checks/${index}` };
  if (file !== undefined) return { file, ...(pointer !== undefined && { pointer }) };
  return { pointer: '/target' };
}

/** A changed row is one missing and one unexpected to a comparison; what a sample only counts has no pair. */
export function differenceOf({ missing, unexpected }: Comparison, changes: Changes | undefined): Counts {
  const changed = changes?.changed ?? 0;
  return { missing: missing - changed, unexpected: unexpected - changed, changed };
}

type Counts = Pick<Changes, 'missing' | 'unexpected' | 'changed'>;

export function rowsFinding(comparison: Comparison, changes: Changes | undefined, cause: Cause): Finding | undefined {
  if (agrees(comparison)) return undefined;
  return {
    code: 'rows-differ',
    severity: 'error',
    message: `The target differs from PostgreSQL's own answer: ${inWords(differenceOf(comparison, changes))}.`,
    place: { pointer: '/target' },
    ...cause,
    examples: (changes?.rows.flatMap(rowTexts) ?? comparison.examples.map(({ row }) => row)).slice(0, mostExamples),
  };
}

function inWords({ missing, unexpected, changed }: Counts): string {
  const parts = [
    ...(missing > 0 ? [`${counted(missing, 'row')} missing`] : []),
    ...(unexpected > 0 ? [`${counted(unexpected, 'row')} unexpected`] : []),
    ...(changed > 0 ? [`${counted(changed, 'row')} changed`] : []),
  ];
  return listed(parts);
}

const mostExamples = 6;

function rowTexts(row: DifferentRow): readonly string[] {
  switch (row.kind) {
    case 'missing':
      return [row.expected];
    case 'unexpected':
      return [row.actual];
    case 'changed':
      return [row.expected, row.actual];
  }
}

/** The verdict with the place in it where the rows went wrong. */
export function withDivergence(verdict: Verdict, divergence: Divergence): Verdict {
  const { findings } = verdict;
  if (!findings) return verdict;
  const placed = (finding: Finding): Finding => {
    if (finding.code !== 'rows-differ') return finding;
    const { file, pointer } = finding.place;
    // What was known of the place before is of another look.
    const known = { ...(file !== undefined && { file }), ...(pointer !== undefined && { pointer }) };
    const place = { ...known, ...divergentPlace(divergence) };
    return { ...finding, place, evidence: [...finding.evidence, ...divergenceEvidence(divergence)] };
  };
  return { ...verdict, findings: findings.map(placed) };
}

function divergentPlace(divergence: Divergence): FindingPlace {
  const { lines } = divergence;
  const place = lines ? { lines: { first: lines.first, last: lines.last } } : {};
  return divergence.kind === 'step'
    ? { step: divergence.step, pointer: `/steps/${divergence.index}`, ...place }
    : place;
}

/** The same with a cause and what speaks for it. */
export function withEvidence(verdict: Verdict, { cause, evidence }: Cause): Verdict {
  const { findings } = verdict;
  if (!findings) return verdict;
  const added = (finding: Finding): Finding => {
    if (finding.code !== 'rows-differ') return finding;
    return { ...finding, ...(cause && { cause }), evidence: [...finding.evidence, ...evidence] };
  };
  return { ...verdict, findings: findings.map(added) };
}

function divergenceEvidence(divergence: Divergence): readonly string[] {
  const { unseen } = divergence;
  const blind = unseen.length > 0 ? [`Not looked at, and so not ruled out: ${unseen.join(', ')}.`] : [];
  if (divergence.kind === 'behind') {
    const seen = divergence.step === undefined ? [] : [`Every step up to ${divergence.step} that could be looked at is right.`]; // prettier-ignore
    return [...seen, ...blind];
  }
  const { step, expectedRows, actualRows } = divergence;
  const rows =
    expectedRows === actualRows
      ? `as many rows as PostgreSQL (${actualRows}), but others`
      : `${actualRows} rows, and PostgreSQL ${expectedRows}`;
  const near = divergence.lines?.near;
  const gone =
    near === undefined ? [] : [`The script has no comment of ${step} any more: the lines are those of ${near}.`];
  const { changes } = divergence;
  const which = changes ? [`In its rows: ${inWords(changes)}.`] : [];
  return [`The first step that differs is ${step}: the job has ${rows}.`, ...which, ...gone, ...blind];
}
