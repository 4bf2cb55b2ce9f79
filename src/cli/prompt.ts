import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { UsageError } from './exitCodes.ts';

/** What a run begins with. */
export type Subject =
  | { readonly kind: 'spec'; readonly specText: string; readonly file: string }
  | { readonly kind: 'prompt'; readonly prompt: string };

export interface Asked {
  readonly argument: string | undefined;
  readonly file: string | undefined;
  readonly stdin: NodeJS.ReadableStream;
}

/** By its source: an argument, a file, or standard input; a file that ends in `.json` is a spec, and so is JSON from there. */
export async function readSubject({ argument, file, stdin }: Asked): Promise<Subject> {
  if (file !== undefined && argument !== undefined) throw new UsageError('Give a prompt or --file, not both.');
  const path = file ?? (isSpecFile(argument) ? argument : undefined);
  if (path !== undefined) return ofText(await readFile(path, 'utf8'), path);
  if (argument === '-') return ofText(await textOf(stdin), 'standard input');
  return asPrompt(argument ?? '');
}

const isSpecFile = (argument: string | undefined): argument is string => /\.json$/i.test(argument ?? '');

const ofText = (text: string, file: string): Subject =>
  isSpecFile(file) || text.trimStart().startsWith('{') ? { kind: 'spec', specText: text, file } : asPrompt(text);

function asPrompt(text: string): Subject {
  const prompt = text.trim();
  if (prompt === '')
    throw new UsageError('Say what is wanted: a prompt, a spec, --file FILE, or - for standard input.');
  return { kind: 'prompt', prompt };
}
