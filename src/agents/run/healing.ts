import type { Attempt, RunRecord } from './record.ts';
import { liveAttempts } from './record.ts';
import type { JobResult } from '../engine.ts';

/** How often a script that failed is patched. */
export const mostPatches = 2;

type Failed = JobResult & { readonly kind: 'failed' };

/**
 * Whether the writer of a script is to patch it: a predicate over what was tried. A compiled script that fails is a matter of
 * the spec, an edited one of whoever edited it. What is visible already is not written twice.
 */
export function mayPatch(record: RunRecord): boolean {
  if (record.order.codegen !== 'model') return false;
  const tried = liveAttempts(record);
  const last = tried.at(-1);
  const failure = last && failureOf(last);
  if (!failure || failure.reason !== 'script' || last.code.origin !== 'model' || last.outcome?.published) return false;
  if (tried.length > mostPatches) return false;
  return !tried.slice(0, -1).some((each) => sameFailure(failureOf(each), failure));
}

export function failureOf({ outcome }: Attempt): Failed | undefined {
  return outcome?.result.kind === 'failed' ? outcome.result : undefined;
}

/** A patch moves lines and changes addresses; the failure stays the same. */
const sameFailure = (one: Failed | undefined, other: Failed): boolean =>
  one !== undefined && essence(one.message) === essence(other.message);

/** What stays of a message when the same failure is met again. */
export const essence = (message: string): string =>
  message
    .replaceAll(/0x[0-9a-f]+|\d+/gi, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();
