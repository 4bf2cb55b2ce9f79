import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { STEPS, SUITES } from '../../../scripts/suites.mjs';

const TESTS = fileURLToPath(new URL('../../', import.meta.url));

describe('the table of suites', () => {
  it('runs every test file of the project', () => {
    const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
      .map((file) => `test/${file.replaceAll('\\', '/')}`)
      .filter((file) => file.endsWith('.test.ts'));
    const folders = SUITES.map((suite) => suite.files.replace(/\*\*\/\*\.test\.ts$/, ''));
    const homeless = files.filter((file) => !folders.some((folder) => file.startsWith(folder)));
    assert.deepEqual(homeless, []);
    assert.ok(files.length > 0);
  });

  it('names each suite once, and only steps that there are', () => {
    const names = [...STEPS, ...SUITES].map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
    const steps = STEPS.map(({ name }) => name);
    assert.deepEqual(
      SUITES.flatMap(({ after }) => after.filter((name) => !steps.includes(name))),
      [],
    );
  });

  it('has a script for every command of its own', () => {
    const scripts = STEPS.flatMap(({ commands }) => commands.map(([first]) => String(first)));
    const own = scripts.filter((script) => script.startsWith('scripts/'));
    assert.deepEqual(
      own.filter((script) => !existsSync(fileURLToPath(new URL(`../../../${script}`, import.meta.url)))),
      [],
    );
  });
});
