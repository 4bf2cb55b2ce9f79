import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { environmentFolder } from '../../../src/services/localEnvironment.ts';
import { driver, sparkVersion } from '../../../src/services/localEnvironment/pins.ts';

const root = new URL('../../../', import.meta.url);
const textOf = (file: string): string => readFileSync(fileURLToPath(new URL(file, root)), 'utf8');

describe('what local Spark is made of', () => {
  it('is what the tests run on: the same packages by the same hashes, and the same driver', () => {
    const tested = textOf('python/requirements-dev.txt');
    const entries = textOf('python/requirements-engine.txt')
      .split(/^(?=\w)/m)
      .slice(1);
    assert.deepEqual(entries.map((entry) => entry.split('==')[0]), ['py4j', 'pyspark']); // prettier-ignore
    for (const entry of entries) assert.ok(tested.includes(entry.trim()), entry);
    assert.ok(entries.some((entry) => entry.startsWith(`pyspark==${sparkVersion} `)));
    const setup = textOf('scripts/setup/python.mjs');
    for (const pin of [driver.coordinates, driver.file, driver.sha256]) assert.ok(setup.includes(`'${pin}'`), pin);
  });

  it("is kept in the user's cache folder", () => {
    const at = (environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string =>
      environmentFolder(environment, { platform, home: '/home/ada' });
    assert.equal(at({}, 'linux'), '/home/ada/.cache/datamorph/local-spark');
    assert.equal(at({ XDG_CACHE_HOME: '/cache' }, 'linux'), '/cache/datamorph/local-spark');
    assert.equal(at({}, 'darwin'), '/home/ada/Library/Caches/datamorph/local-spark');
    assert.equal(at({ DATAMORPH_CACHE: '/elsewhere' }, 'win32'), '/elsewhere/local-spark');
  });
});
