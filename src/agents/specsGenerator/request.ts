import type { Answer, GlossaryTerm, PlanRequest } from '../planner.ts';
import { quoted } from '../quoted.ts';
import { schemaSlice } from '../schemaSlice.ts';
import { idleWords, wordsOf } from '../schemaSlice/words.ts';

export interface RequestOptions {
  readonly sliceTokens?: number;
}

/** Everything that belongs to one request, behind the words that are always the same. */
export function requestText(request: PlanRequest, options: RequestOptions = {}): string {
  const { prompt, catalogue, answers = [], target, note } = request;
  return [
    block('schema', sliceOf(request, options)),
    ...(catalogue.searchPath.length > 0
      ? [`Names without a schema are looked for in: ${catalogue.searchPath.join(', ')}`]
      : []),
    ...optional('glossary', glossaryText(prompt, request.glossary ?? [])),
    ...optional('accepted_specs', acceptedText(request)),
    ...optional('target', target ? targetText(target) : ''),
    ...optional('answers', answers.map(answerText).join('\n')),
    ...optional('before', note === undefined ? '' : quoted(note, longestNote)),
    block('request', prompt),
  ].join('\n\n');
}

const longestNote = 2000;

/** What the engineer answered may name tables, too. */
export function sliceOf({ prompt, answers = [], catalogue }: PlanRequest, { sliceTokens }: RequestOptions): string {
  const words = [prompt, ...answers.flatMap(({ answer, label }) => [answer, label ?? ''])].join(' ');
  return schemaSlice(words, catalogue, sliceTokens === undefined ? {} : { maxTokens: sliceTokens }).text;
}

const block = (name: string, text: string): string => `<${name}>\n${text}\n</${name}>`;
const optional = (name: string, text: string): readonly string[] => (text === '' ? [] : [block(name, text)]);

const maxGlossary = 3000;
const wholeGlossary = 12;

/** A short glossary goes whole, a long one by the words of the prompt; the rest can be looked up. */
function glossaryText(prompt: string, glossary: readonly GlossaryTerm[]): string {
  const words = new Set(wordsOf(prompt).filter((word) => !idleWords.has(word)));
  const chosen =
    glossary.length <= wholeGlossary
      ? glossary
      : glossary.filter(({ term }) => wordsOf(term).some((word) => words.has(word)));
  let room = maxGlossary;
  const lines = chosen
    .map(({ term, meaning }) => `${quoted(term, 80)}: ${quoted(meaning, 600)}`)
    .filter((line) => (room -= line.length) > 0);
  const left = glossary.length - lines.length;
  return [...lines, ...(left > 0 ? [`(${left} more terms: look them up)`] : [])].join('\n');
}

const maxAccepted = 2;
const longestAccepted = 4000;

/** The two that speak most of the same, for the vocabulary and the habits of this workspace. */
function acceptedText({ prompt, accepted = [] }: PlanRequest): string {
  const words = new Set(wordsOf(prompt).filter((word) => !idleWords.has(word)));
  return accepted
    .filter(({ specText }) => specText.length <= longestAccepted)
    .map((spec, at) => ({ spec, at, shared: new Set(wordsOf(spec.prompt).filter((word) => words.has(word))).size }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared || a.at - b.at)
    .slice(0, maxAccepted)
    .map(({ spec }) => `${quoted(spec.prompt, 400)} was answered by\n${spec.specText.trim().replaceAll('</', '<\\/')}`)
    .join('\n\n');
}

function targetText({ table, mode }: NonNullable<PlanRequest['target']>): string {
  return [
    ...(table === undefined ? [] : [`table ${quoted(table, 140)}`]),
    ...(mode === undefined ? [] : [`mode "${mode}"`]),
  ].join(', ');
}

const answerText = ({ question, answer, asked, label }: Answer): string =>
  `${asked === undefined ? question : quoted(asked, 400)}: ${quoted(label ?? answer, 400)}`;
