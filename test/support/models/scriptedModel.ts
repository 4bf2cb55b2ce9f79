/**
 * A model without an adapter, for the core's own tests: each call plays the next of its turns. A turn is an answer, a failure
 * to be thrown, or a function of the request and the watch.
 *
 *   const model = scriptedModel(objectAnswer({ steps: [] }), new ModelFailure('throttled', 'Not now.'), (request) => …);
 *   model.requests, model.left (how many calls were not asked for)
 */
import {
  ModelFailure,
  type Model,
  type ModelAnswer,
  type ModelRequest,
  type ModelWatch,
} from '../../../src/agents/model.ts';

export type ModelTurn =
  ModelAnswer | ModelFailure | ((request: ModelRequest, watch: ModelWatch) => ModelAnswer | Promise<ModelAnswer>);

export interface ScriptedModel extends Model {
  readonly requests: readonly ModelRequest[];
  readonly left: number;
}

export function scriptedModel(...turns: readonly ModelTurn[]): ScriptedModel {
  const requests: ModelRequest[] = [];
  const waiting = [...turns];
  return {
    id: 'scripted',
    provider: 'test',
    requests,
    get left() {
      return waiting.length;
    },
    async call(request, watch) {
      requests.push(request);
      const turn = waiting.shift();
      if (turn === undefined) throw new Error('The script has no answer left.');
      if (turn instanceof ModelFailure) throw turn;
      return typeof turn === 'function' ? turn(request, watch) : turn;
    },
  };
}

export const usage = { inputTokens: 1000, outputTokens: 100 };

export const textAnswer = (text: string): ModelAnswer => ({ kind: 'text', text, usage });

export const objectAnswer = (value: unknown): ModelAnswer => ({ kind: 'object', value, text: '', usage });

export const callsAnswer = (name: string, input: unknown = {}): ModelAnswer => ({
  kind: 'calls',
  calls: [{ id: 'call-1', name, input }],
  text: '',
  usage,
});
