import { userInfo } from 'node:os';
import { defaultPort, defaultSsl, parseConnectionUrl, sslOf, type ConnectionSettings } from './connectionSettings.ts';
import { environmentPassword } from './password.ts';
import { findService, type ServiceEntry } from './serviceFile.ts';

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

/** As libpq does it: what the service that PGSERVICE names does not say, the other variables do. */
function fromVariables(environment: NodeJS.ProcessEnv): CliConnection {
  const { PGSERVICE, PGHOST, PGPORT, PGDATABASE, PGUSER, PGSSLMODE, PGSSLROOTCERT } = environment;
  const service = PGSERVICE === undefined ? {} : serviceOf(PGSERVICE, environment);
  const host = service['host'] ?? PGHOST ?? 'localhost';
  const user = service['user'] ?? PGUSER ?? userInfo().username;
  const sslRootCert = service['sslrootcert'] ?? PGSSLROOTCERT;
  return {
    settings: {
      name: 'default',
      host,
      port: Number(service['port'] ?? PGPORT ?? defaultPort),
      database: service['dbname'] ?? PGDATABASE ?? user,
      user,
      auth: 'environment',
      ssl: sslOf(service['sslmode'] ?? PGSSLMODE ?? null) ?? defaultSsl(host),
      ...(PGSERVICE === undefined ? {} : { service: PGSERVICE }),
      ...(sslRootCert === undefined ? {} : { sslRootCert }),
    },
  };
}

function serviceOf(name: string, environment: NodeJS.ProcessEnv): ServiceEntry {
  const entry = findService(name, environment);
  if (!entry) throw new Error(`No service "${name}" stands in the service file (~/.pg_service.conf, PGSERVICEFILE).`);
  return entry;
}

/** What the job runtime knows the connection by; a secret goes by the environment, never by an argument. */
export function jobVariables({ settings, password }: CliConnection) {
  const { host, port, database, user, ssl, sslRootCert } = settings;
  const parameters = new URLSearchParams({ sslmode: ssl, ...(sslRootCert ? { sslrootcert: sslRootCert } : {}) });
  return {
    DATAMORPH_CONNECTION_DEFAULT: `jdbc:postgresql://${host}:${port}/${encodeURIComponent(database)}?${parameters.toString()}`,
    DATAMORPH_CONNECTION_DEFAULT_USER: user,
    DATAMORPH_CONNECTION_DEFAULT_PASSWORD: password ?? '',
  };
}
