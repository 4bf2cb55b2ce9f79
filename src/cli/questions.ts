import { createInterface } from 'node:readline/promises';
import type { Answer, Choice, Question } from '../agents/planner.ts';

/** Asks the person at the terminal, one question after the other; by number, or in words where that is allowed. */
export async function askPerson(questions: readonly Question[], signal: AbortSignal): Promise<readonly Answer[]> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answers: Answer[] = [];
    for (const question of questions) {
      process.stderr.write(questionText(question));
      let answer: string | undefined;
      while (answer === undefined) answer = answerIn(await reader.question('> ', { signal }), question);
      answers.push({ question: question.id, answer });
    }
    return answers;
  } finally {
    reader.close();
  }
}

export function questionText({ text, choices, free }: Question): string {
  const lines = choices.map(({ label, detail }, place) => `  ${place + 1}. ${label}${detail ? ` (${detail})` : ''}`);
  return [text, ...lines, ...(free ? ['  or in your own words'] : [])].join('\n') + '\n';
}

/** Undefined where it is no answer to this question. */
export function answerIn(typed: string, { choices, free }: Question): string | undefined {
  const word = typed.trim();
  const byNumber: Choice | undefined = /^\d+$/.test(word) ? choices[Number(word) - 1] : undefined;
  const chosen = byNumber ?? choices.find(({ id, label }) => id === word || label === word);
  return chosen?.id ?? (free && word !== '' ? word : undefined);
}

/** What to type where nobody sits at the terminal: the first choice of each question, and the others beside it. */
export function answerCommand(runId: string, questions: readonly Question[]): string {
  const words = questions.map(({ id, choices, free }) => {
    const [first, ...others] = choices.map((choice) => choice.id);
    const more = [...others, ...(free ? ['words of your own'] : [])];
    return `--answer ${shellQuoted(`${id}=${first ?? '…'}`)}${more.length > 0 ? ` (or ${more.join(', ')})` : ''}`;
  });
  return `Answer with: datamorph resume ${runId} ${words.join(' ')}`;
}

const shellQuoted = (text: string): string => (/^[\w=.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
