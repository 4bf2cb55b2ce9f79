import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  type AttributeValue,
  type KeySchemaElement,
} from '@aws-sdk/client-dynamodb';
import { clientConfig, type AwsAccess } from './access.ts';
import { fromItem, toItem, type Item } from './attributeValues.ts';
import { answered, AwsFailure } from './failure.ts';

/** Tables with a text as their first key and a number as their second. */
export interface DynamoDb {
  /** Makes the table where it is missing; rejects with what is wrong where it cannot be used. */
  ensureTable(shape: TableShape, signal: AbortSignal): Promise<void>;
  /** Puts the item unless there is one under its keys; tells whether it was put. */
  putNew(table: string, item: Item, signal: AbortSignal): Promise<boolean>;
  /** The items of one first key, in the order of the second. */
  items(query: ItemsQuery, signal: AbortSignal): AsyncIterable<Item>;
  close(): void;
}

export interface TableShape {
  readonly name: string;
  readonly hash: string;
  readonly range: string;
  /** The attribute that says when an item may go, in seconds since 1970. */
  readonly expires: string;
}

export interface ItemsQuery {
  readonly table: TableShape;
  readonly hash: string;
  /** Of the second key, inclusive. */
  readonly from?: number;
  /** The last ones first. */
  readonly backwards?: boolean;
  /** At most so many. */
  readonly most?: number;
}

export function openDynamoDb(access: AwsAccess): DynamoDb {
  // More attempts than usual: a table that is new takes little at first, and is told to grow by being asked.
  const client = new DynamoDBClient(clientConfig(access, 10));
  return {
    ensureTable: (shape, signal) => ensureTable({ client, access, signal }, shape),
    putNew: (table, item, signal) => putNew({ client, access, signal }, table, item),
    items: (query, signal) => items({ client, access, signal }, query),
    close() {
      client.destroy();
    },
  };
}

interface Asking {
  readonly client: DynamoDBClient;
  readonly access: AwsAccess;
  readonly signal: AbortSignal;
}

const asked = ({ access }: Asking, action: string, table: string) => ({
  action: `dynamodb:${action}`,
  resource: `the DynamoDB table ${table}`,
  access,
});

async function ensureTable(asking: Asking, shape: TableShape): Promise<void> {
  const keys = (await keysOf(asking, shape.name)) ?? (await create(asking, shape));
  const found = keys.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ');
  const wanted = `${shape.hash} HASH, ${shape.range} RANGE`;
  if (found === wanted) return ensureTimeToLive(asking, shape);
  throw new AwsFailure(
    'refused',
    `The DynamoDB table ${shape.name} has the keys ${found}, and ${wanted} are needed: name another table.`,
  );
}

/** Undefined where there is no such table. */
async function keysOf(asking: Asking, name: string): Promise<readonly KeySchemaElement[] | undefined> {
  const { client, signal } = asking;
  try {
    const description = client.send(new DescribeTableCommand({ TableName: name }), { abortSignal: signal });
    const { Table } = await answered(asked(asking, 'DescribeTable', name), description);
    if (Table?.TableStatus === 'CREATING') await untilThere(asking, name);
    return Table?.KeySchema ?? [];
  } catch (error) {
    if (error instanceof AwsFailure && error.kind === 'missing') return undefined;
    throw error;
  }
}

async function create(asking: Asking, shape: TableShape): Promise<readonly KeySchemaElement[]> {
  const { client, signal } = asking;
  const { name, hash, range } = shape;
  const request = new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: hash, AttributeType: 'S' },
      { AttributeName: range, AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: hash, KeyType: 'HASH' },
      { AttributeName: range, KeyType: 'RANGE' },
    ],
    SSESpecification: { Enabled: true },
  });
  try {
    await answered(asked(asking, 'CreateTable', name), client.send(request, { abortSignal: signal }));
  } catch (error) {
    // Another window makes it at this moment.
    if (!(error instanceof Error) || !/ResourceInUse/.test(causeNameOf(error))) throw error;
  }
  await untilThere(asking, name);
  return (await keysOf(asking, name)) ?? [];
}

/** Whoever made the table may have died over it. */
async function ensureTimeToLive(asking: Asking, { name, expires }: TableShape): Promise<void> {
  const { client, signal } = asking;
  const question = client.send(new DescribeTimeToLiveCommand({ TableName: name }), { abortSignal: signal });
  const { TimeToLiveDescription: known } = await answered(asked(asking, 'DescribeTimeToLive', name), question);
  if (known?.TimeToLiveStatus === 'ENABLED' || known?.TimeToLiveStatus === 'ENABLING') return;
  const order = new UpdateTimeToLiveCommand({
    TableName: name,
    TimeToLiveSpecification: { AttributeName: expires, Enabled: true },
  });
  try {
    await answered(asked(asking, 'UpdateTimeToLive', name), client.send(order, { abortSignal: signal }));
  } catch (error) {
    // Another window was there first.
    if (!(error instanceof Error) || !/already enabled/i.test(error.message)) throw error;
  }
}

const causeNameOf = (error: Error): string => (error.cause instanceof Error ? error.cause.name : error.name);

async function untilThere(asking: Asking, name: string): Promise<void> {
  const { client, signal } = asking;
  const times = { client, maxWaitTime: 60, minDelay: 1, maxDelay: 3, abortSignal: signal };
  await answered(asked(asking, 'DescribeTable', name), waitUntilTableExists(times, { TableName: name }));
}

async function putNew(asking: Asking, table: string, item: Item): Promise<boolean> {
  const { client, signal } = asking;
  const request = new PutItemCommand({
    TableName: table,
    Item: toItem(item),
    // Any of the keys will do: both are there or neither is.
    ConditionExpression: 'attribute_not_exists(#key)',
    ExpressionAttributeNames: { '#key': Object.keys(item)[0] ?? '' },
  });
  try {
    await answered(asked(asking, 'PutItem', table), client.send(request, { abortSignal: signal }));
    return true;
  } catch (error) {
    if (error instanceof Error && causeNameOf(error) === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

async function* items(asking: Asking, query: ItemsQuery): AsyncIterable<Item> {
  const { client, signal } = asking;
  const { table, hash, from = 0, backwards = false, most } = query;
  let next: Record<string, AttributeValue> | undefined;
  let left = most ?? Number.POSITIVE_INFINITY;
  do {
    const request = new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: '#hash = :hash and #range >= :from',
      ExpressionAttributeNames: { '#hash': table.hash, '#range': table.range },
      ExpressionAttributeValues: { ':hash': { S: hash }, ':from': { N: String(from) } },
      ConsistentRead: true,
      ScanIndexForward: !backwards,
      ...(most === undefined ? {} : { Limit: most }),
      ...(next && { ExclusiveStartKey: next }),
    });
    const page = await answered(asked(asking, 'Query', table.name), client.send(request, { abortSignal: signal }));
    for (const item of page.Items ?? []) {
      if (left-- <= 0) return;
      yield fromItem(item);
    }
    next = page.LastEvaluatedKey;
  } while (next && left > 0);
}
