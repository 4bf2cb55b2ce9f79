import { programsIn, specIn, type Step, type StepContext } from './context.ts';
import { liveAttempts } from './record.ts';
import { notPublished, publisherIn, stageOf } from './staged.ts';
import { comparisonValidator } from '../comparisonValidator.ts';

/**
 * Makes the rows visible that were found right. A publication whose answer was lost left nothing staged: whether it came to
 * its end is then told by the target.
 */
export const publish: Step = async (context) => {
  const { ports, signal } = context;
  const publisher = publisherIn(context);
  const stage = stageOf(context);
  const waits = (await publisher.rows(stage, signal)) !== undefined;
  if (!waits && (await isThere(context))) return { kind: 'published', rows: 0, repeated: true };
  const published = await publisher.publish(stage, signal);
  if (published.kind === 'refused') return notPublished(context, published.reason);
  const { rows, repeated } = published;
  ports.log?.write('published', { table: stage.target.table, rows, repeated });
  return { kind: 'published', rows, repeated };
};

async function isThere({ ports, signal, ...context }: StepContext): Promise<boolean> {
  const programs = programsIn(context);
  if (programs.target.mode !== 'replace') return false;
  const request = { specText: specIn(context), programs, rows: programs.target.table, ownRows: false };
  return (await comparisonValidator(ports.database).validate(request, { signal })).kind === 'passed';
}

export const giveUp: Step = async (context) => {
  await publisherIn(context).giveUp(stageOf(context), context.signal);
  return { kind: 'gaveUp' };
};

/** From here on the next run reads what came after this one. */
export const remember: Step = async (context) => {
  const { record, ports } = context;
  const marks = liveAttempts(record).at(-1)?.outcome?.marks ?? {};
  await ports.marks?.keep(programsIn(context).target.table, marks);
  return { kind: 'remembered' };
};
