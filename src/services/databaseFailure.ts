import type { AuthKind } from './connectionSettings.ts';

/** Why a database could not be used, in words that the editor can translate. */
export interface DatabaseFailure {
  readonly code: DatabaseFailureCode;
  /** An English sentence with `{name}` places. */
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
  /** Whether the same attempt may succeed later without anything being changed. */
  readonly isRetryable: boolean;
}

/** The sentences, by code: what happened, and the way out. `{reason}` is the server's own message. */
export const failureTemplates = {
  'wrong-password': 'The password of {user} was not accepted by {host}. Enter the password again.',
  'missing-password': 'No password of {user} at {host} is stored. Enter the password, or set "auth" to "environment".',
  'environment-refused':
    'The password of {user} was not accepted by {host}. Correct it where it stands: service file, PGPASSWORD or password file.',
  'environment-missing':
    '{host} wants a password of {user}. Put it into PGPASSWORD, the password file (~/.pgpass) or the service file.',
  'secret-refused':
    '{host} did not accept the login in the secret {secret}, read anew just now. Check that the secret belongs to this database, and its rotation.',
  'secret-not-found':
    'Secrets Manager has no secret {secret} in {region}. Check "secret", the region and the AWS account.',
  'secret-unusable':
    'The secret {secret} holds no login. It must be JSON with "username" and "password", as RDS writes it.',
  'token-refused':
    '{host} did not accept the IAM token of {user}. The role needs rds_iam, your AWS identity rds-db:connect, "host" the name that RDS gave, and this machine the right time.',
  'aws-credentials':
    'AWS did not accept who you are: {reason}. Sign in again, for example with "aws sso login", or correct the AWS profile.',
  'aws-denied': 'AWS refuses: {reason}. Ask for the right.',
  'aws-region': 'The AWS region of {host} is not known. Set AWS_REGION, or a region in the AWS profile.',
  'aws-unavailable': 'AWS could not be asked for the login: {reason}. Check the network, and try again.',
  'no-such-role': '{host} does not let {user} in: {reason}. Check "user" and the rules in pg_hba.conf.',
  'no-such-database': '{host} has no database {database}. Check "database".',
  'not-permitted': '{user} may not do this at {host}: {reason}. Ask for the right.',
  'not-permitted-on':
    '{user} lacks a right on {object} at {host}: {reason}. Ask its owner to grant it, or connect as another user.',
  refused: 'Nothing answers at {host}, port {port}. Check that PostgreSQL runs there and that the port is right.',
  'host-not-found': 'There is no host named {host}. Check "host" and the network.',
  unreachable: '{host} cannot be reached from here: {reason}. Check the network, VPN or firewall.',
  timeout: '{host}, port {port} did not answer within {seconds} s. Check the network, VPN or firewall.',
  'tls-not-offered': '{host} does not offer encryption. Set "ssl" to "disable" if the way there is safe.',
  'tls-required': '{host} wants an encrypted connection. Set "ssl" to "require" or "verify-full".',
  'tls-certificate':
    'The certificate of {host} cannot be trusted: {reason}. Name the file with its authority in "sslRootCert".',
  'tls-name': 'The certificate of {host} is for another name: {reason}. Write the name of the certificate as "host".',
  'tls-expired':
    'The certificate of {host} is not valid now: {reason}. Check the clock of this machine; otherwise the server needs a new one.',
  'tls-root-cert': 'The certificate file of "sslRootCert" cannot be read: {reason}.',
  'too-many-connections': '{host} takes no more connections at the moment: {reason}. Try again, or close some.',
  'starting-up': 'PostgreSQL at {host} is starting up or shutting down. Try again.',
  lost: 'The connection to {host} was lost: {reason}. Reconnect.',
  'statement-timeout':
    'A statement at {host} took longer than it may and was ended there. Ask for less, or allow more time.',
  cancelled: 'The work at {host} was cancelled.',
  failed: '{host} answered with an error: {reason}',
} as const;

export type DatabaseFailureCode = keyof typeof failureTemplates;

export interface FailureContext {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly timeoutMs: number;
  /** Decides what to do about a refused login; `password` where it is left out. */
  readonly auth?: AuthKind;
  readonly secret?: string;
}

/** Known to every copy of this module: each lazily loaded bundle has one, and `instanceof` knows only its own copy's class. */
const brand: unique symbol = Symbol.for('datamorph.DatabaseError') as never;

