import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { clientConfig, type AwsAccess } from './access.ts';
import { answered, AwsFailure } from './failure.ts';

export interface CloudWatchLogs {
  /** The events behind the token, oldest first, at most a megabyte; undefined where there is no such stream yet. */
  page(stream: LogStream, token: string | undefined): Promise<LogPage | undefined>;
  close(): void;
}

export interface LogStream {
  readonly group: string;
  readonly stream: string;
}

export interface LogPage {
  readonly messages: readonly string[];
  /** The same as before where nothing has come since. */
  readonly token: string | undefined;
}

export function openCloudWatchLogs(access: AwsAccess): CloudWatchLogs {
  const client = new CloudWatchLogsClient(clientConfig(access));
  return {
    async page({ group, stream }, token) {
      const request = new GetLogEventsCommand({
        logGroupName: group,
        logStreamName: stream,
        startFromHead: true,
        ...(token === undefined ? {} : { nextToken: token }),
      });
      try {
        const { events = [], nextForwardToken } = await answered(
          { action: 'logs:GetLogEvents', resource: `the log group ${group}`, access },
          client.send(request),
        );
        return { messages: events.map(({ message = '' }) => message), token: nextForwardToken };
      } catch (error) {
        if (error instanceof AwsFailure && error.kind === 'missing') return undefined;
        throw error;
      }
    },
    close() {
      client.destroy();
    },
  };
}
