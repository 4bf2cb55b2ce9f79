import type { Intent, IntentRequest, IntentWriter } from './intentPort.ts';
import { readIntent } from './intentWriter/answer.ts';
import { problemsOf, type IntentChecks } from './intentWriter/problems.ts';
import { intentRequestText } from './intentWriter/request.ts';
import { intentAnswerShape, intentSystem } from './intentWriter/words.ts';
import { ModelFailure, type Asker, type Message } from './model.ts';

export interface IntentWriterOptions extends IntentChecks {
  readonly asker: Asker;
  readonly sliceTokens?: number;
}

const settings = { purpose: 'tests', maxTokens: 6000, temperature: 0.2 } as const;

/**
 * Tests and a second reading by a model: one call, and one more where a query cannot be run. What is still wrong then is handed out
 * as it is: whoever runs it drops it, with the reason.
 */
export const createIntentWriter = (options: IntentWriterOptions): IntentWriter => ({
  async write(request, signal) {
    const { asker, sliceTokens } = options;
    const text = intentRequestText(request, sliceTokens === undefined ? {} : { sliceTokens });
    const messages: Message[] = [{ role: 'user', text }];
    const ask = async (): Promise<Answered> => {
      const answer = await asker.ask(
        { ...settings, system: intentSystem, messages: [...messages], answer: intentAnswerShape },
        { signal },
      );
      return judged(answer.kind === 'object' ? answer.value : undefined, { request, options, signal });
    };
    const first = await ask();
    if (first.problems.length === 0) return first.intent;
    messages.push({ role: 'assistant', text: first.said }, { role: 'user', text: repairText(first.problems) });
    const { intent, problems } = await ask();
    if (intent.tests.length > 0 || intent.reading) return intent;
    throw new ModelFailure(
      'malformed',
      `The model's answer is not usable, also after it was told why: ${problems.join(' ')}`,
    );
  },
});

interface Answered {
  readonly intent: Intent;
  readonly said: string;
  readonly problems: readonly string[];
}

interface Judging {
  readonly request: IntentRequest;
  readonly options: IntentWriterOptions;
  readonly signal: AbortSignal;
}

async function judged(value: unknown, { request, options, signal }: Judging): Promise<Answered> {
  const { intent, problems } = readIntent(value);
  const wrong = [...problems, ...(await problemsOf({ intent, columns: request.columns, signal }, options))];
  const said = value === undefined ? '(no answer of the shape that was asked for)' : JSON.stringify(value);
  return { intent, said, problems: wrong };
}

const mostProblems = 20;

const repairText = (problems: readonly string[]): string =>
  [
    'The answer was read, and its queries were described by PostgreSQL. What is wrong:',
    ...problems.slice(0, mostProblems).map((problem) => `- ${problem}`),
    'Mend that, leave what is right as it is, and give the whole answer again.',
  ].join('\n');
