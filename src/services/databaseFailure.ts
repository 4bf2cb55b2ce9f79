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
  'no-such-role': '{host} does not let {user} in: {reason}. Check "user" and the rules in pg_hba.conf.',
  'no-such-database': '{host} has no database {database}. Check "database".',
  'not-permitted': '{user} may not do this at {host}: {reason}. Ask for the right.',
  refused: 'Nothing answers at {host}, port {port}. Check that PostgreSQL runs there and that the port is right.',
  'host-not-found': 'There is no host named {host}. Check "host" and the network.',
  unreachable: '{host} cannot be reached from here: {reason}. Check the network, VPN or firewall.',
  timeout: '{host}, port {port} did not answer within {seconds} s. Check the network, VPN or firewall.',
  'tls-not-offered': '{host} does not offer encryption. Set "ssl" to "disable" if the way there is safe.',
  'tls-required': '{host} wants an encrypted connection. Set "ssl" to "require" or "verify-full".',
  'tls-certificate':
    'The certificate of {host} cannot be trusted: {reason}. Name the file with its authority in "sslRootCert".',
  'tls-root-cert': 'The certificate file of "sslRootCert" cannot be read: {reason}.',
  'too-many-connections': '{host} takes no more connections at the moment. Try again, or close some.',
  'starting-up': 'PostgreSQL at {host} is starting up or shutting down. Try again.',
  lost: 'The connection to {host} was lost: {reason}. Reconnect.',
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

const isDatabaseError = (error: unknown): error is DatabaseError => error instanceof Error && brand in error;

export const formatFailure = ({ template, values }: Pick<DatabaseFailure, 'template' | 'values'>): string =>
  template.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);

const retryable: ReadonlySet<DatabaseFailureCode> = new Set([
  'refused',
  'unreachable',
  'timeout',
  'too-many-connections',
  'starting-up',
  'lost',
]);

/** Turns whatever the driver threw into a failure with a code and a way out. */
export function toDatabaseError(error: unknown, context: FailureContext): DatabaseError {
  if (isDatabaseError(error)) return error;
  const code = codeOf(error);
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
        reason: reasonOf(error),
      },
      isRetryable: retryable.has(code),
    },
    error,
  );
}

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
  CERT_HAS_EXPIRED: 'tls-certificate',
  CERT_NOT_YET_VALID: 'tls-certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-certificate',
  HOSTNAME_MISMATCH: 'tls-certificate',
};

/** What the driver says in words only. */
const byMessage: readonly (readonly [RegExp, DatabaseFailureCode])[] = [
  [/no encryption|SSL off/i, 'tls-required'],
  [/client password must be a (non-empty )?string/i, 'missing-password'],
  [/does not support SSL/i, 'tls-not-offered'],
  [/timeout/i, 'timeout'],
  [/aborted|cancell?ed/i, 'cancelled'],
  [/terminated|not queryable|Connection ended|closed/i, 'lost'],
];

function codeOf(error: unknown): DatabaseFailureCode {
  const message = reasonOf(error);
  const said = byMessage.find(([pattern]) => pattern.test(message))?.[1];
  // pg_hba's refusal of plain text shares its SQLSTATE with every other refusal; only its words tell.
  if (said === 'tls-required') return said;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return byCode[code] ?? said ?? 'failed';
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
