import { isRdsHost } from './rdsHost.ts';

/** One database, as the settings name it. A password is never part of it. */
export interface ConnectionSettings {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly auth: AuthKind;
  /** For `secret`: the ARN or the name of a secret in Secrets Manager. */
  readonly secret?: string;
  /** The entry of pg_service.conf that gave what the settings leave out; its password counts for `environment`. */
  readonly service?: string;
  readonly ssl: SslMode;
  /** File with the certificates to trust; the machine's own where it is left out. */
  readonly sslRootCert?: string;
  /** The role that queries of people and models run as; one with fewer rights, which the user is a member of. */
  readonly queryRole?: string;
}

/** Where the password comes from: the editor, the environment, Secrets Manager, or a token that IAM lets us sign. */
export type AuthKind = 'password' | 'environment' | 'secret' | 'iam';

export type SslMode = 'disable' | 'require' | 'verify-full';

export const defaultPort = 5432;

/** Amazon RDS has certificates worth checking; the loopback has nobody listening; the rest is at least encrypted. */
export function defaultSsl(host: string): SslMode {
  if (isRdsHost(host)) return 'verify-full';
  return isLoopback(host) ? 'disable' : 'require';
}

const isLoopback = (host: string): boolean =>
  /^(localhost|127(\.\d+){3}|::1|\[::1\])$/i.test(host) || host.startsWith('/');

/** Names the account, not the connection: a workspace that re-uses a name for another host gets no password from it. */
export const secretKey = (connection: Pick<ConnectionSettings, 'user' | 'host' | 'port' | 'database'>): string =>
  `datamorph.password:${encodeURIComponent(connection.user)}@${connection.host.toLowerCase()}:${connection.port}/${encodeURIComponent(connection.database)}`;

export interface ParsedUrl {
  readonly settings: Omit<ConnectionSettings, 'name'>;
  readonly password?: string;
}

/** Reads `postgres://user:password@host:port/database?sslmode=…`; undefined where the text is not such an address. */
export function parseConnectionUrl(text: string): ParsedUrl | undefined {
  if (!/^(postgres|postgresql):\/\//i.test(text.trim())) return undefined;
  const url = readUrl(text.trim());
  if (!url || url.hostname === '') return undefined;
  const host = decode(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const user = decode(url.username) || 'postgres';
  const password = decode(url.password);
  const rootCert = url.searchParams.get('sslrootcert');
  return {
    settings: {
      host,
      port: url.port === '' ? defaultPort : Number(url.port),
      database: decode(url.pathname.replace(/^\//, '')) || user,
      user,
      auth: 'password',
      ssl: sslOf(url.searchParams.get('sslmode')) ?? defaultSsl(host),
      ...(rootCert ? { sslRootCert: rootCert } : {}),
    },
    ...(password ? { password } : {}),
  };
}

/** An unescaped @, # or ? in the password breaks the address; escape it and try again. */
function readUrl(text: string): URL | undefined {
  const at = text.lastIndexOf('@');
  const start = text.indexOf('//') + 2;
  const colon = text.indexOf(':', start);
  const rewritten =
    at > start && colon > start && colon < at
      ? text.slice(0, colon + 1) + escapePassword(text.slice(colon + 1, at)) + text.slice(at)
      : text;
  return URL.canParse(rewritten) ? new URL(rewritten) : undefined;
}

const escapePassword = (password: string): string =>
  password.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=%]/g, encodeURIComponent).replace(/%(?![0-9A-Fa-f]{2})/g, '%25');

/** PostgreSQL's `sslmode`, as the nearest of ours. */
export function sslOf(mode: string | null): SslMode | undefined {
  const modes: Readonly<Record<string, SslMode>> = {
    disable: 'disable',
    allow: 'require',
    prefer: 'require',
    require: 'require',
    'verify-ca': 'verify-full',
    'verify-full': 'verify-full',
  };
  return mode === null ? undefined : modes[mode];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
