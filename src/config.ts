import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import {
  defaultPort,
  defaultSsl,
  sslOf,
  type AuthKind,
  type ConnectionSettings,
  type SslMode,
} from './services/connectionSettings.ts';
import { findService, type ServiceEntry } from './services/serviceFile.ts';
import { isObject } from './spec/isObject.ts';

/** The settings, checked. What cannot be used is told, never thrown. */
export interface Settings {
  readonly connections: readonly ConnectionSettings[];
  /** Always the name of one of `connections`. */
  readonly defaultConnection?: string;
  readonly problems: readonly SettingsProblem[];
}

/** Where in the settings, and what is to be done. */
export interface SettingsProblem {
  /** For example `datamorph.connections[1].port`. */
  readonly place: string;
  readonly message: string;
}

export type SettingsTarget = 'user' | 'workspace';

const section = 'datamorph';

export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration(section);
  const services = (name: string): ServiceEntry | undefined => findService(name, process.env);
  return checkSettings(configuration.get('connections'), configuration.get('defaultConnection'), services);
}

export const onSettingsChange = (listener: () => void): vscode.Disposable =>
  vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(section)) listener();
  });

/** Adds the connection to the settings, in place of one of the same name. */
export async function saveConnection(connection: ConnectionSettings, target: SettingsTarget): Promise<void> {
  const kept = stored(target).filter((entry) => nameOf(entry) !== connection.name);
  await update([...kept, connection], target);
}

/** Takes the connection out of the user's and the workspace's settings. */
export async function removeConnection(name: string): Promise<void> {
  for (const target of ['workspace', 'user'] as const) {
    const entries = stored(target);
    const kept = entries.filter((entry) => nameOf(entry) !== name);
    if (kept.length < entries.length) await update(kept.length > 0 ? kept : undefined, target);
  }
}

/** Where the connections stand now: the workspace's hide the user's. */
export const connectionsTarget = (): SettingsTarget => (stored('workspace').length > 0 ? 'workspace' : 'user');

function stored(target: SettingsTarget): readonly unknown[] {
  const inspected = vscode.workspace.getConfiguration(section).inspect<unknown>('connections');
  const value = target === 'workspace' ? inspected?.workspaceValue : inspected?.globalValue;
  return Array.isArray(value) ? value : [];
}

async function update(value: readonly unknown[] | undefined, target: SettingsTarget): Promise<void> {
  const { Workspace, Global } = vscode.ConfigurationTarget;
  const configuration = vscode.workspace.getConfiguration(section);
  await configuration.update('connections', value, target === 'workspace' ? Workspace : Global);
}

const nameOf = (entry: unknown): unknown => (isObject(entry) ? entry['name'] : undefined);

/** Entries of pg_service.conf, by name. */
export type Services = (name: string) => ServiceEntry | undefined;

/** Raw values in, usable settings and problems out; `services` is asked only where a connection names one. */
export function checkSettings(
  connections: unknown,
  defaultConnection: unknown,
  services: Services = () => undefined,
): Settings {
  const problems: SettingsProblem[] = [];
  const report = (place: string, message: string): void => {
    problems.push({ place: `${section}.${place}`, message });
  };
  const usable = readConnections(connections, services, report);
  const chosen = typeof defaultConnection === 'string' && defaultConnection !== '' ? defaultConnection : undefined;
  const known = usable.some(({ name }) => name === chosen);
  if (chosen !== undefined && !known) {
    const names = usable.map(({ name }) => name).join(', ');
    report('defaultConnection', vscode.l10n.t('There is no connection "{0}". Name one of: {1}.', chosen, names));
  }
  const first = known ? chosen : usable[0]?.name;
  return { connections: usable, ...(first === undefined ? {} : { defaultConnection: first }), problems };
}

type Report = (place: string, message: string) => void;

function readConnections(value: unknown, services: Services, report: Report): readonly ConnectionSettings[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    report('connections', vscode.l10n.t('This must be a list of connections.'));
    return [];
  }
  const usable: ConnectionSettings[] = [];
  value.forEach((entry: unknown, index) => {
    const place = `connections[${index}]`;
    const connection = readConnection(entry, { place, services, report });
    if (!connection) return;
    if (usable.some(({ name }) => name === connection.name)) {
      report(`${place}.name`, vscode.l10n.t('A second connection is called "{0}". Rename one.', connection.name));
    } else usable.push(connection);
  });
  return usable;
}

