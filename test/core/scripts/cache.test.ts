import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot, installOnce, withLock } from '../../../scripts/setup/cache.mjs';

const INSTALL = fileURLToPath(new URL('fixtures/install.mjs', import.meta.url));

describe("the user's cache folder", () => {
  it('is where each system keeps such things', () => {
    const found = {
      named: cacheRoot({ DATAMORPH_CACHE: '/x' }, 'linux', '/home/a'),
      linux: cacheRoot({}, 'linux', '/home/a'),
      xdg: cacheRoot({ XDG_CACHE_HOME: '/var/c' }, 'linux', '/home/a'),
      mac: cacheRoot({}, 'darwin', '/Users/a'),
      windows: cacheRoot({ LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local' }, 'win32', 'C:\\Users\\a'),
    };
    assert.deepEqual(found, {
      named: '/x',
      linux: '/home/a/.cache/datamorph',
      xdg: '/var/c/datamorph',
      mac: '/Users/a/Library/Caches/datamorph',
      windows: 'C:\\Users\\a\\AppData\\Local\\datamorph\\Cache',
    });
  });
});

describe('installing once', function () {
  this.timeout(30_000);
  let home: string;
  let folder: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'datamorph-cache-'));
    folder = join(home, 'tool');
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  const start = (mode: 'make' | 'hang') =>
    spawn(process.execPath, [INSTALL, folder, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  const finish = async (mode: 'make' | 'hang'): Promise<string> => {
    const child = start(mode);
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await once(child, 'close');
    return said.trim();
  };
  const installed = () => ({
    files: readdirSync(folder).sort(),
    second: readFileSync(join(folder, 'second'), 'utf8'),
    builds: readFileSync(`${folder}.builds`, 'utf8').trim().split('\n'),
    beside: readdirSync(home).sort(),
  });
  const WHOLE = { files: ['.installed', 'first', 'second'], second: 'make', beside: ['tool', 'tool.builds'] };

  it('builds once for processes that ask at the same time', async () => {
    const said = await Promise.all([finish('make'), finish('make'), finish('make')]);
    assert.deepEqual(said.sort(), ['found', 'found', 'made']);
    assert.deepEqual(installed(), { ...WHOLE, builds: ['make'] });
  });

  it('starts anew after one that was killed half-way', async () => {
    const child = start('hang');
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    assert.ok(!existsSync(folder), 'a half-made folder must not look installed');
    assert.equal(await finish('make'), 'made');
    assert.deepEqual(installed(), { ...WHOLE, builds: ['hang', 'make'] });
  });

  it('leaves nothing when the build fails', async () => {
    await assert.rejects(
      installOnce(folder, () => Promise.reject(new Error('no network'))),
      /no network/,
    );
    assert.deepEqual(readdirSync(home), []);
  });

  it('builds in place what cannot be moved, and takes it for whole by its stamp only', async () => {
    await assert.rejects(
      installOnce(
        folder,
        (target) => {
          assert.equal(target, folder);
          writeFileSync(join(target, 'half'), '');
          return Promise.reject(new Error('interrupted'));
        },
        { movable: false },
      ),
    );
    const { fresh } = await installOnce(folder, () => Promise.resolve(), { movable: false });
    assert.deepEqual({ fresh, files: readdirSync(folder) }, { fresh: true, files: ['.installed'] });
  });

  it('takes over a lock whose owner is dead, silent, or died before it could sign', async () => {
    const lock = join(home, 'lock');
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'close');
    const long = new Date(Date.now() - 3_600_000);
    const abandoned = [
      () => {
        writeFileSync(lock, JSON.stringify({ id: 'a', pid: dead.pid, host: hostname() }));
      },
      () => {
        writeFileSync(lock, JSON.stringify({ id: 'b', pid: process.pid, host: 'another-machine' }));
        utimesSync(lock, long, long);
      },
      () => {
        writeFileSync(lock, '');
        utimesSync(lock, long, long);
      },
    ];
    for (const abandon of abandoned) {
      abandon();
      assert.equal(await withLock(lock, undefined, () => Promise.resolve('mine')), 'mine');
      assert.ok(!existsSync(lock));
    }
  });

  it('says that somebody else is at it, and lets the asker give up', async () => {
    const lock = join(home, 'lock');
    const refuse = () => {
      throw new Error('it runs already');
    };
    await withLock(lock, undefined, async () => {
      await assert.rejects(
        withLock(lock, refuse, () => Promise.resolve()),
        /it runs already/,
      );
      assert.ok(existsSync(lock), 'the owner keeps its lock');
    });
  });
});
