import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** Compares a generated file with the one in the tree; DATAMORPH_ACCEPT=1 writes it instead. */
export function assertAccepted(path: string, generated: string): void {
  const file = join(root, path);
  if (process.env['DATAMORPH_ACCEPT'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, generated);
  }
  const inTree = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (inTree === generated) return;
  const [old, now] = [inTree.split('\n'), generated.split('\n')];
  const line = now.findIndex((text, index) => text !== old[index]);
  const differing = `line ${line + 1} reads\n${old[line] ?? '(nothing)'}\nand should read\n${now[line] ?? '(nothing)'}`;
  assert.fail(`${path} is out of date: ${differing}\nRun this test with DATAMORPH_ACCEPT=1 to write it.`);
}
