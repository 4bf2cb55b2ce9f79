import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cache } from '../agents/cachePort.ts';
import type { Log } from './log.ts';
import { isMissing } from './isMissing.ts';

export interface FileCacheOptions {
  readonly folder: string;
  readonly log: Pick<Log, 'warn' | 'debug'>;
  readonly maxBytes?: number;
  readonly now?: () => Date;
}

const defaultMaxBytes = 64 * 1024 * 1024;
/** An entry that would push out all others is none. */
const largestShare = 0.25;
const isKey = (key: string): boolean => /^[0-9a-f]{64}$/.test(key);

/** One file an entry, written whole or not at all; the one that nobody asked for the longest goes first. */
export function createFileCache({
  folder,
  log,
  maxBytes = defaultMaxBytes,
  now = () => new Date(),
}: FileCacheOptions): Cache {
  const pathOf = (key: string): string => join(folder, `${key}.json`);

  /** Nothing that a cache does may end a run. */
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      log.warn(`The cache in ${folder} could not ${what}.`, error);
      return undefined;
    }
  };

  return {
    get: (key) =>
      attempt('be read', async () => {
        if (!isKey(key)) throw new Error(`"${key}" is no key.`);
        const kept = await unlessMissing(readFile(pathOf(key), 'utf8'));
        if (kept === undefined) return undefined;
        const text = textOf(kept, key);
        if (text === undefined) {
          log.warn(`An entry of the cache is damaged and left out: ${key}.`);
          await rm(pathOf(key), { force: true });
          return undefined;
        }
        await unlessMissing(utimes(pathOf(key), now(), now()));
        return text;
      }),

    async put(key, text) {
      await attempt('be written', async () => {
        if (!isKey(key)) throw new Error(`"${key}" is no key.`);
        const content = JSON.stringify({ key, sha256: hashOf(text), text });
        if (Buffer.byteLength(content) > maxBytes * largestShare) {
          log.debug(`Too long for the cache: ${key}.`);
          return;
        }
        await mkdir(folder, { recursive: true });
        const draft = join(folder, `${key}.${randomBytes(6).toString('hex')}.draft`);
        try {
          await writeFile(draft, content, { flag: 'wx', mode: 0o600 });
          await utimes(draft, now(), now());
          await rename(draft, pathOf(key));
        } finally {
          await rm(draft, { force: true });
        }
        await shrink(folder, maxBytes, pathOf(key));
      });
    },
  };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Undefined where the file is not what was written: cut, changed, or of another key. */
function textOf(content: string, key: string): string | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(content);
  } catch {
    return undefined;
  }
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { key: own, sha256, text } = entry as Readonly<Record<string, unknown>>;
  return own === key && typeof text === 'string' && sha256 === hashOf(text) ? text : undefined;
}

/** Another window may have removed the file meanwhile. */
async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function shrink(folder: string, maxBytes: number, latest: string): Promise<void> {
  const names = await readdir(folder);
  const files = await Promise.all(
    names
      .filter((name) => /^[0-9a-f]{64}\.(?:json|[0-9a-f]{12}\.draft)$/.test(name))
      .map(async (name) => {
        const path = join(folder, name);
        const found = await unlessMissing(stat(path));
        return found ? [{ path, size: found.size, used: found.mtimeMs }] : [];
      }),
  );
  const oldestFirst = files.flat().sort((a, b) => a.used - b.used);
  let total = oldestFirst.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of oldestFirst) {
    if (total <= maxBytes) return;
    if (path === latest) continue;
    await rm(path, { force: true });
    total -= size;
  }
}
