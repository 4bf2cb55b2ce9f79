import type { ToolShape } from '../model.ts';
import { oneLine } from '../oneLine.ts';
import { unfenced } from '../unfenced.ts';
import type { FaultLayer } from '../verdict.ts';
import { isObject } from '../../spec/isObject.ts';

const layers = ['spec', 'script', 'data', 'environment', 'test', 'prompt'] as const satisfies readonly FaultLayer[];

/** One flat object, as in specsGenerator/answer.ts; a part that does not belong to its kind is empty. */
export const remedyShape: ToolShape = {
  name: 'remedy',
  description: 'Where the fault lies, and what mends it.',
  schema: {
    type: 'object',
    properties: {
      layer: { type: 'string', enum: layers, description: 'Where the fault lies, as far as the evidence says.' },
      reason: { type: 'string', description: 'Why, in one or two sentences for the engineer.' },
      kind: {
        type: 'string',
        enum: ['step', 'spec', 'fresh', 'none'],
        description:
          '"step": one step is corrected. "spec": the whole spec is. "fresh": it answers another question, start anew from the request. "none": the spec is right.',
      },
      step: { type: 'string', description: 'For "step": the name of the step. Otherwise empty.' },
      text: {
        type: 'string',
        description: 'For "step" and "spec": the step or the spec as JSON text. Otherwise empty.',
      },
    },
    required: ['layer', 'reason', 'kind', 'step', 'text'],
    additionalProperties: false,
  },
};

export type RemedyAnswer =
  | ({ readonly layer: FaultLayer; readonly reason: string } & (
      | { readonly kind: 'spec'; readonly text: string }
      | { readonly kind: 'step'; readonly step: string; readonly text: string }
      | { readonly kind: 'fresh' }
      | { readonly kind: 'none' }
    ))
  /** What is wrong with it, in words for the model. */
  | { readonly kind: 'malformed'; readonly problem: string };

const longestReason = 1000;

/** Checked by hand: whatever a model wrote is somebody's text. */
export function readRemedyAnswer(value: unknown): RemedyAnswer {
  if (!isObject(value)) return malformed('The answer is one object.');
  const layer = layers.find((each) => each === value['layer']);
  const reason = oneLine(value['reason'], longestReason);
  if (!layer || reason === undefined)
    return malformed(`It says its reason and one of the layers ${layers.join(', ')}.`);
  const { kind, step } = value;
  if (kind === 'fresh' || kind === 'none') return { kind, layer, reason };
  const text = isObject(value['text']) ? JSON.stringify(value['text']) : value['text'];
  if (typeof text !== 'string' || text.trim() === '') return malformed('`text` is empty: it holds JSON text.');
  const plain = unfenced(text, 'json');
  if (kind === 'spec') return { kind, layer, reason, text: plain };
  if (kind !== 'step') return malformed('`kind` is "step", "spec", "fresh" or "none".');
  return typeof step === 'string' && step !== ''
    ? { kind, layer, reason, step, text: plain }
    : malformed('`step` names the step that is corrected.');
}

const malformed = (problem: string): RemedyAnswer => ({ kind: 'malformed', problem });
