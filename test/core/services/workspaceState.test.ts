import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestCancel, watchForCancel } from '../../../src/services/cancelRequest.ts';
import { marksFile } from '../../../src/services/marksFile.ts';
import { workspaceConnection } from '../../../src/services/workspaceConnection.ts';

describe('what a workspace knows', () => {
  let workspace: string;
  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'datamorph-workspace-'));
  });
  afterEach(() => rm(workspace, { recursive: true }));

  it('is how far each target was read, by database', async () => {
    const marks = marksFile(workspace, 'me@here/shop');
    assert.deepEqual(await marks.of('totals'), {});
    await marks.keep('totals', { orders: '5' });
    await marks.keep('totals', { customers: '7' });
    assert.deepEqual(await marks.of('totals'), { orders: '5', customers: '7' });
    assert.deepEqual(await marksFile(workspace, 'me@there/shop').of('totals'), {});
    await writeFile(join(workspace, '.datamorph', 'marks.json'), '{"a": 1}');
    await assert.rejects(marks.of('totals'), /does not hold marks: mend it, or delete it/);
  });

  it('is that somebody asks a run to stop, within a second, and no older wish', async () => {
    await requestCancel(workspace);
    const stop = new AbortController();
    const end = await watchForCancel(workspace, stop);
    assert.equal(stop.signal.aborted, false);
    const since = performance.now();
    await requestCancel(workspace);
    await once(stop.signal, 'abort');
    assert.ok(performance.now() - since < 1000);
    end();
  });

  it('is its connections by name, as the editor has them, with comments in the settings', async () => {
    await mkdir(join(workspace, '.vscode'));
    const shop = { name: 'shop', host: 'db.example.com', database: 'shop', user: 'me', auth: 'iam' };
    const text = `{ // mine\n "datamorph.connections": [${JSON.stringify(shop)}, {"name": "half"}], }`;
    await writeFile(join(workspace, '.vscode', 'settings.json'), text);
    assert.deepEqual(await workspaceConnection(workspace, 'shop'), { ...shop, port: 5432, ssl: 'require' });
    assert.equal(await workspaceConnection(workspace, 'none'), undefined);
    await assert.rejects(workspaceConnection(workspace, 'half'), /lacks "host", "database" or "user"/);
  });
});
