/** Phase 5: the verdict, what was proven, and what was not. */
import { agrees } from '../comparison.ts';
import { counted, listed } from '../counted.ts';
import type { ValidationRequest } from '../ports.ts';
import type { Finding, PhaseName, PhaseResult, Proof, Verdict } from '../verdict.ts';
import type { Compared } from './comparisonPhase.ts';
import { isBroken, type Tested } from './executionPhase.ts';
import { rowsFinding, ruleFinding, unknownCause } from './findings.ts';
import { intentFindings, intentQuestions } from './intentFindings.ts';
import type { PhaseOutcome } from './phases.ts';
import type { KnownRules } from './rulesPhase.ts';
import type { Evidence } from './verificationPhase.ts';

/** What all phases before found. */
export interface Found {
  readonly known: KnownRules;
  readonly tested: Tested;
  readonly compared: Compared;
  readonly evidence: Evidence;
}

/** By rows and rules alone: with everything else that it tells, a verdict rests on nothing but these. */
export function bareVerdict({ tested, compared }: Omit<Found, 'evidence'>): Verdict {
  const { rules, intent } = tested;
  const parts = { rules, ...(intent && { intent }) };
  const broken = rules.some(isBroken);
  if (compared.kind === 'notCompared') {
    return { kind: broken ? 'failed' : 'notCompared', reason: compared.reason, ...parts };
  }
  const { comparison, changes } = compared;
  if (!agrees(comparison)) return { kind: 'failed', comparison, ...(changes && { changes }), ...parts };
  return { kind: broken ? 'failed' : 'passed', comparison, ...parts };
}

export function analyse(found: Found, request: ValidationRequest): PhaseOutcome<Verdict> {
  const { known, tested, compared, evidence } = found;
  const { intent } = tested;
  const findings = [...known.findings, ...rowFindings(compared, evidence), ...ruleFindings(tested, evidence)];
  const doubts = intent ? intentFindings(intent, evidence.ofIntent ?? unknownCause) : [];
  const questions = intent ? intentQuestions(intent, compared, request) : [];
  const all = [...findings, ...doubts].sort((one, other) => rank[one.severity] - rank[other.severity]);
  const verdict: Verdict = { ...bareVerdict(found), findings: all, ...(questions.length > 0 && { questions }) };
  return { found: verdict, ...wordsOf(verdict, all) };
}

const rank: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, information: 2 };

const rowFindings = (compared: Compared, { ofRows = unknownCause }: Evidence): readonly Finding[] =>
  compared.kind === 'compared' ? some(rowsFinding(compared.comparison, compared.changes, ofRows)) : [];

const ruleFindings = ({ rules }: Tested, { ofRules }: Evidence): readonly Finding[] =>
  rules.flatMap((result) => some(ruleFinding(result, ofRules.get(result.rule.id) ?? unknownCause)));

const some = (finding: Finding | undefined): readonly Finding[] => (finding ? [finding] : []);

const verdictWords = { passed: 'Passed', failed: 'Failed', notCompared: 'Not compared' } as const;

function wordsOf({ kind }: Verdict, findings: readonly Finding[]): Pick<PhaseOutcome<Verdict>, 'outcome' | 'summary'> {
  const count = (severity: Finding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  const told = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ];
  const word = kind === 'passed' && warnings > 0 ? 'Passed with warnings' : verdictWords[kind];
  const summary = `${word}: ${told.length > 0 ? listed(told) : 'nothing to be told'}.`;
  if (kind === 'failed') return { outcome: 'failed', summary };
  if (kind === 'notCompared') return { outcome: warnings > 0 ? 'warned' : 'notRun', summary };
  return { outcome: warnings > 0 ? 'warned' : 'passed', summary };
}

export interface ProofParts {
  readonly snapshot: string;
  readonly ms: number;
  readonly phases: readonly PhaseResult[];
}

export function proofOf({ tested, compared }: Omit<Found, 'evidence'>, { snapshot, ms, phases }: ProofParts): Proof {
  const sample = compared.kind === 'compared' ? compared.sample : undefined;
  const rows = compared.kind === 'compared' ? (sample?.rows ?? compared.comparison.actualRows) : 0;
  return { snapshot, rows, ms, ...(sample && { sample }), notProven: notProven(tested, compared, phases) };
}

function notProven({ rules, intent }: Tested, compared: Compared, phases: readonly PhaseResult[]): readonly string[] {
  const why = (phase: PhaseName): string | undefined =>
    phases.find((result) => result.phase === phase && result.outcome === 'notRun')?.summary;
  const unread = why('intent');
  const notRun = rules.filter(({ kind }) => kind === 'notRun').length;
  const dropped = (intent?.tests ?? []).filter(({ kind }) => kind === 'dropped').length;
  const { reading } = intent ?? {};
  return [
    ...(compared.kind === 'notCompared'
      ? [`That the rows are PostgreSQL's own answer: ${compared.reason}`]
      : sampled(compared)),
    ...(notRun > 0 ? [`That ${counted(notRun, 'rule')} ${notRun === 1 ? 'holds' : 'hold'}: not run.`] : []),
    ...(unread !== undefined || !intent
      ? [`That the spec is what the prompt asks for: ${unread ?? 'its tests were not run.'}`]
      : []),
    ...(dropped > 0
      ? [
          `What ${counted(dropped, 'test')} of the prompt would have shown: dropped, because ${dropped === 1 ? 'it' : 'they'} could not fail or not be run.`,
        ]
      : []),
    ...(reading?.kind === 'dropped'
      ? [`That a second reading of the prompt gives the same rows: ${reading.reason}`]
      : []),
  ];
}

const sampled = ({ sample }: Compared & { readonly kind: 'compared' }): readonly string[] =>
  sample ? [`That ${sample.of - sample.rows} of ${counted(sample.of, 'row')} are right: only counted, outside ${sample.range}.`] : []; // prettier-ignore
