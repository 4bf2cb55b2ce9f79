import type { ConnectionSettings } from './connectionSettings.ts';
import { DatabaseError, failureTemplates, isDatabaseError, type DatabaseFailureCode } from './databaseFailure.ts';

type AwsCode = Extract<DatabaseFailureCode, `aws-${string}` | 'secret-not-found'>;

/** Names of the errors that AWS and its SDK throw. */
const byName: Readonly<Record<string, AwsCode>> = {
  ResourceNotFoundException: 'secret-not-found',
  AccessDeniedException: 'aws-denied',
  AccessDenied: 'aws-denied',
  CredentialsProviderError: 'aws-credentials',
  ExpiredToken: 'aws-credentials',
  ExpiredTokenException: 'aws-credentials',
  TokenProviderError: 'aws-credentials',
  UnrecognizedClientException: 'aws-credentials',
  InvalidClientTokenId: 'aws-credentials',
  InvalidSignatureException: 'aws-credentials',
  UnauthorizedException: 'aws-credentials',
};

/** What AWS said when a login was asked of it, with the way out. */
export function toAwsDatabaseError(
  error: unknown,
  { host, user, secret = '' }: ConnectionSettings,
  region: string | undefined,
): DatabaseError {
  if (isDatabaseError(error)) return error;
  const reason = error instanceof Error ? error.message || error.name : String(error);
  const code = codeOf(error, reason);
  const values = { host, user, secret, region: region ?? 'the region of the AWS settings', reason };
  const isRetryable = code === 'aws-unavailable';
  return new DatabaseError({ code, template: failureTemplates[code], values, isRetryable }, error);
}

function codeOf(error: unknown, reason: string): AwsCode {
  if (/region is missing/i.test(reason)) return 'aws-region';
  const name = error instanceof Error ? error.name : '';
  return byName[name] ?? 'aws-unavailable';
}
