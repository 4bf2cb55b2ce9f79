import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execute } from '../../../scripts/setup/run.mjs';

const path = (file: string) => fileURLToPath(new URL(`../../../${file}`, import.meta.url));

const SUITE = `
describe('sums', () => {
  it('adds', () => {});
  it('subtracts', () => { throw new Error('1 is not 2'); });
  it('divides');
});
describe('broken from the start', () => {
  before(() => { throw new Error('no database'); });
  it('never runs', () => {});
});
`;

interface Results {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly title: string; readonly message: string; readonly stack: string }[];
}

describe('the reporter that writes results', function () {
  this.timeout(30_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'datamorph-reporter-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function mocha(source: string): Promise<{ code: number | null; output: string }> {
    const file = join(folder, 'suite.test.cjs');
    writeFileSync(file, source);
    const args = ['--no-config', '--reporter', path('test/support/reporter.cjs'), file];
    return execute(process.execPath, [path('node_modules/mocha/bin/mocha.js'), ...args], {
      env: { ...process.env, DATAMORPH_TEST_RESULTS: join(folder, 'results.json'), NO_COLOR: '1' },
    });
  }

  it('counts what passed, failed and was skipped, hooks included, and keeps why', async () => {
    const { output } = await mocha(SUITE);
    const { passed, failed, skipped, failures } = JSON.parse(
      readFileSync(join(folder, 'results.json'), 'utf8'),
    ) as Results;
    assert.deepEqual(
      { passed, failed, skipped, failures: failures.map(({ title, message }) => `${title}: ${message}`) },
      {
        passed: 1,
        failed: 2,
        skipped: 1,
        failures: [
          'sums subtracts: 1 is not 2',
          'broken from the start "before all" hook for "never runs": no database',
        ],
      },
    );
    assert.match(String(failures[0]?.stack), /suite\.test\.cjs/);
    assert.match(output, /1 passing/);
  });

  it('writes nothing for a run that does not end', async () => {
    await mocha(`it('dies', () => process.kill(process.pid, 'SIGKILL'));`);
    assert.deepEqual(readdirSync(folder), ['suite.test.cjs']);
  });
});
