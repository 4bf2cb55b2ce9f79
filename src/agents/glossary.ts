import { parseDocument } from '../spec/json.ts';
import { plainValue } from '../spec/jsonValue.ts';
import { positionsOf } from '../spec/positions.ts';
import type { Span } from '../spec/problem.ts';
import type { GlossaryTerm } from './planner.ts';

/** The workspace's own words, beside its specs; see docs/glossary.md. */
export const glossaryFile = 'datamorph.glossary.json';

export interface Glossary {
  /** Those that can be used, whatever else is wrong. */
  readonly terms: readonly GlossaryTerm[];
  readonly problems: readonly GlossaryProblem[];
}

export interface GlossaryProblem {
  readonly message: string;
  readonly span: Span;
}

const limits = { terms: 500, term: 80, meaning: 600 } as const;

/** Reads `{ "term": "meaning" }`; comments and trailing commas are taken as they are. */
export function readGlossary(text: string): Glossary {
  const { root, problems: syntax } = parseDocument(text);
  const problems: GlossaryProblem[] = syntax.map(({ message, span }) => ({ message, span }));
  const value = root && syntax.length === 0 ? plainValue(root) : undefined;
  if (value === undefined) return { terms: [], problems };
  const positions = positionsOf(text, root);
  const report = (message: string, span: Span): void => void problems.push({ message, span });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report('A glossary is one object: each term with its meaning.', positions.span([]));
    return { terms: [], problems };
  }
  const terms: GlossaryTerm[] = [];
  for (const [term, meaning] of Object.entries(value)) {
    const problem = problemOf(term, meaning, terms);
    if (problem !== undefined) report(problem, positions.key([term]));
    else if (typeof meaning === 'string') terms.push({ term: term.trim(), meaning: meaning.trim() });
  }
  return { terms, problems };
}

function problemOf(term: string, meaning: unknown, before: readonly GlossaryTerm[]): string | undefined {
  if (term.trim() === '') return 'A term has at least a letter.';
  if (term.length > limits.term) return `A term has at most ${limits.term} characters.`;
  if (typeof meaning !== 'string' || meaning.trim() === '') return `The meaning of "${term}" is a text.`;
  if (meaning.length > limits.meaning)
    return `A meaning has at most ${limits.meaning} characters: a model reads no more of it.`;
  const name = term.trim().toLowerCase();
  if (before.some((known) => known.term.toLowerCase() === name)) return `"${term}" stands here twice.`;
  return before.length >= limits.terms ? `A glossary has at most ${limits.terms} terms.` : undefined;
}
