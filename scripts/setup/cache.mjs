// The user's cache folder, where everything downloaded or built is kept and shared by all checkouts.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join, posix, win32 } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from './processes.mjs';

const STAMP = '.installed';
const HEARTBEAT_MS = 5_000;
const ABANDONED_MS = 60_000;

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @param {string} [home]
 */
export function cacheRoot(env = process.env, platform = process.platform, home = homedir()) {
  if (env.DATAMORPH_CACHE) return env.DATAMORPH_CACHE;
  if (platform === 'win32')
    return win32.join(env.LOCALAPPDATA ?? win32.join(home, 'AppData', 'Local'), 'datamorph', 'Cache');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Caches', 'datamorph');
  return posix.join(env.XDG_CACHE_HOME ?? posix.join(home, '.cache'), 'datamorph');
}

/** A short name for content, to key what is cached by what it was made from. */
export function digest(/** @type {(string | Uint8Array)[]} */ ...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/**
 * Makes `folder` once, however many processes ask at a time and however often one of them is interrupted: a folder counts
 * only when its stamp stands, and the stamp is written last.
 * @param {string} folder
 * @param {(target: string) => Promise<void>} build fills `target`
 * @param {{ movable?: boolean, onWait?: () => void }} [options] `movable: false` builds in place, for what remembers its own path
 * @returns {Promise<{ folder: string, fresh: boolean }>}
 */
export async function installOnce(folder, build, { movable = true, onWait } = {}) {
  const stamp = join(folder, STAMP);
  if (existsSync(stamp)) return { folder, fresh: false };
  return withLock(`${folder}.lock`, onWait, async () => {
    if (existsSync(stamp)) return { folder, fresh: false };
    const target = movable ? `${folder}.part` : folder;
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    try {
      await build(target);
    } catch (error) {
      rmSync(target, { recursive: true, force: true });
      throw error;
    }
    writeFileSync(join(target, STAMP), `${new Date().toISOString()}\n`);
    if (movable) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(target, folder);
    }
    return { folder, fresh: true };
  });
}

/**
 * Runs `work` while no other process holds the same lock. A lock whose owner is dead or silent is taken over.
 * @template T
 * @param {string} file
 * @param {(() => void) | undefined} onWait called once when somebody else holds it; throws where waiting makes no sense
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, onWait, work) {
  const owner = await acquire(file, onWait);
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS).unref();
  const release = () => {
    if (readLock(file)?.id === owner) rmSync(file, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off('exit', release);
    release();
  }
}

/** @param {string} file @param {(() => void) | undefined} onWait */
async function acquire(file, onWait) {
  mkdirSync(join(file, '..'), { recursive: true });
  const id = randomUUID();
  for (let told = false; ;) {
    if (tryCreate(file, JSON.stringify({ id, pid: process.pid, host: hostname() }))) return id;
    const held = readLock(file);
    if (held && isAbandoned(held)) {
      takeAway(file, held.id);
      continue;
    }
    if (held && !told) {
      told = true;
      onWait?.();
    }
    await delay(200);
  }
}

/** @typedef {{ id: string, pid: number, host: string, touched: number }} Lock */

/** @param {string} file @param {string} text */
function tryCreate(file, text) {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} file @returns {Lock | undefined} undefined when there is none */
export function readLock(file) {
  try {
    const touched = statSync(file).mtimeMs;
    const text = readFileSync(file, 'utf8');
    // Created but not yet written by its owner: counts as held, and as abandoned when it stays so.
    return text === '' ? { id: '', pid: 0, host: '', touched } : { ...JSON.parse(text), touched };
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {Lock} lock */
export function isAbandoned(lock) {
  const silent = Date.now() - lock.touched > ABANDONED_MS;
  return silent || (lock.host === hostname() && !isAlive(lock.pid));
}

/** Moves the dead lock aside, so that of two who see it dead only one removes it. @param {string} file @param {string} id */
function takeAway(file, id) {
  if (readLock(file)?.id !== id) return;
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return;
    throw error;
  }
  // Somebody else was quicker and the lock that we moved is theirs and alive: give it back.
  if (readLock(aside)?.id !== id && !existsSync(file)) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

/** @param {string} file */
function touch(file) {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
  }
}
