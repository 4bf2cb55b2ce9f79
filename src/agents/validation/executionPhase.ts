/** Phase 3: every rule and every test of the prompt against the rows, read only, at one moment. */
import { counted } from '../counted.ts';
import type { IntentOutcome } from '../intentPort.ts';
import type { ValidationRequest } from '../ports.ts';
import { expectation } from '../comparisonValidator.ts';
import type { KnownIntent, TestIntent } from './intentPhase.ts';
import type { PhaseOutcome } from './phases.ts';
import type { Rule } from './rules.ts';
import type { Snapshot } from './snapshot.ts';
import { targetOf } from './target.ts';
import { testRules, type RuleResult } from './testRules.ts';

export interface Tested {
  readonly rules: readonly RuleResult[];
  readonly intent?: IntentOutcome;
}

export interface ToTest {
  readonly rules: readonly Rule[];
  readonly intent: KnownIntent;
  readonly testIntent: TestIntent | undefined;
}

export async function execute(
  snapshot: Snapshot,
  request: ValidationRequest,
  { rules, intent, testIntent }: ToTest,
): Promise<PhaseOutcome<Tested>> {
  const target = targetOf(request);
  const results = await testRules(snapshot, rules, target);
  const expected = expectation(request);
  const sides = {
    target,
    ...(expected.kind === 'reference' && { reference: expected.reference }),
    keys: request.programs.keys ?? [],
    ...(request.instant !== undefined && { instant: request.instant }),
  };
  const outcome = intent && testIntent && (await testIntent(snapshot.lowered ?? snapshot, intent, sides));
  const tested = { rules: results, ...(outcome && { intent: outcome }) };
  return { found: tested, outcome: outcomeOf(tested), summary: `${summaryOf(tested)} Snapshot ${snapshot.id}.` };
}

/** What nobody ran is not known, and nobody may take it for passed. */
export const untested = (rules: readonly Rule[]): Tested => ({
  rules: rules.map((rule) => ({ rule, kind: 'notRun', reason: 'The execution of rules was left out.' })),
});

export const isBroken = ({ kind, rule }: RuleResult): boolean => kind === 'failed' && rule.severity === 'error';

export function isDoubtful({ tests, reading }: IntentOutcome): boolean {
  return tests.some(({ kind }) => kind === 'failed') || reading?.kind === 'differs';
}

function outcomeOf({ rules, intent }: Tested): PhaseOutcome<Tested>['outcome'] {
  if (rules.some(isBroken)) return 'failed';
  if (rules.some(({ kind }) => kind !== 'passed') || (intent && isDoubtful(intent))) return 'warned';
  return rules.length > 0 || (intent && wasTested(intent)) ? 'passed' : 'notRun';
}

const wasTested = ({ tests, reading }: IntentOutcome): boolean =>
  tests.some(({ kind }) => kind !== 'dropped') || (reading !== undefined && reading.kind !== 'dropped');

function summaryOf({ rules, intent }: Tested): string {
  const tests = intent?.tests ?? [];
  const parts = [
    ...(rules.length > 0 ? [`${counted(rules.length, 'rule')} (${tally(rules)})`] : []),
    ...(tests.length > 0 ? [`${counted(tests.length, 'test')} of the prompt (${tally(tests)})`] : []),
    ...(intent?.reading ? [`a second reading (${readingWords[intent.reading.kind]})`] : []),
  ];
  return parts.length > 0 ? `${parts.join(', ')}.` : 'There was nothing to run.';
}

const readingWords = { agrees: 'agrees', differs: 'differs', dropped: 'dropped' } as const;

const words = { passed: 'passed', failed: 'failed', notRun: 'not run', dropped: 'dropped' } as const;

function tally(results: readonly { readonly kind: keyof typeof words }[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of results) counts.set(words[kind], (counts.get(words[kind]) ?? 0) + 1);
  return [...counts].map(([word, n]) => `${n} ${word}`).join(', ');
}
