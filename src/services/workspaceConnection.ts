import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { defaultPort, defaultSsl, sslOf, type AuthKind, type ConnectionSettings } from './connectionSettings.ts';
import { isMissing } from './isMissing.ts';
import { isObject } from '../spec/isObject.ts';

/** A connection of the workspace's settings by its name, for where no editor reads them; undefined where there is none. */
export async function workspaceConnection(workspace: string, name: string): Promise<ConnectionSettings | undefined> {
  const entry = (await connectionsIn(workspace)).find((each) => isObject(each) && each['name'] === name);
  return isObject(entry) ? settingsOf(entry, name) : undefined;
}

async function connectionsIn(workspace: string): Promise<readonly unknown[]> {
  try {
    const settings: unknown = parse(await readFile(join(workspace, '.vscode', 'settings.json'), 'utf8'));
    const found = isObject(settings) ? settings['datamorph.connections'] : undefined;
    return Array.isArray(found) ? (found as readonly unknown[]) : [];
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The same fields as in src/config.ts; a password is the environment's, as nothing else has one outside the editor. */
function settingsOf(entry: Readonly<Record<string, unknown>>, name: string): ConnectionSettings {
  const text = (key: string): string | undefined => {
    const value = entry[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [host, database, user] = ['host', 'database', 'user'].map(text);
  if (host === undefined || database === undefined || user === undefined) {
    throw new Error(`The connection "${name}" of the settings lacks "host", "database" or "user".`);
  }
  const [secret, service, sslRootCert, queryRole] = ['secret', 'service', 'sslRootCert', 'queryRole'].map(text);
  const { port } = entry;
  return {
    name,
    host,
    database,
    user,
    port: typeof port === 'number' ? port : defaultPort,
    auth: authOf(text('auth')),
    ssl: sslOf(text('ssl') ?? null) ?? defaultSsl(host),
    ...(secret === undefined ? {} : { secret }),
    ...(service === undefined ? {} : { service }),
    ...(sslRootCert === undefined ? {} : { sslRootCert }),
    ...(queryRole === undefined ? {} : { queryRole }),
  };
}

const authOf = (auth: string | undefined): AuthKind => (auth === 'secret' || auth === 'iam' ? auth : 'environment');
