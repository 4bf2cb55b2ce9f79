import { EventEmitter, once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Clusters } from './cluster.ts';
import type { RunFate } from './faults.ts';
import { LogSink } from './logSink.ts';
import { allows } from './policy.ts';
import { dpusOf, type Fields } from './validation.ts';

export interface Surroundings {
  readonly s3: S3Client;
  readonly logs: CloudWatchLogsClient;
  readonly clusters: Clusters;
  /** How long a minute lasts here, in milliseconds. */
  readonly minute: number;
  /** Resolves when the job may have one more run. */
  readonly turn: (run: JobRun) => Promise<void>;
}

const final = ['SUCCEEDED', 'STOPPED', 'FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'];

/** One run of a job, from its start to its end. */
export class JobRun {
  readonly id: string;
  state = 'STARTING';
  readonly startedOn = Date.now();
  readonly arguments: Readonly<Record<string, string>>;
  /** Resolves when the run is over, logs and all. */
  readonly ended: Promise<void>;
  private detail: string | undefined;
  private error: string | undefined;
  private runningSince: number | undefined;
  private completedOn: number | undefined;
  private looks = 0;
  private readonly seen = new EventEmitter();
  private readonly stopping = new AbortController();
  private isTimedOut = false;
  private readonly request: Fields;
  private readonly fate: RunFate;

  constructor(id: string, request: Fields, fate: RunFate, surroundings: Surroundings) {
    this.id = id;
    this.request = request;
    this.fate = fate;
    this.arguments = request['Arguments'] as Readonly<Record<string, string>>;
    this.ended = this.live(surroundings);
    // Told of where the stand-in is stopped.
    this.ended.catch(() => undefined);
  }

  get isOver(): boolean {
    return final.includes(this.state);
  }

  /** As GetJobRun answers. */
  look(): object {
    this.looks += 1;
    this.seen.emit('look');
    return this.description;
  }

  get description(): object {
    const { JobName, WorkerType, NumberOfWorkers, Timeout, SecurityConfiguration } = this.request;
    const running = this.runningSince === undefined ? 0 : (this.completedOn ?? Date.now()) - this.runningSince;
    return {
      Id: this.id,
      Attempt: 0,
      JobName,
      JobRunState: this.state,
      StateDetail: this.detail,
      ErrorMessage: this.error,
      Arguments: this.arguments,
      StartedOn: this.startedOn / 1000,
      LastModifiedOn: Date.now() / 1000,
      CompletedOn: this.completedOn === undefined ? undefined : this.completedOn / 1000,
      ExecutionTime: Math.ceil(running / 1000),
      Timeout,
      WorkerType,
      NumberOfWorkers,
      SecurityConfiguration,
      MaxCapacity: Number(NumberOfWorkers) * (dpusOf[String(WorkerType)] ?? 0),
      GlueVersion: '5.0',
      LogGroupName: '/aws-glue/jobs',
      ExecutionRoleSessionPolicy: this.request['ExecutionRoleSessionPolicy'],
    };
  }

  stop(): void {
    this.state = 'STOPPING';
    this.stopping.abort();
    this.seen.emit('look');
  }

  private async live(surroundings: Surroundings): Promise<void> {
    try {
      await this.wait(surroundings);
      const { ends } = this.fate;
      if (ends) this.end(ends.state, ends.message);
      else if (!this.stopping.signal.aborted) await this.execute(surroundings);
    } catch (error) {
      this.end('ERROR', error instanceof Error ? error.message : String(error));
    }
    if (!this.isOver) this.end('STOPPED');
  }

  private async wait({ turn }: Surroundings): Promise<void> {
    const { queuedFor = 0 } = this.fate;
    const mine = turn(this);
    this.state = 'WAITING';
    this.detail = 'The job run is queued: the concurrent runs of the job are exceeded.';
    while (this.looks < queuedFor && !this.stopping.signal.aborted) await once(this.seen, 'look');
    await Promise.race([
      mine,
      new Promise((resolve) => {
        this.stopping.signal.addEventListener('abort', resolve);
      }),
    ]);
    if (!this.stopping.signal.aborted) this.state = 'STARTING';
    this.detail = undefined;
  }

