import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { toAwsDatabaseError } from './awsFailure.ts';
import type { ConnectionSettings } from './connectionSettings.ts';
import { DatabaseError, failureTemplates } from './databaseFailure.ts';
import type { Login, LoginSource } from './login.ts';
import { regionOfHost } from './rdsHost.ts';

/** A login from Secrets Manager, kept until the server refuses it: then the secret may have been rotated. */
export function secretLogin(settings: ConnectionSettings): LoginSource {
  let current: Promise<Login> | undefined;
  const login = (): Promise<Login> => (current ??= readSecret(settings));
  return {
    async login() {
      try {
        return await login();
      } catch (error) {
        // The next attempt asks again: what failed once need not fail for ever.
        current = undefined;
        throw error;
      }
    },
    async renew() {
      const before = await login();
      const now = await readSecret(settings);
      current = Promise.resolve(now);
      return before.user !== now.user || before.password !== now.password;
    },
  };
}

async function readSecret(settings: ConnectionSettings): Promise<Login> {
  const { secret = '', host } = settings;
  const region = regionOfArn(secret) ?? regionOfHost(host);
  const client = new SecretsManagerClient(region === undefined ? {} : { region });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secret }));
    return parseSecret(SecretString ?? '', settings);
  } catch (error) {
    throw toAwsDatabaseError(error, settings, region);
  } finally {
    client.destroy();
  }
}

const regionOfArn = (secret: string): string | undefined => /^arn:[\w-]+:secretsmanager:([\w-]+):/.exec(secret)?.[1];

/** RDS writes JSON with `username` and `password`, and more that the settings say already. */
function parseSecret(text: string, { secret = '', host, user }: ConnectionSettings): Login {
  const value = readJson(text);
  const { username = user, password } = value;
  if (typeof username === 'string' && typeof password === 'string') return { user: username, password };
  const failure = { code: 'secret-unusable', template: failureTemplates['secret-unusable'] } as const;
  throw new DatabaseError({ ...failure, values: { host, secret }, isRetryable: false }, undefined);
}

/** The parser's own message quotes the text, and the text is the secret: so it is not kept as a cause. */
function readJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
