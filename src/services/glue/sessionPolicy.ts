import type { Artifacts } from './artifacts.ts';
import { runFolderOf, type GlueSettings } from './settings.ts';

/**
 * What is left of the role's rights in one run: its own script, the runtime, its own folder and its own secrets. A policy of
 * a session can only take away; what the role itself may not do stays forbidden. Glue takes 2048 characters.
 */
export function sessionPolicy(settings: GlueSettings, runId: string, artifacts: Artifacts): string {
  const { bucket, secrets, role, kmsKey, networkConnections = [], securityConfiguration } = settings;
  const partition = /^arn:(aws[\w-]*):/.exec(role)?.[1] ?? 'aws';
  const inBucket = (key: string): string => `arn:${partition}:s3:::${bucket}/${key}`;
  const ours = Object.values(artifacts).map((address: string) => inBucket(address.slice(`s3://${bucket}/`.length)));
  const folder = inBucket(`${runFolderOf(settings, runId)}*`);
  const arns = [...new Set(Object.values(secrets))];
  const statements = [
    allow(['s3:GetObject'], [...ours, folder]),
    allow(['s3:PutObject', 's3:DeleteObject'], [folder]),
    allow(['s3:ListBucket', 's3:GetBucketLocation'], [`arn:${partition}:s3:::${bucket}`]),
    allow(
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:AssociateKmsKey'],
      [`arn:${partition}:logs:*:*:*:/aws-glue/*`, `arn:${partition}:logs:*:*:log-group:/aws-glue/*`],
    ),
    allow(['cloudwatch:PutMetricData'], ['*']),
    ...(arns.length > 0 ? [allow(['secretsmanager:GetSecretValue'], arns)] : []),
    // Which key encrypts a secret is not ours to know; the role's own policy says which it may use.
    allow(['kms:Decrypt', ...((kmsKey ?? securityConfiguration) ? ['kms:GenerateDataKey', 'kms:Encrypt'] : [])], ['*']),
    ...(networkConnections.length > 0 ? [allow(network, ['*'])] : []),
    ...(securityConfiguration === undefined ? [] : [allow(['glue:GetSecurityConfiguration'], ['*'])]),
  ];
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** What Glue itself does by the role to reach into a VPC. */
const network = [
  'glue:GetConnection*',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:CreateTags',
  'ec2:DeleteTags',
  'ec2:Describe*',
];

const allow = (Action: readonly string[], Resource: readonly string[]): object => ({
  Effect: 'Allow',
  Action,
  Resource,
});
