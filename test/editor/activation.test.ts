import { deepEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { ActivationReading } from '../support/editor/host/activation.ts';
import { print } from '../support/editor/host/print.ts';

const budgetMs = 50;

/** Readings of windows of their own, taken before this one. */
function readings(): readonly ActivationReading[] {
  const file = process.env['DATAMORPH_TEST_ACTIVATIONS'] ?? '';
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as ActivationReading);
}

describe('activation', () => {
  it('waits until one of its own views, commands or files is asked for', () => {
    deepEqual(
      readings().map(({ early }) => early),
      [false, false, false],
    );
  });

  it(`takes at most ${budgetMs} ms by the editor's own measure, the median of three windows`, () => {
    const milliseconds = readings().map((reading) => reading.milliseconds);
    const median = milliseconds.toSorted((a, b) => a - b)[1];
    print(`      activation in VS Code ${vscode.version}: ${median} ms (${milliseconds.join(', ')})`);
    ok(median !== undefined && median <= budgetMs, `${milliseconds.join(', ')} ms`);
  });
});
