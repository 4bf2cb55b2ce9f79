// The sample shop in a database that stays, and the sample workspace with its connection.
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '../setup/postgres.mjs';

const DATABASE = 'shop';

/** @typedef {{ name: string, host: string, port: number, database: string, user: string, auth: 'environment' }} Connection */

/**
 * Starts the database, loads the shop where it is missing or of another generation, and lets the engineer in.
 * @param {{ log: import('../setup/log.mjs').Log, state: import('./state.mjs').State }} options
 * @returns {Promise<{ connection: Connection, env: Record<string, string> }>} `env` lets PostgreSQL clients find the password
 */
export async function startShop({ log, state }) {
  const { ENGINEER, loadShop } = await import('../../samples/shop/load.mjs');
  const server = await log.step('Starting PostgreSQL', () => startPostgres({ log, dataFolder: state.postgres }));
  // A new password with every start: it stands in one file of the user's own and nowhere else.
  const password = randomBytes(24).toString('base64url');
  await log.step('Checking the sample shop', async () => {
    const { loaded } = await loadShop({ url: server.url, password, database: DATABASE });
    if (loaded) log.info('  loaded it: about 100,000 rows');
  });
  const { host, port } = server;
  writeFileSync(state.passwords, `${host}:${port}:${DATABASE}:${ENGINEER}:${password}\n`, { mode: 0o600 });
  return {
    connection: { name: 'shop', host, port, database: DATABASE, user: ENGINEER, auth: 'environment' },
    env: { PGPASSFILE: state.passwords },
  };
}

/**
 * Copies the sample workspace once, so that what the user changed in it stays, and writes the connection each time.
 * @param {{ root: string, state: import('./state.mjs').State, connection: Connection }} options
 */
export function prepareWorkspace({ root, state, connection }) {
  const source = join(root, 'samples', 'workspace');
  if (existsSync(source)) cpSync(source, state.workspace, { recursive: true, force: false });
  const settings = join(state.workspace, '.vscode', 'settings.json');
  mkdirSync(join(settings, '..'), { recursive: true });
  writeJson(settings, { ...readJson(settings), 'datamorph.connections': [connection] });
}

/** @param {string} file @returns {Record<string, unknown>} */
export function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** @param {string} file @param {unknown} value */
export function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
