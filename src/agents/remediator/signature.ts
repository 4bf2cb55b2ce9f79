import { agrees } from '../comparison.ts';
import type { Fault, RemedyRequest, Round } from '../ports.ts';
import { essence } from '../run/healing.ts';
import type { Verdict } from '../verdict.ts';
import { environmentOf } from './environment.ts';

/** Equal where the same thing goes wrong in the same way, however many rows it is now and wherever lines have moved to. */
export function signatureOf(fault: Fault): string {
  if (fault.kind === 'wrong') {
    const { verdict, divergence } = fault;
    const step = divergence?.kind === 'step' ? divergence.step : (divergence?.kind ?? '');
    return JSON.stringify(['wrong', step, ...rowsOf(verdict), rulesOf(verdict), findingsOf(verdict)]);
  }
  const { result, step = '' } = fault.outcome;
  if (result.kind !== 'failed') return JSON.stringify([result.kind]);
  // An engine that dies tells it in other words every time.
  const trouble = environmentOf(fault.outcome);
  return JSON.stringify(trouble ? ['failed', trouble] : ['failed', result.reason, step, essence(result.message)]);
}

const rowsOf = ({ kind, ...verdict }: Verdict): readonly unknown[] => {
  const comparison = 'comparison' in verdict ? verdict.comparison : undefined;
  if (kind !== 'failed' || !comparison || agrees(comparison)) return ['agrees'];
  const changes = 'changes' in verdict ? verdict.changes : undefined;
  const { missing, unexpected } = changes ?? comparison;
  return [missing > 0, unexpected > 0, Object.keys(changes?.byColumn ?? {}).sort()];
};

const rulesOf = ({ rules = [] }: Verdict): readonly string[] =>
  rules.flatMap(({ kind, rule }) => (kind === 'failed' && rule.severity === 'error' ? [rule.id] : [])).sort();

const findingsOf = ({ findings = [] }: Verdict): readonly string[] =>
  findings
    .filter(({ severity }) => severity === 'error')
    .map(({ code, place }) => `${code} ${place.step ?? ''} ${place.pointer ?? ''}`)
    .sort();

type Tried = Pick<RemedyRequest, 'rounds' | 'fault'>;

/** How many of the last rounds were patches that ended in the very fault that is there now. */
export function patchesInVain({ rounds, fault }: Tried): number {
  const now = signatureOf(fault);
  const results = rounds.map((round, at) => ({ round, result: rounds[at + 1]?.fault ?? fault }));
  const other = results.findLastIndex(({ round, result }) => !isPatch(round) || signatureOf(result) !== now);
  return results.length - 1 - other;
}

const isPatch = ({ remedy }: Round): boolean => remedy.kind === 'spec' || remedy.kind === 'script';

/** Whether a remedy of this kind was tried on the same fault. */
export const wasTried = ({ rounds, fault }: Tried, kind: Round['remedy']['kind']): boolean =>
  rounds.some((round) => round.remedy.kind === kind && signatureOf(round.fault) === signatureOf(fault));
