/** Phase 2: tests of what was asked for, written from the prompt without a look at the spec. */
import { isBudgetSpent } from '../budget.ts';
import { counted } from '../counted.ts';
import type { Intent, IntentOutcome, IntentWriter } from '../intentPort.ts';
import { isModelFailure } from '../model.ts';
import type { ValidationRequest } from '../ports.ts';
import { catalogueOf } from '../../spec/catalogue.ts';
import type { IntentSides } from './intent/sides.ts';
import type { PhaseOutcome } from './phases.ts';
import type { Snapshot } from './snapshot.ts';

/** Runs the tests, and keeps those that can fail (intentTests.ts). */
export type TestIntent = (snapshot: Snapshot, intent: Intent, sides: IntentSides) => Promise<IntentOutcome>;

/** Left out where nothing was written, for whatever reason. */
export type KnownIntent = Intent | undefined;

export async function askIntent(
  request: ValidationRequest,
  writer: IntentWriter | undefined,
  signal: AbortSignal,
): Promise<PhaseOutcome<KnownIntent>> {
  const { prompt, catalogue, programs, answers } = request;
  if (prompt === undefined || prompt.trim() === '') return notRun('There is no prompt to test against.');
  if (!writer) return notRun('There is no model to read the prompt a second time.');
  try {
    const asked = { prompt, catalogue: catalogue ?? catalogueOf([]), columns: programs.target.columns };
    const intent = await writer.write({ ...asked, ...(answers && { answers }) }, signal);
    return outcomeOf(intent);
  } catch (error) {
    signal.throwIfAborted();
    // A proof of every row must not fail because nobody is there to guess at its prompt.
    if (isModelFailure(error) || isBudgetSpent(error)) return notRun(error.message);
    throw error;
  }
}

function outcomeOf(intent: Intent): PhaseOutcome<KnownIntent> {
  const { tests, reading } = intent;
  if (tests.length === 0 && !reading) return notRun('The model wrote no test.');
  const written = [
    ...(tests.length > 0 ? [counted(tests.length, 'test')] : []),
    ...(reading ? ['a second reading'] : []),
  ];
  return { found: intent, outcome: 'passed', summary: `Written from the prompt: ${written.join(' and ')}.` };
}

const notRun = (summary: string): PhaseOutcome<KnownIntent> => ({ found: undefined, outcome: 'notRun', summary });
