/** From a resolved spec to what its run publishes: what the compiled script hands to `job.write`. */
import { publicationTargetOf } from '../agents/publicationTarget.ts';
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

/** The argument `--publication` of `python -m datamorph.publish`, for where only a job may write. */
export function publicationJson(publication: Publication, connection?: string): string {
  const { table, mode, columns, keys, required, history, instant } = publication;
  const pairs = columns.map(({ name, type }) => [name, type]);
  return JSON.stringify({ table, mode, columns: pairs, keys, required, history, instant, connection });
}
