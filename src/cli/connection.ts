import { connectionFromEnvironment, type CliConnection } from '../services/cliConnection.ts';
import { loginSource } from '../services/loginSource.ts';
import { openPostgres, type Postgres } from '../services/postgres.ts';
import { workspaceConnection } from '../services/workspaceConnection.ts';
import { UsageError } from './exitCodes.ts';
import { workspaceOf, type Terminal } from './terminal.ts';

/** By a name of the workspace's settings, by an address, or by PostgreSQL's own variables. */
export async function connectionOf(terminal: Terminal): Promise<CliConnection> {
  const { values, environment, redactor } = terminal;
  const asked = new Set([values.connection, values.source, values.target].filter((each) => each !== undefined));
  if (asked.size > 1) {
    throw new UsageError('Source and target are tables of one database: name one connection.');
  }
  const [name] = asked;
  const connection =
    name === undefined || name.includes('://')
      ? await connectionFromEnvironment(name, environment)
      : await named(name, terminal);
  if (connection.password !== undefined) redactor.learn(connection.password);
  return connection;
}

async function named(name: string, terminal: Terminal): Promise<CliConnection> {
  const settings = await workspaceConnection(workspaceOf(terminal), name);
  if (!settings) {
    const where =
      'in .vscode/settings.json of the workspace, and it is no address such as postgres://user@host:5432/database';
    throw new UsageError(`There is no connection "${name}" ${where}.`);
  }
  const { password } = await (await loginSource(settings, undefined)).login();
  return { settings, ...(password === undefined ? {} : { password }) };
}

/** The account, as a journal may hold it. */
export const accountOf = ({ settings: { user, host, port, database } }: CliConnection): string =>
  `${user}@${host}:${port}/${database}`;

export async function withDatabase<T>(
  terminal: Terminal,
  use: (postgres: Postgres, connection: CliConnection) => Promise<T>,
): Promise<T> {
  const connection = await connectionOf(terminal);
  const { signal, redactor } = terminal;
  const postgres = await openPostgres({ ...connection, signal, learn: redactor.learn });
  try {
    return await use(postgres, connection);
  } finally {
    await postgres.close();
  }
}
