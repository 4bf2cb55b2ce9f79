import { createOfflinePlanner } from '../agents/offlinePlanner.ts';
import type { Answer, Misunderstood, Question } from '../agents/planner.ts';
import type { Catalogue } from '../spec/catalogue.ts';
import { readSpec } from '../spec/read.ts';
import type { Spec } from '../spec/spec.ts';
import { loadSqlParser } from './sqlParser.ts';

export type PromptPlan =
  | { readonly kind: 'spec'; readonly spec: Spec }
  | { readonly kind: 'questions'; readonly questions: readonly Question[] }
  | { readonly kind: 'refused'; readonly reason: string; readonly words: readonly string[] };

export interface PromptRequest {
  readonly prompt: string;
  readonly catalogue: Catalogue;
  readonly answers: readonly Answer[];
}

/** Plans by the planner that needs no model. A bundle of its own: grammar and planner load when somebody asks. */
export async function planPrompt(request: PromptRequest): Promise<PromptPlan> {
  const planner = createOfflinePlanner({ parser: await loadSqlParser() });
  const plan = await planner.plan(request, { signal: new AbortController().signal });
  switch (plan.kind) {
    case 'questions':
      return plan;
    case 'refused':
      return { kind: 'refused', reason: plan.reason, words: (plan.words ?? []).map(inWords) };
    case 'spec':
    case 'draft': {
      // A draft's mistakes are shown where they stand.
      const { spec } = readSpec(plan.specText);
      if (!spec) throw new Error('The planner wrote a spec that cannot be read.');
      return { kind: 'spec', spec };
    }
  }
}

const inWords = ({ text, hint }: Misunderstood): string => (hint === undefined ? `"${text}".` : `"${text}": ${hint}`);
