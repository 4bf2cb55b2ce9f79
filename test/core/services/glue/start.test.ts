import assert from 'node:assert/strict';
import type { JobRun } from '@aws-sdk/client-glue';
import type { Glue } from '../../../../src/services/aws/glue.ts';
import { findRun } from '../../../../src/services/glue/start.ts';

const job = { runId: 'wanted', instant: '2026-03-01T12:00:00Z', script: '' };
const run = (Id: string, StartedOn: string, runId: string): JobRun => ({
  Id,
  StartedOn: new Date(StartedOn),
  Arguments: { '--run-id': runId },
});

/** How many of the runs were looked at, beside what was found. */
async function search(runs: readonly JobRun[]): Promise<readonly [string | undefined, number]> {
  let seen = 0;
  const glue: Pick<Glue, 'runs'> = {
    async *runs() {
      for (const each of runs) {
        seen += 1;
        yield await Promise.resolve(each);
      }
    },
  };
  return [await findRun(glue, 'job', job), seen];
}

describe('the search for a run by its id', () => {
  it('finds it among others, whatever page it stands on', async () => {
    const later = Array.from({ length: 450 }, (_, n) => run(`jr_${n}`, '2026-03-01T13:00:00Z', `other ${n}`));
    assert.deepEqual(await search([...later, run('jr_w', '2026-03-01T12:01:00Z', 'wanted')]), ['jr_w', 451]);
  });

  it('goes no further back than the run can be old, so that a long history costs nothing', async () => {
    const old = Array.from({ length: 5000 }, (_, n) => run(`jr_${n}`, '2026-02-20T12:00:00Z', `old ${n}`));
    assert.deepEqual(await search([run('jr_x', '2026-03-01T13:00:00Z', 'x'), ...old]), [undefined, 2]);
  });
});
