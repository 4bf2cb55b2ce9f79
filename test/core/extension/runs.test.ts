import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type * as vscode from 'vscode';
import { listRuns } from '../../../src/services/runFiles.ts';
import type { RunNode } from '../../../src/views/runNodes.ts';
import { registerRunsTree, RunsTree } from '../../../src/views/runsTree.ts';
import { editor, resetEditor, Uri } from '../../support/fakeVscode.ts';

/** Of a process that is not there: this one, but begun at another time. */
const owner = JSON.stringify({ pid: process.pid, host: hostname(), start: 'long ago' });

const fail = (error: unknown): never => assert.fail(String(error));

describe('the runs', () => {
  let folder: string;
  beforeEach(async () => {
    resetEditor();
    folder = await mkdtemp(join(tmpdir(), 'datamorph-runs-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function write(id: string, files: Readonly<Record<string, string>>): Promise<void> {
    const run = join(folder, '.datamorph', 'runs', id);
    await mkdir(run, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(run, name), text);
  }

  const record = (state: string, startedAt: string, rest: object = {}): string =>
    JSON.stringify({ state, startedAt, engine: 'local Spark', ...rest });

  /** The tree as text: icon or file, label, description, context. */
  async function draw(tree: RunsTree, node?: RunNode, indent = ''): Promise<string> {
    const children = await tree.getChildren(node);
    const lines = children.map(async (child) => {
      const item = tree.getTreeItem(child);
      const icon = (item.iconPath as vscode.ThemeIcon | undefined)?.id ?? item.command?.command;
      const label = (item.label as string | undefined) ?? item.resourceUri?.path.split('/').at(-1) ?? '';
      const line = `${indent}[${icon ?? ''}] ${label} (${String(item.description)}) ${String(item.contextValue)}\n`;
      return line + (await draw(tree, child, `${indent}  `));
    });
    return (await Promise.all(lines)).join('');
  }

  const treeOf = (): RunsTree => new RunsTree({ store: { list: () => listRuns(folder) }, reportError: fail });

  it('are none where nothing ever ran', async () => {
    assert.deepEqual(await listRuns(folder), { runs: [], broken: [] });
    assert.equal(await draw(treeOf()), '');
  });

  it('are listed newest first, with what they left behind; a broken one is not hidden', async () => {
    await write('a', {
      'run.json': record('passed', '2026-11-20T10:00:00Z', { prompt: 'Totals per customer', durationMs: 12_345 }),
      'totals.datamorph.json': '{}',
      'job.py': '',
      'reference.sql': '',
      'report.md': '',
      'job.py.draft': '',
      'rows.csv': '',
    });
    await write('b', { 'run.json': record('failed', '2026-11-21T10:00:00Z') });
    await write('c', { 'run.json': '{ "state": "passed" }' });
    await write('d', { 'run.json': 'no JSON' });
    await write('e', { 'run.json': record('exploded', '2026-11-21T10:00:00Z') });
    await write('f', { 'run.json': '[]', 'x.py': '' });
    assert.equal(
      await draw(treeOf()),
      `[error] b (failed · local Spark) run.failed
[pass] Totals per customer (passed · local Spark · 12.3 sec) run.passed
  [vscode.open] job.py (PySpark) runFile
  [vscode.open] reference.sql (reference SQL) runFile
  [vscode.open] report.md (report) runFile
  [vscode.open] rows.csv () runFile
  [vscode.open] totals.datamorph.json (spec) runFile
[warning] c (cannot be read: run.json has no valid "startedAt".) broken
[warning] d (cannot be read: Unexpected token 'o', "no JSON" is not valid JSON) broken
[warning] e (cannot be read: run.json has no valid "state".) broken
[warning] f (cannot be read: run.json has no valid "startedAt".) broken
`,
    );
  });

  it('say that they wait for somebody, or that nobody goes on with them', async () => {
    await write('a', { 'run.json': record('waiting', '2026-11-20T10:00:00Z') });
    await write('b', { 'run.json': record('running', '2026-11-21T10:00:00Z') });
    await write('c', { 'run.json': record('running', '2026-11-22T10:00:00Z'), 'owner-1.json': owner });
    assert.equal(
      await draw(treeOf()),
      `[debug-disconnect] c (interrupted · local Spark) run.interrupted
[sync~spin] b (running · local Spark) run.running
[question] a (waiting for you · local Spark) run.waiting
`,
    );
  });

  it('follow the folder', async () => {
    const folderOfEditor = { uri: Uri.file(folder), name: 'w', index: 0 } as unknown as vscode.WorkspaceFolder;
    registerRunsTree({ store: { list: () => listRuns(folder) }, folder: folderOfEditor, reportError: fail });
    const tree = editor.trees.get('datamorph.runs') as unknown as RunsTree;
    const changed = new Promise((resolve) => tree.onDidChangeTreeData(resolve));
    await write('a', { 'run.json': record('running', '2026-11-20T10:00:00Z') });
    editor.fileChanged.fire(Uri.file(join(folder, '.datamorph/runs/a/run.json')));
    await changed;
    assert.equal(await draw(tree), '[sync~spin] a (running · local Spark) run.running\n');
  });

  it('say so when the folder cannot be read', async () => {
    const errors: unknown[] = [];
    const tree = new RunsTree({
      store: { list: () => Promise.reject(new Error('no right')) },
      reportError: (error) => errors.push(error),
    });
    assert.equal(await draw(tree), '[warning] .datamorph/runs (cannot be read: no right) broken\n');
    assert.equal(errors.length, 1);
  });
});
