import type { ModelFailure } from '../../src/agents/model.ts';
import { type Asker, type ModelAnswer, type ModelRequest, type ToolCall } from '../../src/agents/model.ts';

/** One turn of a scripted model: an object that it answers, calls that it makes, a text, or a failure. */
export type Turn =
  | { readonly object: unknown }
  | { readonly calls: readonly ToolCall[] }
  | { readonly text: string }
  | { readonly failure: ModelFailure };

export interface ScriptedAsker extends Asker {
  /** As they were when they were asked. */
  readonly requests: readonly ModelRequest[];
}

const usage = { inputTokens: 100, outputTokens: 10 };

/** Answers by a script, and fails a test that asks more often than the script goes. */
export function scriptedAsker(...turns: readonly (Turn | ((request: ModelRequest) => Turn))[]): ScriptedAsker {
  const requests: ModelRequest[] = [];
  return {
    requests,
    ask(request, { signal }) {
      signal.throwIfAborted();
      const turn = turns[requests.length];
      requests.push(request);
      if (!turn) return Promise.reject(new Error(`The script has no turn ${requests.length}.`));
      return answerOf(typeof turn === 'function' ? turn(request) : turn);
    },
  };
}

function answerOf(turn: Turn): Promise<ModelAnswer> {
  if ('failure' in turn) return Promise.reject(turn.failure);
  if ('object' in turn) return Promise.resolve({ kind: 'object', value: turn.object, text: '', usage });
  if ('calls' in turn) return Promise.resolve({ kind: 'calls', calls: turn.calls, text: '', usage });
  return Promise.resolve({ kind: 'text', text: turn.text, usage });
}
