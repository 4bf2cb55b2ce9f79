/** A planner without a model: it reads a documented subset of English against the catalogue, and never guesses. */
import { checkSpec, type Checked } from '../compiler/check.ts';
import { compileExpression } from '../compiler/expressions/compile.ts';
import type { SqlParser } from '../compiler/expressions/contract.ts';
import type { Catalogue } from '../spec/catalogue.ts';
import { hasErrors } from '../spec/read.ts';
import type { Spec } from '../spec/spec.ts';
import { formatSpec } from '../spec/write.ts';
import { Linker } from './offlinePlanner/build/linker.ts';
import { plan } from './offlinePlanner/build/plan.ts';
import { targetOf, typedColumns } from './offlinePlanner/build/target.ts';
import { standInOf } from './offlinePlanner/build/union.ts';
import { Wishes } from './offlinePlanner/build/wishes.ts';
import type { Clause } from './offlinePlanner/intent.ts';
import { createLexicon } from './offlinePlanner/lexicon.ts';
import { outOfScope } from './offlinePlanner/outOfScope.ts';
import { readPrompt } from './offlinePlanner/readPrompt.ts';
import { tokenize } from './offlinePlanner/tokens.ts';
import type { Misunderstood, Plan, Planner, PlanRequest } from './planner.ts';

export interface OfflinePlannerOptions {
  readonly parser: SqlParser;
}

export function createOfflinePlanner({ parser }: OfflinePlannerOptions): Planner {
  return {
    plan: (request, { signal }) =>
      new Promise((resolve) => {
        signal.throwIfAborted();
        resolve(planOffline(request, parser));
      }),
  };
}

function planOffline(request: PlanRequest, parser: SqlParser): Plan {
  const tokens = tokenize(request.prompt);
  if (tokens.length === 0) return { kind: 'refused', reason: 'The prompt is empty.' };
  const { catalogue, glossary, answers = [] } = request;
  const lexicon = createLexicon({ catalogue, tokens, ...(glossary && { glossary }) });
  const forbidden = outOfScope(tokens, lexicon);
  if (forbidden.length > 0) return { kind: 'refused', reason: 'This is out of scope.', words: forbidden };
  const { clauses, misunderstood } = readPrompt(tokens, lexicon);
  if (misunderstood.length > 0)
    return refusal('I do not understand some words of this prompt.', misunderstood, request.prompt);
  const linker = new Linker(lexicon, answers, standIns(clauses));
  const planned = plan(new Wishes(clauses), linker);
  if (linker.refused.length > 0)
    return refusal('I cannot say this as a spec without guessing.', linker.refused, request.prompt);
  if (linker.questions.length > 0) return { kind: 'questions', questions: linker.questions };
  if (!planned) return { kind: 'refused', reason: 'Nothing in this prompt says what to make.' };
  const target = targetOf(planned, { request, linker });
  if (!target) return refusal('I cannot say this as a spec without guessing.', linker.refused, request.prompt);
  const spec: Spec = {
    version: 1,
    name: target.name,
    prompt: request.prompt.trim(),
    ...(linker.assumptions.length > 0 && { assumptions: linker.assumptions }),
    sources: planned.draft.sources,
    steps: planned.draft.steps,
    target: target.target,
  };
  return checkedPlan(spec, { catalogue, parser });
}

interface Checking {
  readonly catalogue: Catalogue;
  readonly parser: SqlParser;
}

/** The types of the result are the compiler's to say; an error that is left is shown, not hidden. */
function checkedPlan(spec: Spec, { catalogue, parser }: Checking): Plan {
  const check = (text: string): Checked => checkSpec(text, { catalogue, parser, compile: compileExpression });
  const { resolved } = check(formatSpec(spec));
  const typed = resolved ? typedColumns(spec, resolved, catalogue) : spec;
  const specText = formatSpec(typed);
  const { problems } = check(specText);
  return { kind: hasErrors(problems) ? 'draft' : 'spec', specText, problems };
}

const refusal = (reason: string, words: readonly Misunderstood[], prompt: string): Plan => ({
  kind: 'refused',
  reason,
  words: words.map((word) => placed(word, prompt)).sort((a, b) => a.offset - b.offset),
});

/** The words as they stand in the prompt; the whole of it where what is wrong stands nowhere. */
function placed({ text, offset, hint }: Misunderstood, prompt: string): Misunderstood {
  const place = prompt.startsWith(text, offset) ? offset : prompt.toLowerCase().indexOf(text.toLowerCase());
  const said =
    place >= 0 ? { text: prompt.slice(place, place + text.length), offset: place } : { text: prompt, offset: 0 };
  return { ...said, ...(hint !== undefined && { hint }) };
}

/** A union's tables are spoken of as one. */
function standIns(clauses: readonly Clause[]) {
  const union = clauses.find((clause) => clause.kind === 'union')?.union;
  const tables = union?.tables.flatMap(({ tables: [reading] }) => (reading ? [reading.table] : [])) ?? [];
  const stand = standInOf(tables);
  return new Map(stand ? tables.map((table) => [table, stand] as const) : []);
}
