import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import type { Artifacts } from '../../src/agents/ports.ts';
import { s3Artifacts, type S3Artifacts } from '../../src/services/s3Artifacts.ts';
import { workspaceArtifacts } from '../../src/services/workspaceArtifacts.ts';
import { awsClients, awsUrl, resetAws, TEST_AWS } from '../support/aws.ts';
import { withEnvironment } from '../support/environment.ts';

const never = new AbortController().signal;
const Bucket = 'artifacts';

describe('what runs made (artifacts)', () => {
  let aws: ReturnType<typeof awsClients>;
  let folder: string;
  let s3: S3Artifacts;
  let restore: () => Promise<void>;

  beforeEach(async () => {
    await resetAws();
    aws = awsClients();
    folder = await mkdtemp(join(tmpdir(), 'datamorph-artifacts-'));
    const done = new AbortController();
    const variables = {
      AWS_ENDPOINT_URL: awsUrl(),
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: TEST_AWS.region,
    };
    const scope = withEnvironment(variables, () => once(done.signal, 'abort'));
    restore = async () => {
      done.abort();
      await scope;
    };
    s3 = s3Artifacts({ bucket: Bucket });
    const location = { LocationConstraint: TEST_AWS.region };
    await aws.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: location }));
  });
  afterEach(async () => {
    s3.close();
    aws.destroy();
    await restore();
    await rm(folder, { recursive: true });
  });

  const keepVersions = () =>
    aws.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const versions = async (): Promise<readonly (string | undefined)[]> =>
    ((await aws.s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions ?? []).map(({ Key }) => Key);

  for (const [home, storeOf] of [
    ['the workspace', () => workspaceArtifacts(folder)],
    ['a bucket', () => s3],
  ] as const satisfies readonly (readonly [string, () => Artifacts])[]) {
    it(`come back from ${home} as they were put`, async () => {
      await keepVersions();
      const store = storeOf();
      const script = { runId: 'r1', name: 'script.py' };
      assert.equal(await store.get(script, never), undefined);
      for (const text of ['print("€")\n', 'print("€")\n', 'print(2)\n']) await store.put({ ...script, text }, never);
      await store.put({ runId: 'r1', name: 'requests/1.json', text: '{}' }, never);
      assert.equal(await store.get(script, never), 'print(2)\n');
      assert.equal(await store.get({ runId: 'r1', name: 'requests/1.json' }, never), '{}');
      await assert.rejects(store.put({ runId: '..', name: 'x', text: '' }, never), /"\.\." cannot be part/);
    });
  }

  it('are versions in the bucket, encrypted, with their type, and the same text is no second one', async () => {
    await keepVersions();
    for (const text of ['1', '1', '2']) await s3.put({ runId: 'r1', name: 'report.md', text }, never);
    assert.deepEqual(await versions(), ['datamorph/runs/r1/report.md', 'datamorph/runs/r1/report.md']);
    const head = await aws.s3.send(new HeadObjectCommand({ Bucket, Key: 'datamorph/runs/r1/report.md' }));
    assert.deepEqual([head.ContentType, head.ServerSideEncryption], ['text/markdown; charset=utf-8', 'AES256']);
  });

  it('of several that write at once are all kept', async () => {
    await keepVersions();
    const texts = ['1', '2', '3', '4'];
    await Promise.all(texts.map((text) => s3.put({ runId: 'r1', name: 'report.md', text }, never)));
    assert.equal((await versions()).length, 4);
  });

  it('are not put where nothing keeps versions, or where there is no bucket', async () => {
    const artifact = { runId: 'r1', name: 'report.md', text: '' };
    await assert.rejects(s3.put(artifact, never), /artifacts does not keep versions: turn versioning on/);
    const nowhere = s3Artifacts({ bucket: 'nowhere' });
    await assert.rejects(nowhere.put(artifact, never), /nowhere does not exist/);
    nowhere.close();
  });
});
