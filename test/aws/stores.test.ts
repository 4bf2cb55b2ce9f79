import assert from 'node:assert/strict';
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-secrets-manager';
import { awsClients, resetAws, TEST_AWS } from '../support/aws.ts';

describe('the stand-ins of the AWS stores, asked by the real clients', () => {
  let aws: ReturnType<typeof awsClients>;

  beforeEach(async () => {
    await resetAws();
    aws = awsClients();
  });
  afterEach(() => {
    aws.destroy();
  });

  it('S3 keeps versions, and refuses to overwrite where that is asked', async () => {
    const Bucket = 'artifacts';
    const location = { LocationConstraint: TEST_AWS.region };
    await aws.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: location }));
    await aws.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    for (const Body of ['one', 'two']) await aws.s3.send(new PutObjectCommand({ Bucket, Key: 'job.py', Body }));
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket, Key: 'job.py' }));
    assert.equal(await Body?.transformToString(), 'two');
    const { Versions } = await aws.s3.send(new ListObjectVersionsCommand({ Bucket }));
    assert.equal(Versions?.length, 2);
    await assert.rejects(aws.s3.send(new PutObjectCommand({ Bucket, Key: 'job.py', Body: 'x', IfNoneMatch: '*' })), {
      name: 'PreconditionFailed',
    });
  });

  it('DynamoDB appends once, in order, and all or nothing', async () => {
    const TableName = 'runs';
    await aws.dynamo.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'run', AttributeType: 'S' },
          { AttributeName: 'seq', AttributeType: 'N' },
        ],
        KeySchema: [
          { AttributeName: 'run', KeyType: 'HASH' },
          { AttributeName: 'seq', KeyType: 'RANGE' },
        ],
      }),
    );
    const put = (seq: number) => ({
      TableName,
      Item: { run: { S: 'r1' }, seq: { N: String(seq) } },
      ConditionExpression: 'attribute_not_exists(seq)',
    });
    for (const seq of [2, 1]) await aws.dynamo.send(new PutItemCommand(put(seq)));
    await assert.rejects(aws.dynamo.send(new PutItemCommand(put(1))), ConditionalCheckFailedException);
    const both = [{ Put: put(3) }, { Put: put(2) }];
    await assert.rejects(
      aws.dynamo.send(new TransactWriteItemsCommand({ TransactItems: both })),
      TransactionCanceledException,
    );
    const { Items } = await aws.dynamo.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'run = :run',
        ExpressionAttributeValues: { ':run': { S: 'r1' } },
      }),
    );
    assert.deepEqual(
      Items?.map(({ seq }) => seq?.N),
      ['1', '2'],
    );
  });

  it('Secrets Manager gives the newest secret, and the one before it', async () => {
    await aws.secrets.send(new CreateSecretCommand({ Name: 'db', SecretString: 'first' }));
    await aws.secrets.send(new PutSecretValueCommand({ SecretId: 'db', SecretString: 'second' }));
    const value = async (VersionStage?: string) =>
      (await aws.secrets.send(new GetSecretValueCommand({ SecretId: 'db', ...(VersionStage && { VersionStage }) })))
        .SecretString;
    assert.deepEqual([await value(), await value('AWSPREVIOUS')], ['second', 'first']);
    await assert.rejects(aws.secrets.send(new GetSecretValueCommand({ SecretId: 'none' })), ResourceNotFoundException);
  });
});
