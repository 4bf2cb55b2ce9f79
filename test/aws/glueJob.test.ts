import assert from 'node:assert/strict';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { glueEngine, type GlueSettings } from '../../src/services/glueEngine.ts';
import type { JobResult } from '../../src/agents/engine.ts';
import { openAccount, type Account } from '../support/glue/account.ts';
import { jobOf, witness } from '../support/glue/jobs.ts';
import type { Fields } from '../support/glue/validation.ts';

describe('the Glue job', function () {
  this.timeout(60_000);
  let account: Account;

  before(async () => {
    account = await openAccount();
  });
  after(() => account.close());
  beforeEach(() => {
    account.glue.faults.clear();
    account.glue.asked.length = 0;
  });

  /** A run that ends before its script would start: all that stands before is done. */
  async function begin(changes: Partial<GlueSettings> = {}, script = 'print(1)'): Promise<JobResult> {
    account.glue.faults.nextRun({ ends: { state: 'FAILED', message: 'as the test asked' } });
    const engine = glueEngine(account.settings(changes));
    try {
      return await engine.run(jobOf(script), witness());
    } finally {
      engine.close();
    }
  }

  const asked = (action: string): readonly Fields[] =>
    account.glue.asked.filter((each) => each.action === action).map(({ fields }) => fields);
  const keys = async (folder: string): Promise<readonly string[]> => {
    const request = { Bucket: account.settings().bucket, Prefix: `datamorph/${folder}/` };
    return ((await account.aws.s3.send(new ListObjectsV2Command(request))).Contents ?? []).map(({ Key = '' }) => Key);
  };

  it('is created once, pinned, without retries and bookmarks, and never touched again while the settings stay', async () => {
    await begin();
    await begin({}, 'print(2)');
    const [created, ...more] = asked('CreateJob');
    assert.deepEqual(more, []);
    assert.deepEqual(asked('UpdateJob'), []);
    const { GlueVersion, MaxRetries, Timeout, Tags, Command, DefaultArguments } = created ?? {};
    assert.deepEqual({ GlueVersion, MaxRetries, Timeout, Tags }, { GlueVersion: '5.0', MaxRetries: 0, Timeout: 15, Tags: { 'made-by': 'datamorph' } }); // prettier-ignore
    assert.equal((Command as Fields)['Name'], 'glueetl');
    assert.equal((DefaultArguments as Fields)['--job-bookmark-option'], 'job-bookmark-disable');
  });

  it('is updated where the settings differ, and as it was when they are taken back', async () => {
    await begin({ networkConnections: ['vpc'], securityConfiguration: 'sealed', timeoutMinutes: 30 });
    await begin({ networkConnections: ['vpc'], securityConfiguration: 'sealed', timeoutMinutes: 30 });
    await begin();
    const updates = asked('UpdateJob').map(({ JobUpdate }) => JobUpdate as Fields);
    assert.deepEqual(
      updates.map(({ Connections, SecurityConfiguration, Timeout }) => [Connections, SecurityConfiguration, Timeout]),
      [
        [{ Connections: ['vpc'] }, 'sealed', 30],
        [undefined, undefined, 15],
      ],
    );
  });

  it('is left alone where somebody else made it', async () => {
    const jobName = `${account.settings().bucket}-foreign`;
    const { GlueClient, CreateJobCommand } = await import('@aws-sdk/client-glue');
    const client = new GlueClient();
    await client.send(
      new CreateJobCommand({
        Name: jobName,
        Description: 'nightly',
        Role: 'theirs',
        Command: { Name: 'glueetl', PythonVersion: '3', ScriptLocation: 's3://theirs/nightly.py' },
        GlueVersion: '5.0',
        WorkerType: 'G.1X',
        NumberOfWorkers: 2,
      }),
    );
    client.destroy();
    const result = await begin({ jobName });
    assert.match(messageOf(result), /did not make.*left alone/);
    assert.deepEqual([asked('UpdateJob'), asked('StartJobRun')], [[], []]);
  });

  it('stores script and runtime under what they hold, once, encrypted, and mends what somebody changed', async () => {
    await begin({}, 'print("stored")');
    const scripts = await keys('scripts');
    const [{ Arguments } = {}] = asked('StartJobRun');
    const { bucket } = account.settings();
    const address = String((Arguments as Fields)['--scriptLocation']);
    const Key = address.slice(`s3://${bucket}/`.length);
    assert.ok(scripts.includes(Key), address);
    const stored = (): Promise<string> =>
      account.aws.s3
        .send(new GetObjectCommand({ Bucket: bucket, Key }))
        .then(({ Body }) => Body?.transformToString() ?? '');
    assert.equal(await stored(), 'print("stored")');
    const head = await account.aws.s3.send(new HeadObjectCommand({ Bucket: bucket, Key }));
    assert.equal(head.ServerSideEncryption, 'AES256');
    await begin({}, 'print("stored")');
    assert.deepEqual(await keys('scripts'), scripts);
    assert.equal((await keys('runtime')).length, 1);
    const again = await account.aws.s3.send(new HeadObjectCommand({ Bucket: bucket, Key }));
    assert.deepEqual(again.LastModified, head.LastModified);
    await account.aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'print("evil")' }));
    await begin({}, 'print("stored")');
    assert.equal(await stored(), 'print("stored")');
  });

  it('hands each run its own script, folder, secrets and size, and no secret', async () => {
    const arn = await account.secret({ username: 'ada', password: 'corre"ct horse' });
    const settings = account.settings({ secrets: { 'my shop': arn } });
    account.glue.faults.nextRun({ ends: { state: 'FAILED', message: 'as the test asked' } });
    const engine = glueEngine(settings);
    const job = jobOf('print(1)', {
      marks: { orders: 'a & b', items: '7' },
      estimate: { rows: 1e9, bytes: 20 * 2 ** 30 },
    });
    await engine.run(job, witness());
    engine.close();
    const [request = {}] = asked('StartJobRun');
    const args = request['Arguments'] as Readonly<Record<string, string>>;
    assert.equal(args['--connection'], `MY_SHOP=${arn}`);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(args['--marks'])), job.marks);
    assert.equal(args['--TempDir'], `s3://${settings.bucket}/datamorph/runs/${job.runId}/temp/`);
    assert.deepEqual([request['WorkerType'], request['NumberOfWorkers']], ['G.1X', 4]);
    assert.ok(!JSON.stringify(account.glue.asked).includes('horse'));
    const policy = String(request['ExecutionRoleSessionPolicy']);
    assert.ok(policy.includes(`arn:aws:s3:::${settings.bucket}/datamorph/runs/${job.runId}/*`));
    assert.ok(policy.includes(arn));
    assert.ok(!policy.includes('"s3:*"') && policy.length <= 2048, `${policy.length} characters`);
  });
});

const messageOf = (result: JobResult): string => {
  assert.equal(result.kind, 'failed', JSON.stringify(result));
  return result.message;
};
