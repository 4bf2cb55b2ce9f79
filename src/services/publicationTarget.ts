/** From a resolved spec to what its run publishes: what the compiled script hands to `job.write`. */
import { publicationTargetOf } from '../agents/publicationTarget.ts';
import { pythonString } from '../compiler/pyspark/pythonText.ts';
import type { ResolvedTarget } from '../compiler/resolved.ts';
import type { Publication } from './publicationStatements.ts';

export interface PublicationRun {
  readonly runId: string;
  /** The run's one instant, as the job was given it. */
  readonly instant: string;
}

export const publicationOf = (resolved: ResolvedTarget, { runId, instant }: PublicationRun): Publication => ({
  ...publicationTargetOf(resolved),
  instant,
  runId,
});

export interface PublicationJob {
  /** The target's connection, where it is not the default. */
  readonly connection?: string;
  /** Drops the rows that wait. */
  readonly giveUp?: boolean;
}

/**
 * A script that publishes what waits, for where only a job may write: an engine runs it like any other, under a run id of
 * its own.
 */
export function publicationScript(publication: Publication, { connection, giveUp }: PublicationJob = {}): string {
  const described = pythonString(publicationJson(publication, connection));
  return `from datamorph.publish import main\n\nmain(${described}${giveUp ? ', give_up_instead=True' : ''})\n`;
}

/** The argument `--publication` of `python -m datamorph.publish`. */
export function publicationJson(publication: Publication, connection?: string): string {
  const { runId, table, mode, columns, keys, required, history, instant } = publication;
  const pairs = columns.map(({ name, type }) => [name, type]);
  return JSON.stringify({ runId, table, mode, columns: pairs, keys, required, history, instant, connection });
}