  private async execute(surroundings: Surroundings): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'glue-run-'));
    try {
      const script = await this.fetch(surroundings.s3, '--scriptLocation', folder);
      const extraPyFiles = await this.fetch(surroundings.s3, '--extra-py-files', tmpdir());
      await this.runScript(surroundings, { folder, script, extraPyFiles });
    } catch (error) {
      if (!(error instanceof NotAllowed)) throw error;
      this.end('FAILED', error.message);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async fetch(s3: S3Client, argument: string, folder: string): Promise<string> {
    const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(this.arguments[argument] ?? '') ?? [];
    this.require('s3:GetObject', `arn:aws:s3:::${bucket}/${key}`);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!Body) throw new Error(`${argument} is empty.`);
    const path = join(folder, basename(key));
    await mkdir(folder, { recursive: true });
    // Whole or not at all: another run may be importing from the one that stands there.
    const draft = `${path}.${this.id}`;
    await writeFile(draft, await Body.transformToByteArray());
    await rename(draft, path);
    return path;
  }

  private async runScript(
    { logs, clusters, minute }: Surroundings,
    place: { readonly folder: string; readonly script: string; readonly extraPyFiles: string },
  ): Promise<void> {
    this.require('logs:PutLogEvents', 'arn:aws:logs:eu-central-1:123456789012:log-group:/aws-glue/jobs/output');
    for (const each of (this.arguments['--connection'] ?? '').split(',').filter(Boolean)) {
      this.require('secretsmanager:GetSecretValue', each.slice(each.indexOf('=') + 1));
    }
    const output = new LogSink(logs, '/aws-glue/jobs/output', `${this.id}-driver`);
    const error = new LogSink(logs, '/aws-glue/jobs/error', `${this.id}-driver`);
    error.add('INFO [main] glue.LogPusher: the stand-in starts the driver');
    if (this.fate.lateLogs) output.hold();
    const said = new Said(place.script);
    this.state = 'RUNNING';
    this.runningSince = Date.now();
    const timer = setTimeout(
      () => {
        this.isTimedOut = true;
        this.stopping.abort();
      },
      Number(this.request['Timeout']) * minute,
    );
    const onErr = (line: string): void => {
      said.add(line);
      output.add(line);
    };
    const end = await clusters.run(
      { ...place, arguments: this.argv() },
      { onOut: output.add, onErr },
      this.stopping.signal,
    );
    clearTimeout(timer);
    if (end.lost === 'memory') error.add('# java.lang.OutOfMemoryError: Java heap space');
    await error.close();
    if (!this.fate.lateLogs) await output.close();
    if (this.isTimedOut) this.end('TIMEOUT');
    else if (this.stopping.signal.aborted) this.end('STOPPED');
    else if (end.code === 0) this.end('SUCCEEDED');
    else this.end('FAILED', said.message(end.code));
    await output.close();
  }

  /** What Glue hands to the script: its own first, then those of the job and the run. */
  private argv(): readonly string[] {
    const own = { '--JOB_NAME': String(this.request['JobName']), '--JOB_RUN_ID': this.id, '--JOB_ID': 'j_0' };
    return Object.entries({ ...own, ...this.arguments }).flat();
  }

  private require(action: string, resource: string): void {
    if (allows(this.request['ExecutionRoleSessionPolicy'] as string | undefined, action, resource)) return;
    throw new NotAllowed(`AccessDeniedException: the session policy does not allow ${action} on ${resource}`);
  }

  private end(state: string, error?: string): void {
    this.state = state;
    this.error = error;
    this.completedOn = Date.now();
    this.seen.emit('over');
  }
}

class NotAllowed extends Error {}

/** What Glue makes of a script's traceback. */
class Said {
  private readonly script: string;
  private line: string | undefined;
  private raised: string | undefined;

  constructor(script: string) {
    this.script = script;
  }

  add(text: string): void {
    const place = /^ *File "(.+)", line (\d+)/.exec(text);
    if (place?.[1] === this.script) this.line = place[2];
    if (/^\w[\w.]*(Error|Exception)\b/.test(text)) this.raised = text;
  }

  message(code: number | null): string {
    if (this.raised === undefined) return `Command failed with exit code ${code ?? 137}`;
    const line = this.line === undefined ? '' : `Failed Line Number: ${this.line}; `;
    return `Error Category: UNCLASSIFIED_ERROR; ${line}${this.raised}`;
  }
}
