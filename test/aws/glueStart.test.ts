import assert from 'node:assert/strict';
import type { JobResult } from '../../src/agents/engine.ts';
import { glueEngine, type GlueEngine, type GlueSettings } from '../../src/services/glueEngine.ts';
import { openAccount, type Account } from '../support/glue/account.ts';
import { denied, expired, inTrouble, throttled } from '../support/glue/faults.ts';
import { jobOf, witness, type Witness } from '../support/glue/jobs.ts';

describe('starting a run on Glue', function () {
  this.timeout(60_000);
  let account: Account;
  let engine: GlueEngine;

  before(async () => {
    account = await openAccount();
    engine = glueEngine(account.settings());
  });
  after(async () => {
    engine.close();
    await account.close();
  });
  beforeEach(() => {
    account.glue.faults.clear();
    account.glue.asked.length = 0;
  });

  const told = 'as the test asked';
  const starts = (): number => account.glue.asked.filter(({ action }) => action === 'StartJobRun').length;
  /** How many runs there are of an id, as Glue lists them. */
  const runsOf = async (runId: string): Promise<number> => {
    const { GlueClient, paginateGetJobRuns } = await import('@aws-sdk/client-glue');
    const client = new GlueClient();
    let count = 0;
    for await (const { JobRuns = [] } of paginateGetJobRuns({ client }, { JobName: account.settings().jobName }))
      count += JobRuns.filter((run) => run.Arguments?.['--run-id'] === runId).length;
    client.destroy();
    return count;
  };
  /** A run that ends before its script would start; what it says shows that it was it. */
  const run = (job = jobOf('print(1)'), watch: Witness = witness(), on = engine): Promise<JobResult> => {
    account.glue.faults.nextRun({ ends: { state: 'FAILED', message: told } });
    return on.run(job, watch);
  };
  const messageOf = (result: JobResult): string => {
    assert.equal(result.kind, 'failed', JSON.stringify(result));
    assert.equal(result.reason, 'engine');
    return result.message;
  };
  const withSettings = async (changes: Partial<GlueSettings>): Promise<string> => {
    const other = glueEngine(account.settings(changes));
    try {
      return messageOf(await run(jobOf('print(1)'), witness(), other));
    } finally {
      other.close();
    }
  };

  it('whose answer was lost finds the run that it began', async () => {
    const job = jobOf('print(1)');
    account.glue.faults.next('StartJobRun', 'lost');
    assert.equal(messageOf(await run(job)), told);
    assert.equal(starts(), 1);
    assert.equal(await runsOf(job.runId), 1);
  });

  it('that never arrived is repeated, and so is one that Glue was in trouble with', async () => {
    const job = jobOf('print(1)');
    account.glue.faults.next('StartJobRun', 'cut', inTrouble);
    const watch = witness();
    assert.equal(messageOf(await run(job, watch)), told);
    assert.equal(starts(), 3);
    assert.equal(await runsOf(job.runId), 1);
    assert.ok(watch.progress.some(({ phase, detail }) => phase === 'waiting' && detail?.includes('did not answer')));
  });

  it('waits where Glue is asked too much or has too many runs', async () => {
    const job = jobOf('print(1)');
    account.glue.faults.next('GetJobRuns', throttled, throttled);
    account.glue.faults.next('StartJobRun', throttled, { error: 'ConcurrentRunsExceededException' });
    const watch = witness();
    assert.equal(messageOf(await run(job, watch)), told);
    assert.equal(await runsOf(job.runId), 1);
    assert.ok(watch.progress.some(({ detail }) => detail?.includes('as many runs going on as it may have')));
  });

  it('gives up after a while, and an abort ends it sooner', async () => {
    account.glue.faults.next('StartJobRun', ...Array.from({ length: 50 }, () => throttled));
    assert.match(messageOf(await run()), /takes no more requests/);
    const watch = witness();
    const stopping = { ...watch, onProgress: ({ phase }: { readonly phase: string }) => { if (phase === 'waiting') watch.stop(); } }; // prettier-ignore
    assert.deepEqual(await engine.run(jobOf('print(1)'), stopping), { kind: 'cancelled' });
  });

  it('stops the run that an abort came too late for', async () => {
    const watch = witness();
    account.glue.faults.nextRun({ queuedFor: 1000 });
    account.glue.faults.next('StartJobRun', 'lost');
    const stopping = { ...watch, onProgress: ({ phase }: { readonly phase: string }) => { if (phase === 'waiting') watch.stop(); } }; // prettier-ignore
    assert.deepEqual(await engine.run(jobOf('print(1)'), stopping), { kind: 'cancelled' });
    assert.equal(account.glue.asked.filter(({ action }) => action === 'BatchStopJobRun').length, 1);
  });

  it('finds the run of its id that another window began', async () => {
    const job = jobOf('print(1)');
    await run(job);
    const other = glueEngine(account.settings());
    assert.equal(messageOf(await other.run(job, witness())), told);
    other.close();
    assert.equal(await runsOf(job.runId), 1);
  });

  it('says what is missing, and how to get it', async () => {
    account.glue.faults.next('GetJobRuns', expired);
    assert.match(messageOf(await run()), /sign-in has expired.*aws sso login/);
    account.glue.faults.next('StartJobRun', denied('iam:PassRole', 'arn:aws:iam::123456789012:role/datamorph-job'));
    assert.match(
      messageOf(await run()),
      /does not allow .*\/ada to iam:PassRole on arn:aws:iam::123456789012:role\/datamorph-job.*hand the role to Glue/,
    );
    account.glue.faults.next('GetJob', { error: 'AccessDeniedException', message: 'no' });
    assert.match(messageOf(await run()), /does not allow this sign-in to glue:GetJob on the Glue job/);
    assert.match(await withSettings({ bucket: 'no-such-bucket-here' }), /bucket no-such-bucket-here does not exist/);
  });

  it('says that no region is set, and that a profile has no credentials', async () => {
    const { AWS_REGION: region } = process.env;
    delete process.env['AWS_REGION'];
    try {
      assert.match(await withSettings({}), /No AWS region is set/);
      assert.match(await withSettings({ region: 'eu-central-1' }), new RegExp(told));
    } finally {
      process.env['AWS_REGION'] = region;
    }
    const { AWS_ACCESS_KEY_ID: key } = process.env;
    delete process.env['AWS_ACCESS_KEY_ID'];
    try {
      assert.match(
        await withSettings({ profile: 'nobody' }),
        /No AWS credentials were found\. Sign in with `aws sso login --profile nobody`/,
      );
    } finally {
      process.env['AWS_ACCESS_KEY_ID'] = key;
    }
  });
});
