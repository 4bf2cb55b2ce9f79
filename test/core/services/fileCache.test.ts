import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { contentKey } from '../../../src/agents/cachePort.ts';
import { createFileCache } from '../../../src/services/fileCache.ts';

describe('the cache on disk', () => {
  let folder = '';
  let warnings: string[] = [];
  let clock = 1_700_000_000_000;
  const cache = (maxBytes?: number) =>
    createFileCache({
      folder: join(folder, 'cache'),
      log: { warn: (message) => void warnings.push(message), debug: () => undefined },
      now: () => new Date((clock += 1000)),
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });
  const key = (name: string): string => contentKey({ name });
  const files = (): readonly string[] => readdirSync(join(folder, 'cache'));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'datamorph-cache-'));
    warnings = [];
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('gives back what was put, also to another process', async () => {
    await cache().put(key('a'), 'text with "quotes"\n and ü');
    assert.equal(await cache().get(key('a')), 'text with "quotes"\n and ü');
    assert.equal(await cache().get(key('b')), undefined);
    assert.deepEqual([files(), warnings], [[`${key('a')}.json`], []]);
  });

  it('leaves out what is damaged, with a word in the log', async () => {
    const path = join(folder, 'cache', `${key('a')}.json`);
    await cache().put(key('a'), 'x');
    const good = readFileSync(path, 'utf8');
    for (const text of [
      '',
      'null',
      '{}',
      good.slice(0, -5),
      good.replace('"x"', '"y"'),
      good.replace(key('a'), key('b')),
    ]) {
      writeFileSync(path, text);
      assert.equal(await cache().get(key('a')), undefined, text);
      assert.deepEqual(warnings.splice(0), [`An entry of the cache is damaged and left out: ${key('a')}.`]);
    }
    assert.deepEqual(files(), []);
  });

  it('stays within its size; what nobody asked for the longest goes', async () => {
    const bounded = cache(4000);
    for (const name of ['a', 'b', 'c']) await bounded.put(key(name), name.repeat(800));
    await bounded.get(key('a'));
    for (const name of ['d', 'e']) await bounded.put(key(name), name.repeat(800));
    const kept = ['a', 'b', 'c', 'd', 'e'].filter((name) => files().includes(`${key(name)}.json`));
    assert.deepEqual(kept, ['a', 'c', 'd', 'e']);
    await bounded.put(key('huge'), 'x'.repeat(2000));
    assert.equal(await bounded.get(key('huge')), undefined);
  });

  it('is whole when several write at once', async () => {
    const text = 'x'.repeat(50_000);
    await Promise.all(Array.from({ length: 20 }, () => cache().put(key('a'), text)));
    assert.deepEqual([await cache().get(key('a')), files().length, warnings], [text, 1, []]);
  });

  it('never ends a run: a folder that cannot be used is a word in the log', async () => {
    writeFileSync(join(folder, 'cache'), 'a file');
    await cache().put(key('a'), 'x');
    assert.equal(await cache().get(key('a')), undefined);
    await cache().put('../../evil', 'x');
    assert.equal(warnings.length, 3);
  });
});
