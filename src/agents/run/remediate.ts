import { measured, programsIn, specIn, type Step } from './context.ts';
import { isWrittenForGood } from './ending.ts';
import type { RunEvent } from './events.ts';
import { faultIn, liveRounds, withEvent } from './record.ts';
import { roundsPage, toldRounds } from './rounds.ts';
import { dropStaged } from './staged.ts';
import type { RemedyRequest } from '../ports.ts';

/** Looks for what mends the fault, keeps it, and makes room for the next round. */
export const remediate: Step = async (context) => {
  const { record, ports, signal } = context;
  const { remediator } = ports;
  const { code, order, checked } = record;
  const fault = faultIn(record);
  if (!remediator || !fault || !code) throw new Error('There is nothing to be mended, or nobody to do it.');
  const request: RemedyRequest = {
    specText: specIn(context),
    ...(order.prompt === undefined ? {} : { prompt: order.prompt }),
    ...(record.answers.length + record.settled.length > 0 && { answers: [...record.answers, ...record.settled] }),
    catalogue: await context.catalogue(signal),
    problems: checked?.problems ?? [],
    programs: programsIn(context),
    ...{ code, fault, rounds: liveRounds(record) },
    ...(isWrittenForGood(record) && { visible: true }),
  };
  const { value: remedy, spent } = await measured(ports, () => remediator.remedy(request, signal));
  signal.throwIfAborted();
  if ('diff' in remedy) await ports.journal.keep(`round-${record.rounds.length + 1}.diff`, remedy.diff);
  const event: RunEvent = { kind: 'remedied', remedy, ...(spent && { spent }) };
  await ports.journal.keep('rounds.md', roundsPage(toldRounds(withEvent(record, event))));
  // Where nothing is changed, the rows are given up by a step of their own.
  if (remedy.kind !== 'none') await dropStaged(context);
  return event;
};
