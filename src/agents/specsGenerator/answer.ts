import type { ToolShape } from '../model.ts';
import { oneLine } from '../oneLine.ts';
import { unfenced } from '../unfenced.ts';
import type { Question } from '../planner.ts';
import { isObject } from '../../spec/isObject.ts';

const text = (description: string) => ({ type: 'string', description });
const list = (description: string, items: object) => ({ type: 'array', description, items });

function object(properties: Readonly<Record<string, unknown>>) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/**
 * One flat object without unions or optional parts, which every provider's strict mode takes. The spec is a text in it: a
 * schema of the whole language is more than strict modes hold, and the reader says what is wrong with it better than they do.
 */
export const answerShape: ToolShape = {
  name: 'answer',
  description:
    'The answer to the request: a spec, questions, or a refusal. Parts that do not belong to its kind are empty.',
  schema: object({
    kind: { type: 'string', enum: ['spec', 'questions', 'refused'] },
    reason: text(
      'For "refused": why, in a sentence for the engineer, and what could be done instead. Otherwise empty.',
    ),
    questions: list(
      'For "questions": at most three. Otherwise empty.',
      object({
        id: text('A short word for what is asked, such as `revenue_definition`.'),
        text: text('The question, in one sentence.'),
        choices: list(
          'At least two, unless only free words can answer.',
          object({
            id: text('A short word, such as `gross_amount`.'),
            label: text('The choice, in a few words.'),
            detail: text('What it would mean for the result; may be empty.'),
          }),
        ),
        free: { type: 'boolean', description: 'Whether words of the engineer are an answer too.' },
      }),
    ),
    decisions: list(
      'For "spec": every choice that the request left open, made before the spec is written. Otherwise empty.',
      object({
        choice: text('What was decided, in a sentence.'),
        evidence: text('The documentation that it rests on, by name; "no documentation" where there is none.'),
        rejected: list('Other readings, each with the reason against it.', { type: 'string' }),
      }),
    ),
    spec: text('For "spec": the document as JSON text. Otherwise empty.'),
  }),
};

export interface Decision {
  readonly choice: string;
  readonly evidence: string;
  readonly rejected: readonly string[];
}

export type SpecsAnswer =
  | { readonly kind: 'spec'; readonly specText: string; readonly decisions: readonly Decision[] }
  | { readonly kind: 'questions'; readonly questions: readonly Question[] }
  | { readonly kind: 'refused'; readonly reason: string }
  /** Not of the shape that was asked for: what is wrong, in words for the model. */
  | { readonly kind: 'malformed'; readonly problem: string };

const longest = { reason: 1000, text: 400, questions: 5, choices: 12, decisions: 30 } as const;

/** Checked by hand: whatever a model wrote is somebody's text. */
export function readAnswer(value: unknown): SpecsAnswer {
  if (!isObject(value)) return malformed('The answer is one object.');
  switch (value['kind']) {
    case 'spec':
      return readSpecAnswer(value);
    case 'questions':
      return readQuestions(value['questions']);
    case 'refused': {
      const reason = oneLine(value['reason'], longest.reason);
      return reason === undefined ? malformed('A refusal says its reason.') : { kind: 'refused', reason };
    }
    default:
      return malformed('`kind` is "spec", "questions" or "refused".');
  }
}

const malformed = (problem: string): SpecsAnswer => ({ kind: 'malformed', problem });

function readSpecAnswer({ spec, decisions }: Readonly<Record<string, unknown>>): SpecsAnswer {
  // Some models write the object itself where its text is wanted, or put it between fences.
  const specText = isObject(spec) ? JSON.stringify(spec) : typeof spec === 'string' ? unfenced(spec, 'json') : '';
  if (specText.trim() === '') return malformed('`spec` is empty: it holds the document as JSON text.');
  const read = Array.isArray(decisions) ? decisions.slice(0, longest.decisions).flatMap(readDecision) : [];
  return { kind: 'spec', specText, decisions: read };
}

function readDecision(value: unknown): readonly Decision[] {
  if (!isObject(value)) return [];
  const choice = oneLine(value['choice'], longest.text);
  if (choice === undefined) return [];
  const rejected = Array.isArray(value['rejected']) ? value['rejected'] : [];
  return [
    {
      choice,
      evidence: oneLine(value['evidence'], longest.text) ?? '',
      rejected: rejected.flatMap((each) => oneLine(each, longest.text) ?? []),
    },
  ];
}

function readQuestions(value: unknown): SpecsAnswer {
  const questions = Array.isArray(value) ? value.slice(0, longest.questions).flatMap(readQuestion) : [];
  const ids = new Set(questions.map(({ id }) => id));
  if (questions.length === 0 || ids.size < questions.length) {
    return malformed('Each question has an id of its own, a text, and two choices or `free`.');
  }
  return { kind: 'questions', questions };
}

function readQuestion(value: unknown): readonly Question[] {
  if (!isObject(value)) return [];
  const [id, asked] = [oneLine(value['id'], 80), oneLine(value['text'], longest.text)];
  const listed = Array.isArray(value['choices']) ? value['choices'].slice(0, longest.choices) : [];
  const choices = listed.flatMap((choice: unknown) => {
    if (!isObject(choice)) return [];
    const [choiceId, label] = [oneLine(choice['id'], 80), oneLine(choice['label'], longest.text)];
    const detail = oneLine(choice['detail'], longest.text);
    return choiceId && label ? [{ id: choiceId, label, ...(detail === undefined ? {} : { detail }) }] : [];
  });
  const free = value['free'] === true;
  const isUnique = new Set(choices.map((choice) => choice.id)).size === choices.length;
  if (!id || !asked || !isUnique || (choices.length < 2 && !free)) return [];
  return [{ id, text: asked, choices, ...(free ? { free } : {}) }];
}
