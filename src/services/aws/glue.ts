import {
  BatchStopJobRunCommand,
  CreateJobCommand,
  GetJobCommand,
  GetJobRunCommand,
  GlueClient,
  paginateGetJobRuns,
  StartJobRunCommand,
  UpdateJobCommand,
  type Job,
  type JobRun,
  type JobUpdate,
  type StartJobRunRequest,
} from '@aws-sdk/client-glue';
import { clientConfig, type AwsAccess } from './access.ts';
import { answered, AwsFailure } from './failure.ts';

/** AWS Glue, as far as running jobs needs it. Every failure is an AwsFailure. */
export interface Glue {
  /** Undefined where there is no job of that name. */
  job(name: string): Promise<Job | undefined>;
  createJob(name: string, definition: JobUpdate, tags: Readonly<Record<string, string>>): Promise<void>;
  updateJob(name: string, definition: JobUpdate): Promise<void>;
  /** Sent once, never repeated: a second start is a second run. */
  startRun(request: StartJobRunRequest & { readonly JobName: string }): Promise<string>;
  run(job: string, id: string): Promise<JobRun>;
  /** Newest first; none where there is no job of that name. */
  runs(job: string): AsyncIterable<JobRun>;
  stopRun(job: string, id: string): Promise<void>;
  close(): void;
}

export function openGlue(access: AwsAccess): Glue {
  const client = new GlueClient(clientConfig(access));
  const once = new GlueClient(clientConfig(access, 1));
  const ask = <T>(action: string, job: string, answer: Promise<T>): Promise<T> =>
    answered({ action: `glue:${action}`, resource: `the Glue job ${job}`, access }, answer);
  return {
    async job(name) {
      try {
        return (await ask('GetJob', name, client.send(new GetJobCommand({ JobName: name })))).Job;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async createJob(name, definition, tags) {
      const { Role, Command } = definition;
      const request = { ...definition, Name: name, Role, Command, Tags: { ...tags } };
      await ask('CreateJob', name, client.send(new CreateJobCommand(request)));
    },
    async updateJob(name, definition) {
      await ask('UpdateJob', name, client.send(new UpdateJobCommand({ JobName: name, JobUpdate: definition })));
    },
    async startRun(request) {
      const { JobRunId } = await ask('StartJobRun', request.JobName, once.send(new StartJobRunCommand(request)));
      return present(JobRunId, 'StartJobRun');
    },
    async run(job, id) {
      const request = new GetJobRunCommand({ JobName: job, RunId: id });
      const { JobRun } = await answered(
        { action: 'glue:GetJobRun', resource: `the run ${id} of the Glue job ${job}`, access },
        client.send(request),
      );
      return present(JobRun, 'GetJobRun');
    },
    async *runs(job) {
      const pages = paginateGetJobRuns({ client, pageSize: 200 }, { JobName: job })[Symbol.asyncIterator]();
      for (;;) {
        const page = await firstPageOf(ask('GetJobRuns', job, pages.next()));
        if (!page || page.done) return;
        yield* page.value.JobRuns ?? [];
      }
    },
    async stopRun(job, id) {
      const request = new BatchStopJobRunCommand({ JobName: job, JobRunIds: [id] });
      const { Errors } = await ask('BatchStopJobRun', job, client.send(request));
      const detail = Errors?.[0]?.ErrorDetail;
      if (detail) throw new AwsFailure('conflict', `The run ${id} was not stopped: ${detail.ErrorMessage ?? ''}`);
    },
    close() {
      client.destroy();
      once.destroy();
    },
  };
}

async function firstPageOf<T>(page: Promise<T>): Promise<T | undefined> {
  try {
    return await page;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown): boolean => error instanceof AwsFailure && error.kind === 'missing';

function present<T>(value: T | undefined, action: string): T {
  if (value === undefined) throw new AwsFailure('unanswered', `AWS answered glue:${action} with nothing in it.`);
  return value;
}
