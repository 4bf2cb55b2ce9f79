// What `npm start` keeps for one checkout: the database, the sample workspace, the editor's folders.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverRoot } from '../setup/account.mjs';
import { cacheRoot, digest, withLock } from '../setup/cache.mjs';
import { SetupError } from '../setup/failure.mjs';

/** @typedef {ReturnType<typeof stateOf>} State */

/** @param {string} root of the checkout */
export function stateOf(root) {
  const name = join('checkouts', digest(root));
  const folder = join(cacheRoot(), name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    folder,
    log: join(folder, 'start.log'),
    postgres: join(serverRoot(), name, 'postgres'),
    workspace: join(folder, 'workspace'),
    passwords: join(folder, 'pgpass'),
    serverData: join(folder, 'editor'),
    extensions: join(folder, 'extensions'),
    running: join(folder, 'running.json'),
    lock: join(folder, 'start.lock'),
  };
}

/**
 * Runs `work` unless DataMorph runs from this checkout already.
 * @param {State} state
 * @param {() => Promise<void>} work
 */
export function alone(state, work) {
  const refuse = () => {
    throw new SetupError(`DataMorph already runs from this folder: ${runningAt(state)}.`);
  };
  return withLock(state.lock, refuse, async () => {
    // Left behind by one that was killed.
    rmSync(state.running, { force: true });
    await work();
    rmSync(state.running, { force: true });
  });
}

/** @param {State} state @param {string} address */
export function announce(state, address) {
  writeFileSync(state.running, JSON.stringify({ address }), { mode: 0o600 });
}

/** @param {State} state */
function runningAt({ running }) {
  try {
    return JSON.parse(readFileSync(running, 'utf8')).address;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return 'it is still starting';
    throw error;
  }
}
