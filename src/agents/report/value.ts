/** The one value that all reports are written from; docs/validation.md tells of its shape, which is that of report.json. */
import { floatTolerance, type Comparison } from '../comparison.ts';
import type { IntentOutcome } from '../intentPort.ts';
import { createMasker } from '../personalData/masker.ts';
import type { Programs } from '../programs.ts';
import type { Question } from '../planner.ts';
import type { Changes, DifferentRow } from '../validation/changes.ts';
import { differenceOf } from '../validation/findings.ts';
import { ruleTitle, type Rule } from '../validation/rules.ts';
import type { RuleResult } from '../validation/testRules.ts';
import type { Finding, PhaseResult, Proof, Verdict } from '../verdict.ts';
import { maskedVerdict } from './masked.ts';
import { headline, outcomeOf, type ReportOutcome } from './words.ts';

export interface ReportValue {
  readonly version: 1;
  /** The target. */
  readonly table: string;
  readonly outcome: ReportOutcome;
  readonly headline: string;
  /** Why the rows were not compared, or are not what was meant. */
  readonly reason?: string;
  /** Left out where the rows were not compared. */
  readonly comparison?: ReportedComparison;
  readonly findings: readonly Finding[];
  readonly rules: readonly ReportedCheck[];
  /** Tests of the prompt, and its second reading. */
  readonly intent: readonly ReportedCheck[];
  readonly questions: readonly Question[];
  readonly phases: readonly PhaseResult[];
  /** What was done about a wrong result, a sentence a round. */
  readonly rounds: readonly string[];
  readonly proof?: Proof;
  /** Steps of the spec in the script's order. */
  readonly steps: readonly string[];
  /** What kinds of personal data are masked. */
  readonly masked: readonly string[];
}

export interface ReportedComparison {
  readonly expectedRows: number;
  readonly actualRows: number;
  readonly missing: number;
  readonly unexpected: number;
  readonly changed: number;
  /** What tells rows apart; empty where nothing does. */
  readonly keys: readonly string[];
  /** How many rows differ in a column. */
  readonly byColumn: Readonly<Record<string, number>>;
  /** Columns of floating point, and the relative tolerance they were compared to. */
  readonly tolerant: readonly string[];
  readonly tolerance: number;
  readonly rows: readonly DifferentRow[];
}

/** One thing that was tested. */
export interface ReportedCheck {
  readonly title: string;
  readonly outcome: 'passed' | 'failed' | 'warning' | 'not run';
  /** Who says it: the spec, what follows from the target, a file of the workspace, or the prompt. */
  readonly origin: string;
  /** How many rows speak against it. */
  readonly rows?: number;
  /** Why it was not run, or how the prompt was understood. */
  readonly detail?: string;
  readonly examples: readonly string[];
}

export function reportValue(
  verdict: Verdict,
  { target, sourceMap }: Pick<Programs, 'target'> & Partial<Pick<Programs, 'sourceMap'>>,
): ReportValue {
  const masker = createMasker();
  const shown = maskedVerdict(verdict, target.columns, masker);
  const reason = shown.kind === 'passed' ? undefined : shown.reason;
  const comparison = comparisonIn(shown);
  return {
    ...{ version: 1, table: target.table, outcome: outcomeOf(shown), headline: headline(shown) },
    ...(reason !== undefined && { reason }),
    ...(comparison && { comparison }),
    findings: shown.findings ?? [],
    rules: (shown.rules ?? []).map(reportedRule),
    intent: shown.intent ? reportedIntent(shown.intent) : [],
    questions: shown.questions ?? [],
    phases: shown.phases ?? [],
    rounds: shown.rounds ?? [],
    ...(shown.proof && { proof: shown.proof }),
    steps: (sourceMap?.blocks ?? []).flatMap(({ name, part }) => (part === 'step' ? [name] : [])),
    masked: masker.kinds(),
  };
}

function comparisonIn(verdict: Verdict): ReportedComparison | undefined {
  if (verdict.kind === 'notCompared' || !verdict.comparison) return undefined;
  const changes = verdict.kind === 'failed' ? verdict.changes : undefined;
  const { comparison } = verdict;
  const { expectedRows, actualRows, tolerant } = comparison;
  return {
    ...{ expectedRows, actualRows, ...differenceOf(comparison, changes) },
    ...{ keys: changes?.keys ?? [], byColumn: changes?.byColumn ?? {} },
    ...{ tolerant, tolerance: floatTolerance, rows: rowsOf(comparison, changes) },
  };
}

const rowsOf = ({ examples }: Comparison, changes: Changes | undefined): readonly DifferentRow[] =>
  changes?.rows ??
  examples.map(({ kind, row }) => (kind === 'missing' ? { kind, expected: row } : { kind, actual: row }));

function reportedRule(result: RuleResult): ReportedCheck {
  const said = { title: ruleTitle(result.rule), origin: originOf(result.rule) };
  switch (result.kind) {
    case 'passed':
      return { ...said, outcome: 'passed', examples: [] };
    case 'notRun':
      return { ...said, outcome: 'not run', detail: result.reason, examples: [] };
    case 'failed': {
      const outcome = result.rule.severity === 'error' ? 'failed' : 'warning';
      return { ...said, outcome, rows: result.rows, examples: result.examples };
    }
  }
}

function originOf({ index, file, pointer }: Rule): string {
  if (index !== undefined) return 'spec';
  return file === undefined ? 'target' : `${file}#${pointer ?? ''}`;
}

/** A model's test never fails anything: where it does not hold, it warns. */
function reportedIntent({ tests, reading }: IntentOutcome): readonly ReportedCheck[] {
  const reported = tests.map((result): ReportedCheck => {
    const said = { title: result.test.says, origin: 'prompt' };
    switch (result.kind) {
      case 'passed':
        return { ...said, outcome: 'passed', examples: [] };
      case 'failed':
        return { ...said, outcome: 'warning', rows: result.rows, examples: result.examples };
      case 'dropped':
        return { ...said, outcome: 'not run', detail: result.reason, examples: [] };
    }
  });
  return reading ? [...reported, reportedReading(reading)] : reported;
}

function reportedReading(reading: NonNullable<IntentOutcome['reading']>): ReportedCheck {
  const said = { title: 'The prompt, read once more, asks for the same rows', origin: 'prompt' };
  const { words } = reading.reading;
  switch (reading.kind) {
    case 'agrees':
      return { ...said, outcome: 'passed', detail: words, examples: [] };
    case 'dropped':
      return { ...said, outcome: 'not run', detail: reading.reason, examples: [] };
    case 'differs': {
      const { missing, unexpected, changed, rows } = reading.changes;
      const examples = rows.slice(0, 3).map((row) => (row.kind === 'missing' ? row.expected : row.actual));
      return { ...said, outcome: 'warning', rows: missing + unexpected + changed, detail: words, examples };
    }
  }
}
