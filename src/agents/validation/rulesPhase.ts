/** Phase 1: which rules there are, and whether the tables are what they were when the spec was written. */
import { readSpec } from '../../spec/read.ts';
import type { Problem } from '../../spec/problem.ts';
import { counted } from '../counted.ts';
import type { ValidationRequest } from '../ports.ts';
import type { Finding } from '../verdict.ts';
import type { PhaseOutcome } from './phases.ts';
import { withRules, type Rule } from './rules.ts';
import { sharedRulesFile, sharedRulesFor, type SharedRulesSource } from './sharedRules.ts';

export interface KnownRules {
  readonly rules: readonly Rule[];
  readonly findings: readonly Finding[];
}

export const noRules: KnownRules = { rules: [], findings: [] };

export async function gatherRules(
  request: ValidationRequest,
  source: SharedRulesSource | undefined,
): Promise<PhaseOutcome<KnownRules>> {
  const { programs, catalogue } = request;
  const text = await source?.text();
  const shared =
    text === undefined
      ? undefined
      : sharedRulesFor(text, programs.target.table, {
          ...(catalogue && { searchPath: catalogue.searchPath }),
        });
  const rules = withRules(programs.rules ?? [], shared?.rules ?? []);
  const findings = [...driftOf(request), ...(shared?.problems ?? []).map(unreadable)];
  return { found: { rules, findings }, outcome: outcomeOf(rules, findings), summary: summaryOf(rules, findings) };
}

function outcomeOf(rules: readonly Rule[], findings: readonly Finding[]): PhaseOutcome<KnownRules>['outcome'] {
  if (findings.some(({ severity }) => severity !== 'information')) return 'warned';
  return rules.length > 0 ? 'passed' : 'notRun';
}

function summaryOf(rules: readonly Rule[], findings: readonly Finding[]): string {
  const own = rules.filter(({ index }) => index !== undefined).length;
  const shared = rules.filter(({ file }) => file !== undefined).length;
  const known = `${own} of the spec, ${rules.length - own - shared} of the target's keys and types, ${shared} of the workspace`;
  const first = rules.length > 0 ? `${counted(rules.length, 'rule')}: ${known}.` : 'There is no rule for this target.';
  return [first, ...findings.map(({ message }) => message)].join(' ');
}

/** What the check says of tables that have changed, at the source that reads them. */
function driftOf({ specText, problems = [] }: ValidationRequest): readonly Finding[] {
  const drifted = problems.filter(({ code }) => code === 'table-changed');
  if (drifted.length === 0) return [];
  const { spec, positions } = readSpec(specText);
  return drifted.map(({ message, severity, span }): Finding => {
    const at = (spec?.sources ?? []).findIndex((_source, index) => isAt(positions.span(['sources', index]), span));
    const step = spec?.sources[at]?.name;
    const place = at < 0 ? {} : { ...(step !== undefined && { step }), pointer: `/sources/${at}` };
    const evidence = ['The fingerprint that stands in the spec is not that of the table as it is now.'];
    return { code: 'table-changed', severity, message, place, evidence, examples: [] };
  });
}

const isAt = (outer: Problem['span'], inner: Problem['span']): boolean =>
  outer.offset <= inner.offset && inner.offset < outer.offset + outer.length;

const unreadable = (problem: string): Finding => ({
  code: 'not-run',
  severity: 'warning',
  message: `A rule of the workspace cannot be read. ${problem}`,
  place: { file: sharedRulesFile },
  ...{ evidence: [], examples: [] },
});
