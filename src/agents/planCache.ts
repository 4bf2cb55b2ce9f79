import { contentKey, type Cache } from './cachePort.ts';
import type { CodeGate } from './codeGate.ts';
import type { Plan, Planner, PlanRequest, PlanWatch } from './planner.ts';
import { answerShape, readAnswer } from './specsGenerator/answer.ts';
import { guardSpec } from './specsGenerator/guard.ts';
import type { SpecChecker } from './specsGenerator/ports.ts';
import { sliceOf, type RequestOptions } from './specsGenerator/request.ts';
import { specsSystem } from './specsGenerator/systemPrompt.ts';
import { hasErrors } from '../spec/read.ts';

export interface PlanCacheOptions extends RequestOptions {
  readonly planner: Planner;
  readonly cache: Cache;
  readonly modelId: string;
  readonly checker: SpecChecker;
  readonly gate: CodeGate;
}

/**
 * An unchanged request asks no model. What makes a request: its prompt, answers and target, the part of the schema that a model
 * would see, the glossary, the model and our own words to it. Specs accepted in between are no part of it, for the answer to this
 * very prompt is one of them; nor are values that the model looked up.
 */
export const createCachedPlanner = (options: PlanCacheOptions): Planner => ({
  async plan(request, watch) {
    const key = planKey(request, options);
    // A plan that went wrong is the last thing that is wanted again; the next one takes its place.
    const kept = request.note === undefined ? await options.cache.get(key) : undefined;
    const plan = kept === undefined ? undefined : await readPlan(kept, { ...options, request, watch });
    if (plan) return plan;
    const fresh = await options.planner.plan(request, watch);
    // A draft and a refusal are worth another try.
    if (fresh.kind === 'spec')
      await options.cache.put(key, JSON.stringify({ kind: fresh.kind, specText: fresh.specText }));
    if (fresh.kind === 'questions') await options.cache.put(key, JSON.stringify(fresh));
    return fresh;
  },
});

function planKey(request: PlanRequest, { modelId, ...options }: PlanCacheOptions): string {
  const { prompt, answers = [], target, glossary = [] } = request;
  return contentKey({
    what: 'plan',
    ...{ prompt, answers, target, glossary, modelId },
    schema: sliceOf(request, options),
    words: [specsSystem, answerShape],
  });
}

interface Reading extends PlanCacheOptions {
  readonly request: PlanRequest;
  readonly watch: PlanWatch;
}

/** A cache is a file that anybody may have written, and the database has gone on: what it holds is checked like an answer. */
async function readPlan(text: string, { checker, gate, request, watch }: Reading): Promise<Plan | undefined> {
  const value = parsed(text);
  if (value?.['kind'] === 'questions') {
    const answer = readAnswer(value);
    return answer.kind === 'questions' ? answer : undefined;
  }
  const specText = value?.['specText'];
  if (value?.['kind'] !== 'spec' || typeof specText !== 'string') return undefined;
  if (guardSpec(specText, { checker, gate, request }).length > 0) return undefined;
  const problems = await checker.check({ specText, catalogue: request.catalogue, signal: watch.signal });
  return hasErrors(problems) ? undefined : { kind: 'spec', specText, problems };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    // No JSON: somebody else's text, and the model is asked.
    return undefined;
  }
}
