import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of its own for one window, and everything that the editor writes about it. */
export interface Place {
  readonly home: string;
  readonly workspace: string;
  readonly userDataDir: string;
  readonly extensionsDir: string;
  remove(): void;
}

export type Files = Readonly<Record<string, string | object>>;

/** Files are given by their path in the workspace; an object is written as JSON. */
export function makePlace(files: Files = {}): Place {
  const home = mkdtempSync(join(tmpdir(), 'datamorph-editor-'));
  const workspace = join(home, 'workspace');
  const place = {
    home,
    workspace,
    userDataDir: join(home, 'user'),
    extensionsDir: join(home, 'extensions'),
    remove: () => {
      rmSync(home, { recursive: true, force: true });
    },
  };
  for (const folder of [workspace, place.userDataDir, place.extensionsDir]) mkdirSync(folder, { recursive: true });
  writeFiles(workspace, files);
  return place;
}

export function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  }
}

/** A connection as the settings have it; the password comes from the environment of the editor. */
export const connectionTo = (database: URL, name = 'shop'): Record<string, unknown> => ({
  name,
  host: database.hostname,
  port: Number(database.port),
  database: database.pathname.slice(1),
  user: decodeURIComponent(database.username),
  auth: 'environment',
});

export const settingsFor = (...connections: Record<string, unknown>[]): Files => ({
  '.vscode/settings.json': { 'datamorph.connections': connections },
});

/** What the extension host gets so that `auth: environment` works, and nothing of the machine's own PostgreSQL set-up. */
export const passwordEnvironment = (database: URL): Record<string, string> => ({
  PGPASSWORD: decodeURIComponent(database.password),
  PGPASSFILE: '/nonexistent',
});
