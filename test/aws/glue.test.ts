import assert from 'node:assert/strict';
import {
  AlreadyExistsException,
  BatchStopJobRunCommand,
  ConcurrentRunsExceededException,
  CreateJobCommand,
  EntityNotFoundException,
  GetJobCommand,
  GetJobRunCommand,
  StartJobRunCommand,
  UpdateJobCommand,
} from '@aws-sdk/client-glue';
import { awsClients, glueRunsTake, resetAws } from '../support/aws.ts';

const JOB = {
  Role: 'arn:aws:iam::123456789012:role/etl',
  Command: { Name: 'glueetl', ScriptLocation: 's3://code/job.py', PythonVersion: '3' },
  GlueVersion: '5.0',
  WorkerType: 'G.1X' as const,
  NumberOfWorkers: 2,
};

describe('the Glue stand-in, asked by the real client', () => {
  let aws: ReturnType<typeof awsClients>;

  beforeEach(async () => {
    await resetAws();
    await glueRunsTake(0);
    aws = awsClients();
  });
  afterEach(() => {
    aws.destroy();
  });

  const create = (Name: string) => aws.glue.send(new CreateJobCommand({ Name, ...JOB }));
  const start = async (JobName: string, Arguments: Record<string, string> = {}): Promise<string> =>
    String((await aws.glue.send(new StartJobRunCommand({ JobName, Arguments }))).JobRunId);
  const look = async (JobName: string, RunId: string) =>
    (await aws.glue.send(new GetJobRunCommand({ JobName, RunId }))).JobRun;

  it('refuses a job whose name is taken, and keeps the first', async () => {
    await create('once');
    await assert.rejects(
      aws.glue.send(new CreateJobCommand({ Name: 'once', ...JOB, Role: 'another' })),
      AlreadyExistsException,
    );
    const { Job } = await aws.glue.send(new GetJobCommand({ JobName: 'once' }));
    assert.equal(Job?.Role, JOB.Role);
  });

  it('replaces the whole definition by UpdateJob', async () => {
    await aws.glue.send(new CreateJobCommand({ Name: 'changed', ...JOB, Description: 'old', Timeout: 5 }));
    const JobUpdate = { ...JOB, NumberOfWorkers: 4, DefaultArguments: { '--spec': 'b' } };
    await aws.glue.send(new UpdateJobCommand({ JobName: 'changed', JobUpdate }));
    const { Job } = await aws.glue.send(new GetJobCommand({ JobName: 'changed' }));
    const { NumberOfWorkers, DefaultArguments, Description, Timeout } = Job ?? {};
    assert.deepEqual(
      { NumberOfWorkers, DefaultArguments, Description, Timeout },
      { NumberOfWorkers: 4, DefaultArguments: { '--spec': 'b' }, Description: undefined, Timeout: undefined },
    );
  });

  it('knows no job that was not created', async () => {
    await assert.rejects(
      aws.glue.send(new UpdateJobCommand({ JobName: 'nobody', JobUpdate: JOB })),
      EntityNotFoundException,
    );
  });

  it('takes a run through its states, one at a time', async () => {
    await glueRunsTake(1);
    await create('slow');
    const id = await start('slow');
    await assert.rejects(start('slow'), ConcurrentRunsExceededException);
    const states = [await look('slow', id), await look('slow', id), await look('slow', id)];
    assert.deepEqual(
      states.map((run) => [run?.JobRunState, run?.CompletedOn !== undefined]),
      [
        ['RUNNING', false],
        ['SUCCEEDED', true],
        ['SUCCEEDED', true],
      ],
    );
  });

  for (const outcome of ['FAILED', 'TIMEOUT', 'ERROR']) {
    it(`ends a run as ${outcome} with its message`, async () => {
      await create('ill-fated');
      const id = await start('ill-fated', { '--moto_outcome': outcome, '--moto_error': 'KeyError: total' });
      const run = await look('ill-fated', id);
      assert.deepEqual(
        { state: run?.JobRunState, error: run?.ErrorMessage },
        { state: outcome, error: 'KeyError: total' },
      );
    });
  }

  it('stops runs that go on, and says which it cannot stop', async () => {
    await glueRunsTake(1);
    await create('stopped');
    const id = await start('stopped');
    const stop = () => aws.glue.send(new BatchStopJobRunCommand({ JobName: 'stopped', JobRunIds: [id, 'jr_none'] }));
    const first = await stop();
    assert.deepEqual(first.SuccessfulSubmissions, [{ JobName: 'stopped', JobRunId: id }]);
    assert.deepEqual(
      first.Errors?.map(({ JobRunId, ErrorDetail }) => [JobRunId, ErrorDetail?.ErrorCode]),
      [['jr_none', 'EntityNotFoundException']],
    );
    assert.equal((await look('stopped', id))?.JobRunState, 'STOPPED');
    const second = await stop();
    assert.deepEqual(
      second.Errors?.map(({ ErrorDetail }) => ErrorDetail?.ErrorCode),
      ['InvalidInputException', 'EntityNotFoundException'],
    );
  });
});
