import { draftOf } from '../specsGenerator/draft.ts';
import type { SpecChecker } from '../specsGenerator/ports.ts';
import type { RemedyRequest } from '../ports.ts';
import { applyEdits, replaceValue } from '../../spec/edits.ts';
import { parseDocument } from '../../spec/json.ts';
import { readSpec } from '../../spec/read.ts';
import type { Spec } from '../../spec/spec.ts';
import { writeSpec } from '../../spec/write.ts';
import type { RemedyAnswer } from './answer.ts';

export interface Tools {
  readonly checker: SpecChecker;
  readonly signal: AbortSignal;
}

/** The whole document as it would be kept, or what is wrong with the answer, in words for the model. */
export async function correctedSpec(
  answer: Extract<RemedyAnswer, { readonly text: string }>,
  request: RemedyRequest,
  { checker, signal }: Tools,
): Promise<string | { readonly problem: string }> {
  const text = answer.kind === 'spec' ? answer.text : withStep(request.specText, answer);
  if (typeof text !== 'string') return text;
  const { spec } = readSpec(request.specText);
  const prompt = spec?.prompt ?? request.prompt;
  // A spec that nobody asked for in a sentence gets none.
  if (prompt === undefined) return inLayoutOf(request.specText, text);
  const planned = { prompt, catalogue: request.catalogue };
  const draft = await draftOf(text, { request: planned, decisions: [], checker, signal });
  return inLayoutOf(request.specText, draft);
}

/** What says the same stays as its writer laid it out. */
function inLayoutOf(before: string, after: string): string {
  const { spec } = readSpec(after);
  return spec ? writeSpec(before, spec) : after;
}

function withStep(
  specText: string,
  { step, text }: Extract<RemedyAnswer, { readonly kind: 'step' }>,
): string | { readonly problem: string } {
  const { spec, positions } = readSpec(specText);
  const at = spec?.steps.findIndex(({ name }) => name === step) ?? -1;
  if (at < 0) return { problem: `The spec has no step ${JSON.stringify(step)}: name one of its steps.` };
  const { root, problems } = parseDocument(text);
  if (root?.type !== 'object' || problems.length > 0)
    return { problem: '`text` is no JSON object: it holds the step.' };
  return applyEdits(specText, replaceValue(positions, ['steps', at], text.trim()));
}

/** What a correction has changed that is not its to change; undefined where that is nothing. */
export function partsThatStay(before: string, after: string): string | undefined {
  const [one, other] = [readSpec(before).spec, readSpec(after).spec];
  if (!one || !other) return undefined;
  const moved = parts.filter(({ of }) => JSON.stringify(of(one) ?? null) !== JSON.stringify(of(other) ?? null));
  return moved.length === 0 ? undefined : `Leave as they are: ${moved.map(({ name }) => name).join(', ')}.`;
}

/** Whoever could change the tests would pass them all. */
const parts: readonly { readonly name: string; readonly of: (spec: Spec) => unknown }[] = [
  { name: 'checks', of: ({ checks }) => checks },
  { name: 'target.table', of: ({ target }) => target.table },
  { name: 'target.mode', of: ({ target }) => target.mode },
  { name: 'target.keys', of: ({ target }) => target.keys },
  { name: 'target.history', of: ({ target }) => target.history },
];