/** An exception of the outside world: knows its friendly words, keeps the cause. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly [brand] = true;
  readonly code: DatabaseFailureCode;

  constructor(
    readonly failure: DatabaseFailure,
    cause: unknown,
  ) {
    super(formatFailure(failure), { cause });
    this.code = failure.code;
  }
}

export const isDatabaseError = (error: unknown): error is DatabaseError => error instanceof Error && brand in error;

export const formatFailure = ({ template, values }: Pick<DatabaseFailure, 'template' | 'values'>): string =>
  template.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);

const retryable: ReadonlySet<DatabaseFailureCode> = new Set([
  'refused',
  'unreachable',
  'timeout',
  'too-many-connections',
  'starting-up',
  'lost',
  'aws-unavailable',
]);

/** Turns whatever the driver threw into a failure with a code and a way out. */
export function toDatabaseError(error: unknown, context: FailureContext): DatabaseError {
  if (isDatabaseError(error)) return error;
  const code = forAuth(codeOf(error), context.auth ?? 'password');
  const reason = reasonOf(error);
  return new DatabaseError(
    {
      code,
      template: failureTemplates[code],
      values: {
        host: context.host,
        port: `${context.port}`,
        database: context.database,
        user: context.user,
        seconds: `${context.timeoutMs / 1000}`,
        secret: context.secret ?? '',
        object: objectIn(reason) ?? '',
        reason,
      },
      isRetryable: retryable.has(code),
    },
    error,
  );
}

/** A refused login has another way out for each place where a password may come from. */
function forAuth(code: DatabaseFailureCode, auth: AuthKind): DatabaseFailureCode {
  if (code === 'wrong-password') {
    return (
      { password: code, environment: 'environment-refused', secret: 'secret-refused', iam: 'token-refused' } as const
    )[auth];
  }
  return code === 'missing-password' && auth === 'environment' ? 'environment-missing' : code;
}

/** The server names what was refused in its sentence only: `permission denied for table orders`. */
const objectIn = (reason: string): string | undefined =>
  /permission denied for (?:(?:foreign |materialized )?\w+) (.+)$/.exec(reason)?.[1];

/** SQLSTATEs of PostgreSQL and error codes of Node. */
const byCode: Readonly<Record<string, DatabaseFailureCode>> = {
  '28P01': 'wrong-password',
  '28000': 'no-such-role',
  '3D000': 'no-such-database',
  '42501': 'not-permitted',
  '53300': 'too-many-connections',
  '57P03': 'starting-up',
  '57P01': 'lost',
  '57P02': 'lost',
  '57P05': 'lost',
  '25P03': 'lost',
  '57014': 'cancelled',
  ABORT_ERR: 'cancelled',
  ECONNREFUSED: 'refused',
  ENOENT: 'refused',
  ENOTFOUND: 'host-not-found',
  EAI_AGAIN: 'host-not-found',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'lost',
  EPIPE: 'lost',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-certificate',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-certificate',
  CERT_HAS_EXPIRED: 'tls-expired',
  CERT_NOT_YET_VALID: 'tls-expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-name',
  HOSTNAME_MISMATCH: 'tls-name',
};

/** What only the words tell: a SQLSTATE that several refusals share. They come before the codes. */
const bySharedCode: readonly (readonly [RegExp, DatabaseFailureCode])[] = [
  [/no encryption|SSL off/i, 'tls-required'],
  [/PAM authentication failed/i, 'wrong-password'],
  [/due to statement timeout/i, 'statement-timeout'],
  [/permission denied for \w+ \S/i, 'not-permitted-on'],
];

/** What the driver says in words only. */
const byMessage: readonly (readonly [RegExp, DatabaseFailureCode])[] = [
  [/Query read timeout/i, 'lost'],
  [/client password must be a (non-empty )?string/i, 'missing-password'],
  [/does not support SSL/i, 'tls-not-offered'],
  [/timeout/i, 'timeout'],
  [/aborted|cancell?ed/i, 'cancelled'],
  [/terminated|not queryable|Connection ended|closed/i, 'lost'],
];

function codeOf(error: unknown): DatabaseFailureCode {
  const message = reasonOf(error);
  const saying = ([pattern]: readonly [RegExp, DatabaseFailureCode]): boolean => pattern.test(message);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return bySharedCode.find(saying)?.[1] ?? byCode[code] ?? byMessage.find(saying)?.[1] ?? 'failed';
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
