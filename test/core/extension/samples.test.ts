import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readSpec } from '../../../src/spec/read.ts';

const folder = join(import.meta.dirname, '../../../samples/workspace');
const specs = readdirSync(folder).filter((file) => file.endsWith('.datamorph.json'));

describe('the sample workspace', () => {
  it('has specs, and the readme names each', () => {
    assert.ok(specs.length >= 2);
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    assert.deepEqual(
      specs.filter((file) => !readme.includes(`(${file})`)),
      [],
    );
  });

  for (const file of specs) {
    it(`has no problem in ${file}`, () => {
      const { spec, problems } = readSpec(readFileSync(join(folder, file), 'utf8'));
      assert.deepEqual(problems, []);
      assert.equal(`${spec?.name ?? ''}.datamorph.json`, file);
    });
  }
});
