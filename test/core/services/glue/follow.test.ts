import assert from 'node:assert/strict';
import type { JobRun, JobRunState } from '@aws-sdk/client-glue';
import { AwsFailure } from '../../../../src/services/aws/failure.ts';
import { followRun } from '../../../../src/services/glue/follow.ts';
import type { Pace } from '../../../../src/services/glue/pace.ts';
import { driverStreams } from '../../../../src/services/glue/logs.ts';
import { witness, type Witness } from '../../../support/glue/jobs.ts';

interface Scene {
  /** What each look at the run finds; the last one for good. */
  readonly states?: readonly JobRunState[];
  readonly stateNow?: () => JobRunState;
  readonly look?: Pace['look'];
  readonly stopRun?: (count: number) => Promise<void>;
  readonly watch?: Witness;
}

/** Follows a run of a Glue that plays the scene, and counts what it was asked. */
async function follow({ states = [], stateNow, look = [20, 40], stopRun, watch = witness() }: Scene) {
  const asked = { looks: 0, stops: 0 };
  const unused = (): never => assert.fail('not asked for when a run is followed');
  const result = await followRun({
    glue: {
      job: unused,
      createJob: unused,
      updateJob: unused,
      startRun: unused,
      runs: unused,
      close: unused,
      run: (_job, Id): Promise<JobRun> => {
        const played = states[Math.min(asked.looks++, states.length - 1)];
        const JobRunState = stateNow?.() ?? played;
        return Promise.resolve({ Id, ExecutionTime: 1, ...(JobRunState && { JobRunState }) });
      },
      stopRun: () => stopRun?.(asked.stops++) ?? Promise.resolve(),
    },
    logs: {
      page: () => Promise.resolve(undefined),
      close: unused,
    },
    jobName: 'job',
    id: 'jr_1',
    role: 'role',
    isNew: false,
    pace: { look, logs: 20, quiet: 5, drain: 50, again: [1, 2], patience: 100 },
    watch,
  });
  return { result, asked };
}

describe('following a Glue run', () => {
  it('tells each state once, in its own words', async () => {
    const watch = witness();
    const states = ['WAITING', 'WAITING', 'STARTING', 'RUNNING', 'RUNNING', 'STOPPING', 'SUCCEEDED'] as const;
    const { result } = await follow({ states, watch });
    assert.equal(result.kind, 'succeeded');
    assert.deepEqual(
      watch.progress.map(({ phase }) => phase),
      ['waiting', 'starting', 'running', 'stopping'],
    );
  });

  it('repeats a stop that was refused for the moment, but not without a pause', async () => {
    const watch = witness();
    watch.stop();
    const from = performance.now();
    const { result, asked } = await follow({
      states: [...Array.from({ length: 5 }, () => 'STARTING' as const), 'STOPPED'],
      stopRun: (count) =>
        count < 3 ? Promise.reject(new AwsFailure('conflict', 'it is being started')) : Promise.resolve(),
      watch,
    });
    assert.deepEqual(result, { kind: 'cancelled' });
    assert.equal(asked.stops, 4);
    assert.ok(performance.now() - from >= 5 * 18, 'five looks take five waits');
  });

  it('waits a tenth of the time that a state has lasted, so that long runs are asked for seldom', async () => {
    const from = performance.now();
    const { asked } = await follow({
      stateNow: () => (performance.now() - from < 800 ? 'RUNNING' : 'SUCCEEDED'),
      look: [4, 1000],
    });
    // Without the rule 200; with it ten up to 40 ms, and then a tenth more each time.
    assert.ok(asked.looks < 70, `${asked.looks} looks`);
  });

  it('reads the driver’s streams where Glue writes them, and below a security configuration', () => {
    const places = (run: JobRun, role = 'arn:aws:iam::1:role/etl/job'): readonly string[] =>
      driverStreams(run, role).map(({ group, stream }) => `${group} ${stream}`);
    assert.deepEqual(places({ Id: 'jr_1', LogGroupName: '/aws-glue/jobs/' }), [
      '/aws-glue/jobs/output jr_1',
      '/aws-glue/jobs/output jr_1-driver',
      '/aws-glue/jobs/error jr_1',
      '/aws-glue/jobs/error jr_1-driver',
    ]);
    assert.ok(
      places({ Id: 'jr_1', SecurityConfiguration: 'sealed' }).includes(
        '/aws-glue/jobs/sealed-role/job/output jr_1-driver',
      ),
    );
  });
});