const sslModes = ['disable', 'require', 'verify-full'] as const satisfies readonly SslMode[];
const authKinds = ['password', 'environment', 'secret', 'iam'] as const satisfies readonly AuthKind[];

interface Reading {
  readonly place: string;
  readonly services: Services;
  readonly report: Report;
}

function readConnection(entry: unknown, { place, services, report }: Reading): ConnectionSettings | undefined {
  if (!isObject(entry)) {
    report(place, vscode.l10n.t('This must be an object with "name", "host", "database" and "user".'));
    return undefined;
  }
  const service = new EntryReader(entry, place, report).optionalText('service');
  const base = service === undefined ? {} : fromService(service, services);
  if (!base) {
    const sentence = vscode.l10n.t(
      'No service "{0}" stands in the service file (~/.pg_service.conf, PGSERVICEFILE).',
      service ?? '',
    );
    report(`${place}.service`, sentence);
    return undefined;
  }
  const read = new EntryReader({ ...base, ...entry }, place, report);
  const name = read.text('name');
  const host = read.text('host');
  const database = read.text('database');
  const user = read.text('user');
  const port = read.port();
  const secret = read.optionalText('secret');
  const auth = read.oneOf('auth', authKinds, secret ? 'secret' : service ? 'environment' : 'password');
  const ssl = read.oneOf('ssl', sslModes, defaultSsl(host ?? ''));
  const sslRootCert = read.optionalText('sslRootCert');
  const queryRole = read.optionalText('queryRole');
  read.password();
  if (auth === 'secret' && secret === undefined) read.text('secret');
  if (!name || !host || !database || !user || port === undefined || !auth || !ssl) return undefined;
  if (auth === 'secret' && secret === undefined) return undefined;
  return {
    ...{ name, host, port, database, user, auth, ssl },
    ...(secret ? { secret } : {}),
    ...(service ? { service } : {}),
    ...(sslRootCert ? { sslRootCert: atHome(sslRootCert) } : {}),
    ...(queryRole ? { queryRole } : {}),
  };
}

/** The settings that a service stands for, by our names. Its password is read when it is needed. */
function fromService(name: string, services: Services): Readonly<Record<string, unknown>> | undefined {
  const entry = services(name);
  if (!entry) return undefined;
  const { host, port, dbname, user, sslmode, sslrootcert } = entry;
  const values = {
    host,
    port: port === undefined ? undefined : Number(port),
    database: dbname ?? user,
    user,
    ssl: sslOf(sslmode ?? null),
    sslRootCert: sslrootcert,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Reads one entry's properties; each problem is told with its place, and the rest is read on. */
class EntryReader {
  readonly #entry: Readonly<Record<string, unknown>>;
  readonly #report: Report;

  constructor(entry: Readonly<Record<string, unknown>>, place: string, report: Report) {
    this.#entry = entry;
    this.#report = (key, message) => {
      report(`${place}.${key}`, message);
    };
  }

  text(key: string): string | undefined {
    const value = this.#entry[key];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    this.#report(key, vscode.l10n.t('"{0}" is missing or empty. Write it as a text.', key));
    return undefined;
  }

  optionalText(key: string): string | undefined {
    return this.#entry[key] === undefined ? undefined : this.text(key);
  }

  port(): number | undefined {
    const value = this.#entry['port'] ?? defaultPort;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535) return value;
    this.#report('port', vscode.l10n.t('"port" must be a whole number from 1 to 65535.'));
    return undefined;
  }

  oneOf<Value extends string>(key: string, values: readonly Value[], standard: Value): Value | undefined {
    const value = this.#entry[key];
    const found = value === undefined ? standard : values.find((each) => each === value);
    if (!found) this.#report(key, vscode.l10n.t('"{0}" must be one of: {1}.', key, values.join(', ')));
    return found;
  }

  /** A password in a settings file is a leak already; it is not used, so that nobody gets used to it. */
  password(): void {
    if (!('password' in this.#entry)) return;
    const hint = vscode.l10n.t(
      'Passwords do not belong into settings, and this one is not used. Take it out, change it, and run "DataMorph: Enter Password…".',
    );
    this.#report('password', hint);
  }
}

const atHome = (path: string): string => (path.startsWith('~/') ? join(homedir(), path.slice(2)) : path);
