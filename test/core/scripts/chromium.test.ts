import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findChromium } from '../../../scripts/setup/chromium.mjs';

describe('finding a Chromium', () => {
  let folder: string;
  let browser: string;

  before(function () {
    if (process.platform === 'win32') this.skip();
    folder = mkdtempSync(join(tmpdir(), 'datamorph-browser-'));
    browser = join(folder, 'google-chrome');
    writeFileSync(browser, '', { mode: 0o755 });
    writeFileSync(join(folder, 'chromium'), 'not to be run', { mode: 0o644 });
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes the first on the path that can be run', () => {
    assert.equal(findChromium({ PATH: ['/nowhere', folder].join(delimiter) }, 'linux'), browser);
  });

  it('finds none where there is none', () => {
    assert.equal(findChromium({ PATH: '/nowhere' }, 'linux'), undefined);
    assert.equal(findChromium({}, 'win32'), undefined);
  });

  it('takes the one that is named, and says when that cannot be run', () => {
    assert.equal(findChromium({ CHROMIUM: browser, PATH: '' }, 'linux'), browser);
    assert.throws(() => findChromium({ CHROMIUM: join(folder, 'chromium') }, 'linux'), /which cannot be run/);
  });
});
