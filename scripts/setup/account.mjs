// PostgreSQL refuses to run as root. Where we are root it runs as another account, which must be able to read the
// binaries and own the data; a cache folder below root's home is closed to it, so both then live in a public place.
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { cacheRoot, digest } from './cache.mjs';

const PUBLIC_ROOT = '/var/cache/datamorph';

/** @typedef {{ uid: number, gid: number }} Account */

/** @returns {Account | undefined} undefined where the current user may run servers itself */
export function serverAccount() {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return undefined;
  const id = (/** @type {string} */ flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** The folder for what servers read and write: the cache folder, or its public twin where only root can enter that. */
export function serverRoot(root = cacheRoot(), account = serverAccount()) {
  if (!account || isOpenToAll(root)) return root;
  return join(PUBLIC_ROOT, digest(resolve(root)));
}

/** @param {string} folder @param {Account | undefined} account */
export function makeFolderFor(folder, account) {
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account) chownSync(folder, account.uid, account.gid);
}

/** @param {string} folder whether every existing folder on the way down may be entered by anybody */
function isOpenToAll(folder) {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const stats = statSync(at, { throwIfNoEntry: false });
    if (stats && (stats.mode & 0o005) !== 0o005) return false;
    if (at === dirname(at)) return true;
  }
}
