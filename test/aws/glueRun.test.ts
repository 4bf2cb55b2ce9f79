import assert from 'node:assert/strict';
import type { JobResult } from '../../src/agents/engine.ts';
import { glueEngine, type GlueEngine } from '../../src/services/glueEngine.ts';
import { openAccount, type Account } from '../support/glue/account.ts';
import { denied, expired, inTrouble, throttled, type RunFate } from '../support/glue/faults.ts';
import { jobOf, witness, type Witness } from '../support/glue/jobs.ts';
import { allows } from '../support/glue/policy.ts';
import type { Fields } from '../support/glue/validation.ts';

type Failed = Extract<JobResult, { readonly kind: 'failed' }>;

describe('a run on Glue', function () {
  // The first script starts a Spark.
  this.timeout(120_000);
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

  const run = (script: string, fate: RunFate = {}, watch: Witness = witness()): Promise<JobResult> => {
    account.glue.faults.nextRun(fate);
    return engine.run(jobOf(script), watch);
  };
  const failing = async (...asked: Parameters<typeof run>): Promise<Failed> => {
    const result = await run(...asked);
    assert.equal(result.kind, 'failed', JSON.stringify(result));
    return result;
  };

  it('tells of the queue, costs what Glue says, and lets words of the script through', async () => {
    const watch = witness();
    const result = await run('print("one\\ntwo")\nprint()\nprint("ünï")', { queuedFor: 2 }, watch);
    assert.equal(result.kind, 'succeeded', JSON.stringify(result));
    const { seconds = 0, dpuSeconds } = result.cost ?? {};
    assert.ok(seconds >= 1);
    assert.equal(dpuSeconds, seconds * 3, 'three workers of one DPU, for want of an estimate');
    assert.ok(watch.progress.some(({ phase, detail }) => phase === 'waiting' && detail?.includes('queued')));
    assert.deepEqual(
      watch.lines.filter((line) => ['one', 'two', 'ünï'].includes(line)),
      ['one', 'two', 'ünï'],
    );
  });

  it('goes on through throttling and trouble, and ends with its own result', async () => {
    account.glue.faults.next('GetJobRun', throttled, inTrouble, 'cut', 'lost', throttled, throttled, inTrouble);
    assert.equal((await run('print(1)')).kind, 'succeeded');
  });

  it('is failed by what its late logs say', async () => {
    const { message, line, reason } = await failing('x = 1\n\nraise KeyError("total")\n', { lateLogs: true });
    assert.deepEqual({ message, line, reason }, { message: "KeyError: 'total'", line: 3, reason: 'script' });
  });

  it('says that its output cannot be read, and takes the line from what Glue found out', async () => {
    const { AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: before } = process.env;
    // Glue's stand-in knows no logs: it refuses, as an account does where logs:GetLogEvents is not allowed.
    process.env['AWS_ENDPOINT_URL_CLOUDWATCH_LOGS'] = account.glue.url;
    const blind = glueEngine(account.settings());
    const watch = witness();
    const result = await blind.run(jobOf('x = 1\nraise KeyError("total")\n'), watch);
    blind.close();
    if (before === undefined) delete process.env['AWS_ENDPOINT_URL_CLOUDWATCH_LOGS'];
    else process.env['AWS_ENDPOINT_URL_CLOUDWATCH_LOGS'] = before;
    assert.deepEqual(
      result.kind === 'failed' && { message: result.message, line: result.line },
      { message: "KeyError: 'total'", line: 2 },
      JSON.stringify(result),
    );
    assert.match(watch.lines.join('\n'), /cannot follow what the job prints/);
  });

  it('that Glue could not start, or lost, is the engine’s failure, with a way out', async () => {
    const role = 'Role arn:aws:iam::1:role/x should be given assume role permissions for Glue Service.';
    const cases: readonly (readonly [NonNullable<RunFate['ends']>, RegExp])[] = [
      [{ state: 'FAILED', message: role }, /must trust glue\.amazonaws\.com/],
      [{ state: 'FAILED', message: 'VPC S3 endpoint validation failed: S3 endpoint or NAT gateway was not found' }, /gateway endpoint for S3/],
      [{ state: 'ERROR', message: 'Internal service error : the node was lost' }, /node was lost/],
      [{ state: 'EXPIRED' }, /queue/],
    ]; // prettier-ignore
    for (const [ends, words] of cases) {
      const { reason, message, line } = await failing('print(1)', { ends });
      assert.equal(reason, 'engine', message);
      assert.match(message, words);
      assert.equal(line, undefined);
    }
  });

  it('may read its own secrets, script and folder only', async () => {
    const other = await account.secret({ username: 'eve' });
    const own = await account.secret({ username: 'ada' });
    const narrowed = glueEngine(account.settings({ secrets: { shop: own } }));
    await narrowed.run(jobOf('print(1)'), witness());
    narrowed.close();
    const start = account.glue.asked.find(({ action }) => action === 'StartJobRun')?.fields ?? {};
    const policy = String(start['ExecutionRoleSessionPolicy']);
    const may = (action: string, resource: string): boolean => allows(policy, action, resource);
    assert.ok(may('secretsmanager:GetSecretValue', own) && !may('secretsmanager:GetSecretValue', other));
    const inBucket = (key: string): string => `arn:aws:s3:::${account.settings().bucket}/datamorph/${key}`;
    const runId = String((start['Arguments'] as Fields)['--run-id']);
    assert.ok(may('s3:PutObject', inBucket(`runs/${runId}/temp/x`)) && !may('s3:PutObject', inBucket('runs/other/x')));
    assert.ok(!may('s3:PutObject', inBucket('scripts/x.py')) && !may('s3:GetObject', inBucket('scripts/other.py')));
  });

  it('is not lost when the sign-in expires: it goes on, and another window attaches to it', async () => {
    const watch = witness();
    const stopping = { ...watch, onProgress: ({ phase }: { readonly phase: string }) => { if (phase === 'running') account.glue.faults.next('GetJobRun', expired); } }; // prettier-ignore
    const result = engine.run(jobOf('import time\ntime.sleep(1)\nprint("done")'), stopping);
    await assert.rejects(result, /sign-in has expired.*aws sso login.*jr_\w+ of the Glue job .* goes on without us/s);
    const other = glueEngine(account.settings());
    const later = witness();
    const [handle] = watch.handles;
    assert.ok(handle);
    assert.equal((await other.attach(handle, later)).kind, 'succeeded');
    other.close();
    assert.ok(later.lines.includes('done'));
  });

  it('that may not be stopped says that it goes on', async () => {
    const watch = witness((line, stop) => {
      if (line !== 'ready') return;
      account.glue.faults.next('BatchStopJobRun', denied('glue:BatchStopJobRun', 'arn:aws:glue:job/x'));
      stop();
    });
    const result = run('import time\nprint("ready", flush=True)\ntime.sleep(600)', {}, watch);
    await assert.rejects(result, /glue:BatchStopJobRun.*could not be stopped and goes on/s);
    const other = glueEngine(account.settings());
    const stopped = witness();
    stopped.stop();
    const [handle] = watch.handles;
    assert.ok(handle);
    assert.deepEqual(await other.attach(handle, stopped), { kind: 'cancelled' });
    other.close();
  });
});
