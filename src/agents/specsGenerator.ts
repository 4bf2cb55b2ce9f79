import type { Problem } from '../spec/problem.ts';
import { hasErrors } from '../spec/read.ts';
import type { CodeGate } from './codeGate.ts';
import type { Lookups } from './lookups.ts';
import { ModelFailure, type Asker, type Message } from './model.ts';
import type { Plan, Planner, PlanRequest, PlanWatch } from './planner.ts';
import { answerShape, readAnswer, type SpecsAnswer } from './specsGenerator/answer.ts';
import { draftOf } from './specsGenerator/draft.ts';
import { guardSpec } from './specsGenerator/guard.ts';
import type { SpecChecker } from './specsGenerator/ports.ts';
import { repairText } from './specsGenerator/repair.ts';
import { requestText } from './specsGenerator/request.ts';
import { specsSystem } from './specsGenerator/systemPrompt.ts';

export interface SpecsGeneratorOptions {
  readonly asker: Asker;
  readonly checker: SpecChecker;
  readonly gate: CodeGate;
  /** What may be looked up for this request. */
  readonly lookups: (request: PlanRequest) => Lookups;
  /** How often the model may look things up before it has to answer. */
  readonly lookupRounds?: number;
  readonly sliceTokens?: number;
}

const defaults = { lookupRounds: 4, repairs: 2, maxTokens: 8000, temperature: 0.3 } as const;

/** From a prompt to a spec by a model: one call where nothing is to be looked up or mended. */
export const createSpecsGenerator = (options: SpecsGeneratorOptions): Planner => ({
  async plan(request, watch) {
    const { sliceTokens } = options;
    const text = requestText(request, sliceTokens === undefined ? {} : { sliceTokens });
    const work: Work = {
      ...options,
      request,
      watch,
      messages: [{ role: 'user', text }],
      lookUp: options.lookups(request),
      roundsLeft: options.lookupRounds ?? defaults.lookupRounds,
    };
    try {
      return await planOf(work);
    } catch (error) {
      // A model, or its guard, that declines has answered the prompt.
      if (error instanceof ModelFailure && error.code === 'declined') return { kind: 'refused', reason: error.message };
      throw error;
    }
  },
});

interface Work extends SpecsGeneratorOptions {
  readonly request: PlanRequest;
  readonly watch: PlanWatch;
  readonly messages: Message[];
  readonly lookUp: Lookups;
  roundsLeft: number;
}

async function planOf(work: Work): Promise<Plan> {
  for (let repairs = 0; ; repairs++) {
    const value = await answered(work);
    const outcome = await judged(readAnswer(value), work);
    if (outcome.kind !== 'wrong') return outcome;
    if (repairs === defaults.repairs) return outcome.otherwise();
    const said = value === undefined ? '(no answer of the shape that was asked for)' : JSON.stringify(value);
    work.messages.push({ role: 'assistant', text: said }, { role: 'user', text: outcome.repair });
  }
}

/** What the model is told to mend, and what becomes of the plan where it cannot. */
interface Wrong {
  readonly kind: 'wrong';
  readonly repair: string;
  readonly otherwise: () => Plan;
}

async function judged(answer: SpecsAnswer, work: Work): Promise<Plan | Wrong> {
  switch (answer.kind) {
    case 'refused':
      return answer;
    case 'questions': {
      const known = new Set((work.request.answers ?? []).map(({ question }) => question));
      const again = answer.questions.filter(({ id }) => known.has(id));
      if (again.length === 0) return answer;
      return wrong(
        `You asked for ${again.map(({ id }) => id).join(', ')} again: <answers> holds the answer. Write the spec.`,
      );
    }
    case 'malformed':
      return wrong(`The answer could not be read. ${answer.problem}`);
    case 'spec':
      return checked(answer, work);
  }
}

const wrong = (repair: string): Wrong => ({
  kind: 'wrong',
  repair,
  otherwise() {
    throw new ModelFailure('malformed', `The model's answer is not usable, also after it was told why: ${repair}`);
  },
});

async function checked(
  { specText: text, decisions }: Extract<SpecsAnswer, { kind: 'spec' }>,
  work: Work,
): Promise<Plan | Wrong> {
  const { checker, gate, request } = work;
  const { signal } = work.watch;
  const specText = await draftOf(text, { request, decisions, checker, signal });
  signal.throwIfAborted();
  const guarded = guardSpec(specText, { checker, gate, request });
  // What is not to be run is not even shown to PostgreSQL.
  const problems =
    guarded.length > 0 ? guarded : await checker.check({ specText, catalogue: request.catalogue, signal });
  if (!hasErrors(problems)) return { kind: 'spec', specText, problems };
  return {
    kind: 'wrong',
    repair: repairText(specText, problems),
    otherwise: () => (guarded.length > 0 ? beyond(guarded) : { kind: 'draft', specText, problems }),
  };
}

/** A draft can be opened and run by hand; what reaches beyond the data is not handed out at all. */
const beyond = (problems: readonly Problem[]): Plan => ({
  kind: 'refused',
  reason: `The plan that the model wrote reaches beyond the data: ${problems.map(({ message }) => message).join(' ')}`,
});

/** Asks until the model answers; look-ups in between count down. */
async function answered(work: Work): Promise<unknown> {
  const { asker, messages, watch, lookUp } = work;
  for (;;) {
    watch.signal.throwIfAborted();
    const answer = await asker.ask(
      {
        purpose: 'specs',
        system: specsSystem,
        messages: [...messages],
        tools: lookUp.tools,
        answer: answerShape,
        maxTokens: defaults.maxTokens,
        temperature: defaults.temperature,
      },
      { signal: watch.signal, ...(watch.onText ? { onText: watch.onText } : {}) },
    );
    if (answer.kind === 'object') return answer.value;
    if (answer.kind === 'text') return undefined;
    if (work.roundsLeft < 0) {
      throw new ModelFailure(
        'malformed',
        'The model goes on looking things up and does not answer. Say more in the prompt.',
      );
    }
    messages.push({ role: 'assistant', text: answer.text, calls: answer.calls });
    messages.push({ role: 'results', results: await looked(answer.calls, work) });
    work.roundsLeft -= 1;
  }
}

async function looked(
  calls: Parameters<Lookups['run']>[0],
  { roundsLeft, lookUp, watch }: Work,
): ReturnType<Lookups['run']> {
  if (roundsLeft > 0) return lookUp.run(calls, watch.signal);
  return calls.map(({ id }) => ({ id, text: 'No look-ups are left. Answer now, with what you know.', failed: true }));
}
