import assert from 'node:assert/strict';
import type { Job, JobResult } from '../../src/agents/engine.ts';
import type { Publication } from '../../src/services/publicationStatements.ts';
import { publicationScript } from '../../src/services/publicationTarget.ts';
import { replace } from './scripts.ts';

export interface PublicationContract {
  readonly run: (job: Job) => Promise<JobResult>;
  readonly jobOf: (script: string, job?: Partial<Job>) => Job;
  /** The rows of the table `answer`, as the contract counts them. */
  readonly answer: () => Promise<string>;
  /** What they are when the script's rows are visible. */
  readonly whole: string;
}

/** Rows that one job stages, and a second one, under a run id of its own, makes visible or drops. */
export async function publishesLater({ run, jobOf, answer, whole }: PublicationContract): Promise<void> {
  const before = await answer();
  const [given, dropped] = [jobOf(replace, { publish: 'later' }), jobOf(replace, { publish: 'later' })];
  for (const staging of [given, dropped]) assert.equal((await run(staging)).kind, 'succeeded');
  assert.equal(await answer(), before);
  const gaveUp = await run(jobOf(publicationScript(publicationOf(dropped), { giveUp: true })));
  assert.equal(gaveUp.kind, 'succeeded', JSON.stringify(gaveUp));
  assert.equal(await answer(), before);
  const published = await run(jobOf(publicationScript(publicationOf(given))));
  assert.equal(published.kind, 'succeeded', JSON.stringify(published));
  assert.equal(await answer(), whole);
  const again = await run(jobOf(publicationScript(publicationOf(dropped))));
  assert.equal(again.kind === 'failed' && again.reason, 'publication', JSON.stringify(again));
}

const publicationOf = ({ runId, instant }: Job): Publication => ({
  table: 'answer',
  mode: 'replace',
  columns: [
    { name: 'id', type: 'integer' },
    { name: 'amount', type: 'numeric(10,2)' },
  ],
  keys: [],
  required: [],
  instant,
  runId,
});
