import assert from 'node:assert/strict';
import { matches } from '../../../scripts/setup/packages.mjs';
import { requireNode } from '../../../scripts/setup/versions.mjs';

const LOCK = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/pg': { version: '8.0.0', integrity: 'sha512-a' },
    'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  },
};
const PG = { version: '8.0.0', integrity: 'sha512-a' };

describe('knowing whether the npm packages are those of the lock file', () => {
  const same = (packages: Record<string, { version?: string; integrity?: string }>): boolean =>
    matches(LOCK, { packages });

  it('takes the same versions, without the optional ones of other platforms', () => {
    assert.ok(same({ 'node_modules/pg': PG }));
  });

  it('sees a missing, another, a changed and a superfluous package', () => {
    const stale = [
      {},
      { 'node_modules/pg': { ...PG, version: '7.0.0' } },
      { 'node_modules/pg': { ...PG, integrity: 'sha512-x' } },
      { 'node_modules/pg': PG, 'node_modules/left-over': { version: '1.0.0' } },
      { 'node_modules/pg': PG, 'node_modules/other-platform': { version: '0.9.0', integrity: 'sha512-b' } },
    ];
    assert.deepEqual(stale.map(same), [false, false, false, false, false]);
  });
});

describe('the version of Node', () => {
  it('is taken from 20.19 on', () => {
    for (const version of ['20.19.0', '22.0.0', '24.9.1']) requireNode(version);
  });

  it('is refused below, in one sentence', () => {
    for (const version of ['18.20.4', '20.18.9']) {
      assert.throws(
        () => {
          requireNode(version);
        },
        { message: `DataMorph needs Node 20.19 or newer, and this is ${version}.` },
      );
    }
  });
});
