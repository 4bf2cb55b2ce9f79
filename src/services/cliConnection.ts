import { userInfo } from 'node:os';
import { defaultPort, defaultSsl, parseConnectionUrl, type ConnectionSettings } from './connectionSettings.ts';
import { environmentPassword } from './password.ts';

export interface CliConnection {
  readonly settings: ConnectionSettings;
  readonly password?: string;
}

/** The connection of a terminal: an address, or PostgreSQL's own variables. */
export async function connectionFromEnvironment(
  url: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<CliConnection> {
  const { settings, password } = url === undefined ? fromVariables(environment) : fromUrl(url);
  const secret = password ?? (await environmentPassword(settings));
  return secret === undefined
    ? { settings: { ...settings, auth: 'environment' } }
    : { settings: { ...settings, auth: 'password' }, password: secret };
}

function fromUrl(url: string): CliConnection {
  const parsed = parseConnectionUrl(url);
  if (!parsed) throw new Error('--connection is not an address such as postgres://user@host:5432/database.');
  const { settings, password } = parsed;
  return { settings: { name: 'default', ...settings }, ...(password === undefined ? {} : { password }) };
}

function fromVariables({ PGHOST, PGPORT, PGDATABASE, PGUSER }: NodeJS.ProcessEnv): CliConnection {
  const host = PGHOST ?? 'localhost';
  const user = PGUSER ?? userInfo().username;
  const port = PGPORT === undefined ? defaultPort : Number(PGPORT);
  const ssl = defaultSsl(host);
  return { settings: { name: 'default', host, port, database: PGDATABASE ?? user, user, auth: 'environment', ssl } };
}

/** What the job runtime knows the connection by; a secret goes by the environment, never by an argument. */
export function jobVariables({ settings, password }: CliConnection): Readonly<Record<string, string>> {
  const { host, port, database, user, ssl, sslRootCert } = settings;
  const parameters = new URLSearchParams({ sslmode: ssl, ...(sslRootCert ? { sslrootcert: sslRootCert } : {}) });
  return {
    DATAMORPH_CONNECTION_DEFAULT: `jdbc:postgresql://${host}:${port}/${encodeURIComponent(database)}?${parameters.toString()}`,
    DATAMORPH_CONNECTION_DEFAULT_USER: user,
    DATAMORPH_CONNECTION_DEFAULT_PASSWORD: password ?? '',
  };
}
