import { isModelFailure, type ModelFailure, type ModelFailureCode } from '../../agents/model.ts';
import type { ModelTurn } from '../modelTurn.ts';

/** What the editor or the model's extension threw, as a failure with a way out; a bug stays what it is. */
export function toModelFailure(error: unknown, modelId: string, turn: ModelTurn): unknown {
  if (!(error instanceof Error) || isModelFailure(error)) return error;
  const { code } = error as { readonly code?: unknown };
  const reason = `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`.trim();
  const known = kinds.find(({ codes, words }) => codes.includes(String(code)) || words?.test(reason));
  if (known) return failure(turn, known.code, `${known.say(modelId)} ${brief(reason)}`.trim(), error);
  // Programming errors have no business here; whatever else an extension throws is trouble of its own.
  if (error instanceof TypeError || error instanceof ReferenceError) return error;
  const broken = turn.begun ? 'cut' : 'unavailable';
  return failure(turn, broken, `${modelId} did not finish the answer: ${brief(reason)}`, error);
}

const failure = (turn: ModelTurn, code: ModelFailureCode, message: string, cause: Error): ModelFailure =>
  turn.failure(code, message, { cause });

interface Kind {
  /** Of the editor's LanguageModelError. */
  readonly codes: readonly string[];
  readonly words?: RegExp;
  readonly code: ModelFailureCode;
  readonly say: (modelId: string) => string;
}

const kinds: readonly Kind[] = [
  {
    codes: ['NoPermissions'],
    code: 'credentials',
    say: (id) =>
      `DataMorph may not use ${id}: allow it when the editor asks, or in the account menu under "Manage Language Model Access".`,
  },
  {
    codes: ['NotFound'],
    code: 'noModel',
    say: (id) => `The editor has no model ${id} any more: choose another one.`,
  },
  {
    codes: [],
    words: /rate.?limit|too many requests|overloaded/i,
    code: 'throttled',
    say: (id) => `${id} takes no more requests for the moment.`,
  },
  {
    codes: ['Blocked'],
    words: /quota/i,
    code: 'rejected',
    say: (id) => `The provider of ${id} answers no more: its quota is used up, or it is blocked.`,
  },
  {
    codes: [],
    words: /filtered|responsible ai|content policy/i,
    code: 'declined',
    say: (id) => `${id} declined to answer. Say it in other words, or take another model.`,
  },
  {
    codes: [],
    words: /token limit|context (length|window)|too long|too large/i,
    code: 'tooMuch',
    say: (id) => `The request does not fit into ${id}: name the tables that matter, or take a model that holds more.`,
  },
];

const brief = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 300);
