/** A correction by a model: asked with what is known, and taken only as far as checker and guard let it. */
import { lineDiff } from '../lineDiff.ts';
import { isModelFailure, type Asker, type Message } from '../model.ts';
import type { CodeGate } from '../codeGate.ts';
import type { RemedyRequest } from '../ports.ts';
import type { Remedy } from '../run/events.ts';
import { guardSpec } from '../specsGenerator/guard.ts';
import type { SpecChecker } from '../specsGenerator/ports.ts';
import { repairText } from '../specsGenerator/repair.ts';
import { hasErrors, readSpec } from '../../spec/read.ts';
import { readRemedyAnswer, remedyShape, type RemedyAnswer } from './answer.ts';
import { freshStart, type Planning } from './bounds.ts';
import { correctedSpec, partsThatStay } from './correctedSpec.ts';
import { remedyText, type Consent } from './request.ts';
import { remedySystem } from './words.ts';

export interface CorrectionTools extends Consent {
  readonly asker: Asker;
  readonly checker: SpecChecker;
  readonly gate: CodeGate;
}

export interface Correcting {
  readonly tools: CorrectionTools & Planning;
  /** What is known without the model; it stands where the model has nothing that could be taken. */
  readonly known: Remedy;
  readonly signal: AbortSignal;
}

const settings = { purpose: 'remedy', maxTokens: 8000, temperature: 0.2 } as const;
const repairs = 2;

/** Rejects with `BudgetSpent`; whatever else keeps a model from an answer leaves the verdict as it is. */
export async function correctionOf(request: RemedyRequest, correcting: Correcting): Promise<Remedy> {
  const { tools, known, signal } = correcting;
  const messages: Message[] = [{ role: 'user', text: remedyText(request, tools) }];
  for (let left = repairs; ; left--) {
    const value = await answered(tools.asker, messages, signal);
    if (isModelFailure(value)) return standing(known, `A model was asked and gave no answer: ${value.message}`);
    const judged = await judgedAnswer(readRemedyAnswer(value), request, correcting);
    if ('remedy' in judged) return judged.remedy;
    if (left === 0) return standing(known, `The corrections of the model could not be taken: ${judged.problem}`);
    messages.push({ role: 'assistant', text: JSON.stringify(value ?? null) }, { role: 'user', text: judged.problem });
  }
}

const standing = ({ layer, reason }: Remedy, why: string): Remedy => ({
  kind: 'none',
  layer,
  reason: `${reason} ${why}`,
});

async function answered(asker: Asker, messages: readonly Message[], signal: AbortSignal): Promise<unknown> {
  try {
    const answer = await asker.ask(
      { ...settings, system: remedySystem, messages: [...messages], answer: remedyShape },
      { signal },
    );
    return answer.kind === 'object' ? answer.value : null;
  } catch (error) {
    if (isModelFailure(error)) return error;
    throw error;
  }
}

/** The problem is in words for the model. */
type Judged = { readonly remedy: Remedy } | { readonly problem: string };

async function judgedAnswer(answer: RemedyAnswer, request: RemedyRequest, correcting: Correcting): Promise<Judged> {
  switch (answer.kind) {
    case 'malformed':
      return { problem: answer.problem };
    case 'none': {
      const { layer, reason } = answer;
      return { remedy: { kind: 'none', layer, reason } };
    }
    case 'fresh': {
      const remedy = freshStart(request, answer.reason, correcting.tools);
      return remedy ? { remedy } : { problem: 'A fresh start cannot be made now: correct the spec, or answer "none".' };
    }
    default:
      return checked(answer, request, correcting);
  }
}

async function checked(
  answer: Extract<RemedyAnswer, { readonly text: string }>,
  request: RemedyRequest,
  { tools, signal }: Correcting,
): Promise<Judged> {
  const { checker, gate } = tools;
  const { catalogue, prompt = '', answers } = request;
  const corrected = await correctedSpec(answer, request, { checker, signal });
  signal.throwIfAborted();
  if (typeof corrected !== 'string') return corrected;
  const moved = partsThatStay(request.specText, corrected);
  if (moved !== undefined) return { problem: moved };
  const table = readSpec(request.specText).spec?.target.table;
  // It writes to that table already.
  const target = table === undefined ? {} : { table };
  const guarded = guardSpec(corrected, {
    checker,
    gate,
    request: { prompt, catalogue, ...(answers && { answers }), target },
  });
  // What is not to be run is not even shown to PostgreSQL.
  const problems = guarded.length > 0 ? guarded : await checker.check({ specText: corrected, catalogue, signal });
  if (hasErrors(problems)) return { problem: repairText(corrected, problems) };
  const diff = lineDiff(request.specText, corrected, 'spec.datamorph.json');
  if (diff === '') return { problem: 'This is the spec as it is: correct it, or answer "none".' };
  const { layer, reason } = answer;
  return { remedy: { kind: 'spec', layer, reason, specText: corrected, diff } };
}
