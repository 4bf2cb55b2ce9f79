import { isModelFailure, ModelFailure, type AskOptions, type ModelAnswer, type ModelRequest } from '../model.ts';

/** What is wrong with an answer, for the model to mend. */
export interface Flaw {
  readonly problem: string;
  /** What it wrote. */
  readonly written: string;
  readonly failure: ModelFailure;
}

/** The flaw of an answer that came; undefined where it is good. */
export function flawOf(answer: ModelAnswer, request: ModelRequest, { validate }: AskOptions): Flaw | undefined {
  const problem = problemOf(answer, request) ?? (answer.kind === 'calls' ? undefined : validate?.(contentOf(answer)));
  if (problem === undefined) return undefined;
  const written = answer.kind === 'object' ? JSON.stringify(answer.value) : answer.text;
  const words = `The model's answer cannot be used: ${problem}`;
  return { problem, written, failure: new ModelFailure('malformed', words, { usage: answer.usage, partial: written }) };
}

const contentOf = (answer: Exclude<ModelAnswer, { kind: 'calls' }>): unknown =>
  answer.kind === 'object' ? answer.value : answer.text;

/** The flaw of an answer that could not even be read; undefined where something else went wrong. */
export const flawIn = (error: unknown): Flaw | undefined =>
  isModelFailure(error) && error.code === 'malformed'
    ? { problem: error.message, written: error.partial ?? '', failure: error }
    : undefined;

/** Models are many, and not all of them go through an adapter of ours. */
function problemOf(answer: ModelAnswer, { tools = [], answer: shape }: ModelRequest): string | undefined {
  const offered = tools.map(({ name }) => name);
  switch (answer.kind) {
    case 'calls': {
      const stray = answer.calls.find(({ name }) => !offered.includes(name));
      return stray && `It calls ${stray.name}, which was not offered.`;
    }
    case 'text':
      return shape && `It is text where ${shape.name} was to be called.`;
    case 'object':
      return shape ? undefined : 'It is an object where text was asked for.';
  }
}

/** The same request again, with what was wrong in the model's own words and ours. */
export function repaired(request: ModelRequest, { problem, written }: Flaw): ModelRequest {
  const { answer } = request;
  const again = answer
    ? `Call ${answer.name} again, with all of it corrected.`
    : 'Write the whole answer again, corrected.';
  return {
    ...request,
    messages: [
      ...request.messages,
      { role: 'assistant', text: written.trim() === '' ? '(nothing)' : written },
      { role: 'user', text: `This answer cannot be used.\n${problem}\n${again}` },
    ],
  };
}
