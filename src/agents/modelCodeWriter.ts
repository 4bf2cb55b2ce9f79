import type { CodeGate } from './codeGate.ts';
import type { CodeRequest, CodeWriter, FailedAttempt, GateProblem } from './codeWriter.ts';
import type { Asker, Message, ModelAnswer } from './model.ts';
import { codeAnswerShape, codeSystem } from './modelCodeWriter/words.ts';

export interface ModelCodeWriterOptions {
  readonly asker: Asker;
  readonly gate: CodeGate;
}

const settings = { purpose: 'code', maxTokens: 8000, temperature: 0.2 } as const;

/** A whole script by a model: one call, and one more where the gate refuses what it wrote. */
export const createModelCodeWriter = ({ asker, gate }: ModelCodeWriterOptions): CodeWriter => ({
  async write(request, { signal, onText }) {
    const messages: Message[] = [{ role: 'user', text: requestText(request) }];
    const ask = async (): Promise<string> => {
      const answer = await asker.ask(
        { ...settings, system: codeSystem, messages: [...messages], answer: codeAnswerShape },
        { signal, ...(onText ? { onText } : {}) },
      );
      return scriptOf(answer);
    };
    const first = await ask();
    const refused = gate.script(first, request.example);
    if (refused.length === 0) return { kind: 'script', script: first };
    messages.push(
      { role: 'assistant', text: first === '' ? '(no script)' : first },
      { role: 'user', text: repairText(refused) },
    );
    const script = await ask();
    const problems = gate.script(script, request.example);
    return problems.length === 0 ? { kind: 'script', script } : { kind: 'refused', script, problems };
  },
});

/** Empty where there is none; the gate says so in its own words. */
function scriptOf(answer: ModelAnswer): string {
  const value = answer.kind === 'object' ? answer.value : undefined;
  const script = typeof value === 'object' && value !== null && 'script' in value ? value.script : undefined;
  if (typeof script !== 'string' || script.trim() === '') return '';
  const text = /^\s*```(?:python|py)?\r?\n([\s\S]*?)```\s*$/.exec(script)?.[1] ?? script;
  return text.endsWith('\n') ? text : `${text}\n`;
}

function requestText({ specText, example, failed }: CodeRequest): string {
  return [
    block('spec', specText),
    block('compiled_script', example),
    ...(failed ? [failedText(failed)] : ['Write the script.']),
  ].join('\n\n');
}

/** A text of the database may stand in all of these; JSON keeps it in its place. */
const block = (name: string, text: string): string =>
  `<${name}>\n${text.trim().replaceAll(`</${name}`, `<\\/${name}`)}\n</${name}>`;

function failedText({ script, message, line, step, schema }: FailedAttempt): string {
  const lines = script.split('\n');
  const at = line === undefined ? undefined : lines[line - 1];
  return [
    block('failed_script', script),
    block(
      'failure',
      [
        `message: ${JSON.stringify(message.slice(0, 4000))}`,
        ...(at === undefined ? [] : [`line ${line}: ${JSON.stringify(at.trim())}`]),
        ...(step === undefined ? [] : [`step: ${JSON.stringify(step)}`]),
        ...(schema === undefined ? [] : [`what the step really has: ${JSON.stringify(schema.slice(0, 4000))}`]),
      ].join('\n'),
    ),
    'The script above failed when it ran. Find the cause, mend that and nothing else, and give the whole script.',
  ].join('\n\n');
}

const mostProblems = 30;

const repairText = (problems: readonly GateProblem[]): string =>
  [
    'The gate refuses the script:',
    ...problems
      .slice(0, mostProblems)
      .map(({ line, message, text }) => `- line ${line}: ${message} ${JSON.stringify(text)}`),
    'Write it so that it passes, and give the whole script again.',
  ].join('\n');
