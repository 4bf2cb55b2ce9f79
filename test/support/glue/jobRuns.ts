import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Faults } from './faults.ts';
import { JobRun, type Surroundings } from './run.ts';
import { GlueError, invalid, requireDefinition, requireKnown, requireRun, type Fields } from './validation.ts';

interface StoredJob {
  definition: Fields;
  readonly tags: unknown;
  readonly runs: JobRun[];
}

/** Jobs and their runs, action by action as the service answers. */
export class JobRuns {
  private readonly jobs = new Map<string, StoredJob>();
  private readonly surroundings: Omit<Surroundings, 'turn'>;
  private readonly faults: Faults;

  constructor(surroundings: Omit<Surroundings, 'turn'>, faults: Faults) {
    this.surroundings = surroundings;
    this.faults = faults;
  }

  answer(action: string, fields: Fields): object {
    const carryOut = this.actions[action];
    if (!carryOut) throw new GlueError('UnknownOperationException', action);
    requireKnown(action, fields);
    return carryOut(fields);
  }

  async stop(): Promise<void> {
    const runs = [...this.jobs.values()].flatMap((job) => job.runs);
    for (const run of runs) if (!run.isOver) run.stop();
    await Promise.all(runs.map(({ ended }) => ended));
  }

  private readonly actions: Readonly<Record<string, (fields: Fields) => object>> = {
    GetJob: ({ JobName }) => ({ Job: { Name: JobName, ...this.job(JobName).definition } }),
    CreateJob: ({ Name, Tags, ...definition }) => {
      requireDefinition(definition);
      const found = this.jobs.get(String(Name));
      if (found && !isDeepStrictEqual(found.definition, definition)) {
        throw new GlueError(
          'IdempotentParameterMismatchException',
          `Job ${String(Name)} was submitted with another configuration.`,
        );
      }
      if (!found) this.jobs.set(String(Name), { definition, tags: Tags, runs: [] });
      return { Name };
    },
    UpdateJob: ({ JobName, JobUpdate }) => {
      requireKnown('JobUpdate', JobUpdate as Fields);
      requireDefinition(JobUpdate as Fields);
      this.job(JobName).definition = JobUpdate as Fields;
      return { JobName };
    },
    StartJobRun: (fields) => this.start(fields),
    GetJobRun: ({ JobName, RunId }) => ({ JobRun: this.run(JobName, RunId).look() }),
    GetJobRuns: ({ JobName, NextToken = '0', MaxResults = 200 }) => {
      const { runs } = this.job(JobName);
      const [from, until] = [Number(NextToken), Number(NextToken) + Number(MaxResults)];
      const page = [...runs].reverse().slice(from, until);
      return {
        JobRuns: page.map((run) => run.description),
        ...(until < runs.length ? { NextToken: String(until) } : {}),
      };
    },
    BatchStopJobRun: ({ JobName, JobRunIds }) => {
      const refused = (JobRunIds as readonly string[]).flatMap((id) => this.stopRun(JobName, id));
      return { Errors: refused, SuccessfulSubmissions: [] };
    },
  };

  private start(fields: Fields): object {
    const { definition, runs } = this.job(fields['JobName']);
    const request: Fields = {
      ...definition,
      ...fields,
      Arguments: { ...(definition['DefaultArguments'] as object), ...(fields['Arguments'] as object) },
    };
    requireRun(request);
    const { MaxConcurrentRuns } = definition['ExecutionProperty'] as { readonly MaxConcurrentRuns: number };
    const isFull = (): boolean =>
      runs.filter((run) => !run.isOver && run.state !== 'WAITING').length >= MaxConcurrentRuns;
    if (isFull() && request['JobRunQueuingEnabled'] !== true) {
      throw new GlueError(
        'ConcurrentRunsExceededException',
        `Concurrent runs exceeded for ${String(fields['JobName'])}`,
      );
    }
    const turn = async (): Promise<void> => {
      while (isFull()) await Promise.race(runs.filter((run) => !run.isOver).map(({ ended }) => ended));
    };
    const run = new JobRun(newId(), request, this.faults.takeFate(), { ...this.surroundings, turn });
    runs.push(run);
    return { JobRunId: run.id };
  }

  private stopRun(jobName: unknown, id: string): readonly object[] {
    const run = this.job(jobName).runs.find((each) => each.id === id);
    const refuse = (ErrorCode: string, ErrorMessage: string): readonly object[] => [
      { JobName: jobName, JobRunId: id, ErrorDetail: { ErrorCode, ErrorMessage } },
    ];
    if (!run) return refuse('EntityNotFoundException', `Job run ${id} was not found.`);
    if (run.isOver) return refuse('InvalidInputException', `Job run ${id} is ${run.state}.`);
    run.stop();
    return [];
  }

  private job(name: unknown): StoredJob {
    if (typeof name !== 'string' || name === '') throw invalid('JobName is missing.');
    const found = this.jobs.get(name);
    if (!found) throw new GlueError('EntityNotFoundException', `Job with name: ${name} not found.`);
    return found;
  }

  private run(jobName: unknown, id: unknown): JobRun {
    const found = this.job(jobName).runs.find((run) => run.id === id);
    if (!found) throw new GlueError('EntityNotFoundException', `Job Run not found for id ${String(id)}.`);
    return found;
  }
}

const newId = (): string => `jr_${randomBytes(32).toString('hex')}`;
