import { programsIn, specIn, type Step, type StepContext } from './context.ts';
import { withEvent } from './record.ts';
import { roundText, toldRounds } from './rounds.ts';
import { isStaged, notPublished, rowsAreGone, stagedRows, unfit } from './staged.ts';
import { comparisonValidator } from '../comparisonValidator.ts';
import type { ValidationRequest } from '../ports.ts';
import { maskedVerdict, reportOf } from '../report.ts';
import type { PhaseResult, Verdict } from '../verdict.ts';

/** Fetches the target and judges it. The report shows examples; the journal holds them masked as well. */
export const validate: Step = async (context) => {
  const { record, ports, signal } = context;
  const programs = programsIn(context);
  const validator = ports.validator ?? comparisonValidator(ports.database);
  const onPhase = (result: PhaseResult): Promise<void> => context.note({ kind: 'phase', result });
  const request = await requestOf(context);
  if (!request.ownRows && isStaged(context)) return notPublished(context, rowsAreGone, 'engine');
  let verdict: Verdict;
  try {
    verdict = await validator.validate(request, { signal, onPhase });
  } catch (error) {
    const reason = request.ownRows ? await unfit(context, { rows: request.rows, error }) : undefined;
    if (reason === undefined) throw error;
    return notPublished(context, reason);
  }
  signal.throwIfAborted();
  const told = toldRounds(withEvent(record, { kind: 'validated', verdict })).map(roundText);
  const rounds = told.length > 0 ? { rounds: told } : {};
  await ports.journal.keep('report.md', reportOf({ ...verdict, ...rounds }, programs));
  return { kind: 'validated', verdict: maskedVerdict(verdict, programs.target.columns) };
};

async function requestOf(context: StepContext): Promise<ValidationRequest> {
  const { order, answers, checked } = context.record;
  const programs = programsIn(context);
  const staged = await stagedRows(context);
  return {
    specText: specIn(context),
    ...(order.prompt === undefined ? {} : { prompt: order.prompt }),
    ...(answers.length > 0 && { answers }),
    catalogue: await context.catalogue(context.signal),
    problems: checked?.problems ?? [],
    programs,
    rows: staged ?? programs.target.table,
    ownRows: staged !== undefined,
    ...(order.skip && { skip: order.skip }),
  };
}
