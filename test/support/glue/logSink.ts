import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
  type CloudWatchLogsClient,
} from '@aws-sdk/client-cloudwatch-logs';

const most = { events: 10_000, bytes: 900_000 };

/** Brings lines to CloudWatch as Glue does: in batches, in order, a moment later. */
export class LogSink {
  private readonly client: CloudWatchLogsClient;
  private readonly place: { readonly logGroupName: string; readonly logStreamName: string };
  private waiting: string[] = [];
  private sending: Promise<void>;
  private isHeld = false;

  constructor(client: CloudWatchLogsClient, group: string, stream: string) {
    this.client = client;
    this.place = { logGroupName: group, logStreamName: stream };
    this.sending = this.open();
  }

  readonly add = (line: string): void => {
    this.waiting.push(line);
    if (this.waiting.length === 1 && !this.isHeld) this.sending = this.sending.then(() => this.flush());
  };

  /** What comes from now on is sent when it is closed. */
  hold(): void {
    this.isHeld = true;
  }

  async close(): Promise<void> {
    this.sending = this.sending.then(() => this.flush());
    await this.sending;
  }

  private async open(): Promise<void> {
    const { logGroupName } = this.place;
    try {
      await this.client.send(new CreateLogGroupCommand({ logGroupName }));
    } catch (error) {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    }
    await this.client.send(new CreateLogStreamCommand(this.place));
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      let [count, bytes] = [0, 0];
      while (count < Math.min(this.waiting.length, most.events) && bytes < most.bytes) {
        bytes += Buffer.byteLength(this.waiting[count] ?? '') + 26;
        count += 1;
      }
      const timestamp = Date.now();
      // CloudWatch takes no empty message.
      const logEvents = this.waiting.splice(0, count).map((line) => ({ timestamp, message: line || ' ' }));
      await this.client.send(new PutLogEventsCommand({ ...this.place, logEvents }));
    }
  }
}
