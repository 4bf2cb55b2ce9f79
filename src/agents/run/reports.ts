import { reportsOf } from '../report.ts';
import { programsIn, type StepContext } from './context.ts';
import type { RunRecord } from './record.ts';
import { roundText, toldRounds } from './rounds.ts';
import type { Verdict } from '../verdict.ts';

/** Every form of the report, with what was done before; of the verdict as it is before anything in it is masked. */
export async function keepReports(context: StepContext, after: RunRecord): Promise<void> {
  const { verdict } = after;
  if (!verdict) throw new Error('There is no verdict yet.');
  const told = toldRounds(after).map(roundText);
  const whole: Verdict = told.length > 0 ? { ...verdict, rounds: told } : verdict;
  for (const [name, text] of reportsOf(whole, programsIn(context))) {
    await context.ports.journal.keep(name, text);
    // What comes too late must not be kept over what was made meanwhile.
    context.signal.throwIfAborted();
  }
}
