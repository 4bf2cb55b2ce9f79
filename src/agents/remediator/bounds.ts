/** What ends the patching: predicates over the rounds that there were. */
import type { Fault, RemedyRequest } from '../ports.ts';
import type { Remedy } from '../run/events.ts';
import { faultText } from '../run/rounds.ts';
import { withoutValues } from './dataFault.ts';
import { patchesInVain, signatureOf } from './signature.ts';

export interface Planning {
  /** Whether a planner is there that makes something else of the same prompt when it is told what went wrong. */
  readonly replans: boolean;
}

/** Most of the power of patching is gone after two patches; a fresh start gives it back. */
const mostInVain = 2;

/** Undefined where another patch may be tried. */
export function boundOf(request: RemedyRequest, planning: Planning): Remedy | undefined {
  const fresh = request.rounds.find(({ remedy }) => remedy.kind === 'replan');
  if (fresh && signatureOf(fresh.fault) === signatureOf(request.fault)) {
    return none('A fresh start from the prompt ended in the same fault: say more in the prompt, or edit the spec.');
  }
  const inVain = patchesInVain(request);
  if (inVain < mostInVain) return undefined;
  const why = `${inVain} corrections ended in the same fault`;
  return freshStart(request, why, planning) ?? none(`${why}: a further one would do no better. Edit the spec.`);
}

const none = (reason: string): Remedy => ({ kind: 'none', layer: 'spec', reason });

/** From the prompt, once; undefined where that cannot be. */
export function freshStart(request: RemedyRequest, why: string, { replans }: Planning): Remedy | undefined {
  const isFresh = request.rounds.some(({ remedy }) => remedy.kind === 'replan');
  if (!replans || isFresh || request.prompt === undefined) return undefined;
  return {
    kind: 'replan',
    layer: 'spec',
    reason: `${why}: a fresh start from the prompt.`,
    note: `A plan for this request was carried out and is wrong (${wordsOf(request.fault)}). ${why}. Understand the request anew.`,
  };
}

/** Without values of the rows, for it goes to a model. */
function wordsOf(fault: Fault): string {
  const verdict = fault.kind === 'wrong' ? fault.verdict : undefined;
  const errors = (verdict?.findings ?? []).filter(({ severity }) => severity === 'error');
  return [faultText(fault), ...errors.map(({ message }) => message)].map(withoutValues).join('. ');
}
