import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strFromU8, unzipSync } from 'fflate';
import { runtimeZip } from '../../../../src/services/glue/runtimeZip.ts';

const runtime = fileURLToPath(new URL('../../../../python', import.meta.url));

describe('the zip of the job runtime', () => {
  it('has the same bytes wherever and whenever it is made', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'datamorph-zip-'));
    try {
      const first = await runtimeZip(runtime);
      await cp(runtime, folder, { recursive: true });
      await utimes(join(folder, 'datamorph/job.py'), 0, 0);
      await writeFile(join(folder, 'datamorph/notes.txt'), 'not code');
      assert.deepEqual(await runtimeZip(folder), first);
      await writeFile(join(folder, 'datamorph/job.py'), '');
      assert.notDeepEqual(await runtimeZip(folder), first);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('holds what a job imports, and nothing of local runs', async () => {
    const files = unzipSync(await runtimeZip(runtime));
    assert.match(strFromU8(files['datamorph/job.py'] ?? new Uint8Array()), /class Job/);
    assert.ok(files['datamorph_functions/__init__.py']);
    assert.match(strFromU8(files['datamorph/rds.pem'] ?? new Uint8Array()), /^-----BEGIN CERTIFICATE-----/);
    assert.deepEqual([...new Set(Object.keys(files).map((name) => name.split('/')[0]))], ['datamorph', 'datamorph_functions']); // prettier-ignore
  });
});
