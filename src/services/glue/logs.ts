import type { JobRun } from '@aws-sdk/client-glue';
import type { CloudWatchLogs, LogStream } from '../aws/cloudWatchLogs.ts';
import { AwsFailure } from '../aws/failure.ts';
import { pause, type Pace } from './pace.ts';

/**
 * Where Glue 5.0 writes what the driver says: in the group `output` what the script prints on both its outputs, in the group
 * `error` what Spark and Glue say. With a security configuration both stand below a name made of it and of the role. The
 * streams of the executors are left in CloudWatch: of what fails there, Spark tells the driver.
 */
export function driverStreams(run: JobRun, role: string): readonly LogStream[] {
  const { Id = '', LogGroupName, SecurityConfiguration } = run;
  const bases = [
    (LogGroupName ?? '/aws-glue/jobs').replace(/\/+$/, ''),
    ...(SecurityConfiguration === undefined ? [] : [`/aws-glue/jobs/${SecurityConfiguration}-role/${nameOf(role)}`]),
  ];
  return [...new Set(bases)].flatMap((base) =>
    ['output', 'error'].flatMap((kind) => [Id, `${Id}-driver`].map((stream) => ({ group: `${base}/${kind}`, stream }))),
  );
}

/** A role's name is the last part of its ARN. */
const nameOf = (role: string): string => role.split('/').at(-1) ?? role;

export interface Following {
  readonly logs: CloudWatchLogs;
  readonly streams: readonly LogStream[];
  readonly pace: Pace;
  readonly onLine: (line: string) => void;
  /** Called once, where the logs cannot be read: the run goes on though nobody hears it. */
  readonly onTrouble: (message: string) => void;
  /** `on` while the run goes on, `drain` when what is left is to come, `off` when nobody wants more. */
  readonly wanted: () => 'on' | 'drain' | 'off';
  /** Aborted when `wanted` changes. */
  readonly changed: AbortSignal;
  /** Whoever watches wants nothing more. */
  readonly stopped: AbortSignal;
  /** Whether all that was waited for has come. */
  readonly isComplete: () => boolean;
}

/** Hands on every line of the streams, until the run is over and nothing more comes. */
export async function followLogs(following: Following): Promise<void> {
  const { pace, wanted, changed, stopped, isComplete, onTrouble } = following;
  const readers = following.streams.map((stream) => new Reader(stream, following));
  let [endedAt, newestAt] = [Infinity, 0];
  for (;;) {
    const ending = wanted();
    if (ending !== 'on') endedAt = Math.min(endedAt, performance.now());
    const trouble = await readAll(readers, () => (newestAt = performance.now()));
    if (trouble !== undefined) {
      onTrouble(trouble);
      return;
    }
    if (wanted() === 'off') return;
    const now = performance.now();
    const waited = now - endedAt;
    if (waited > pace.drain || (isComplete() && Math.min(waited, now - newestAt) > pace.quiet)) return;
    if (ending === 'on') await pause(pace.logs, changed);
    else await pause(Math.min(pace.logs, pace.quiet), stopped);
  }
}

/** What stands in the way for good. */
async function readAll(readers: readonly Reader[], onNews: () => void): Promise<string | undefined> {
  try {
    for (const reader of readers) if (await reader.read()) onNews();
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return error.isRetryable ? undefined : error.message;
  }
}

class Reader {
  private readonly stream: LogStream;
  private readonly following: Following;
  private token: string | undefined;

  constructor(stream: LogStream, following: Following) {
    this.stream = stream;
    this.following = following;
  }

  /** All that has come since; tells whether anything has. */
  async read(): Promise<boolean> {
    const { logs, onLine, wanted } = this.following;
    let any = false;
    while (wanted() !== 'off') {
      const page = await logs.page(this.stream, this.token);
      if (!page) return any;
      for (const message of page.messages) {
        any = true;
        for (const line of message.replace(/\r?\n$/, '').split(/\r?\n/)) onLine(line);
      }
      // An empty page may stand between full ones; only the token tells the end.
      if (page.token === undefined || page.token === this.token) return any;
      this.token = page.token;
    }
    return any;
  }
}
