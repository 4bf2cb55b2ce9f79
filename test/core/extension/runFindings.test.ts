import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type * as vscode from 'vscode';
import type { RunEvent } from '../../../src/agents/run/events.ts';
import type { Finding, Verdict } from '../../../src/agents/verdict.ts';
import { FindingStore } from '../../../src/services/keptFindings.ts';
import { createRun } from '../../../src/services/runJournal.ts';
import { registerRunFindings, RunFindings } from '../../../src/views/runFindings.ts';
import { editor, FakeDocument, resetEditor, Uri, type CodeAction } from '../../support/fakeVscode.ts';
import { order, programs } from '../../support/scriptedRun.ts';
import { until } from '../../support/until.ts';

const spec = `{
  "name": "totals",
  "steps": [{ "name": "paid" }],
  "checks": [{ "kind": "notNull", "column": "n" }],
  "target": { "table": "t" }
}
`;
const corrected = spec.replace('paid', 'mended');
const script = 'job = 1\npaid = 2\npaid = 3\n';

const differs: Finding = {
  ...{ code: 'rows-differ', severity: 'error', message: 'Rows differ.', cause: 'script', examples: [] },
  place: { step: 'paid', pointer: '/steps/0', lines: { first: 2, last: 3 } },
  evidence: ['The first step that differs is paid.'],
};
const broken: Finding = {
  ...{
    code: 'rule-broken',
    severity: 'error',
    message: 'n is never NULL: 2 rows break it.',
    evidence: [],
    examples: [],
  },
  place: { pointer: '/checks/0' },
};
const failed: Verdict = { kind: 'failed', findings: [differs, broken] };
const passed: Verdict = {
  kind: 'passed',
  comparison: { expectedRows: 1, actualRows: 1, missing: 0, unexpected: 0, examples: [], tolerant: [] },
};
const remedy = { kind: 'spec', layer: 'spec', reason: 'It was misread.', specText: corrected, diff: '' } as const;

describe('what runs found', () => {
  let folder: string;
  const errors: unknown[] = [];
  let number = 0;
  beforeEach(async () => {
    resetEditor();
    errors.length = 0;
    folder = await mkdtemp(join(tmpdir(), 'datamorph-findings-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
    assert.deepEqual(errors, []);
  });

  /** A run of the spec that came to this end. */
  async function kept(...events: readonly RunEvent[]): Promise<string> {
    const runId = `run-${++number}`;
    const at = new Date(Date.UTC(2026, 0, 1, 0, number));
    const options = { workspace: folder, runId, now: () => at };
    const journal = await createRun({ ...order, specText: spec }, options);
    await journal.record({ kind: 'checked', problems: [], programs });
    await journal.record({ kind: 'coded', code: { script, origin: 'edited' } });
    for (const event of events) await journal.record(event);
    await journal.close();
    return runId;
  }

  const options = () => ({
    store: new FindingStore(folder),
    folder: { uri: Uri.file(folder), name: 'w', index: 0 } as unknown as vscode.WorkspaceFolder,
    explanations: Uri.file('/extension/docs/validation.md') as unknown as vscode.Uri,
    reportError: (error: unknown) => errors.push(error),
  });

  const document = (name: string, text: string): FakeDocument => {
    const opened = new FakeDocument(Uri.file(join(folder, name)), text);
    editor.documents.push(opened);
    return opened;
  };

  const shown = ({ uri }: FakeDocument): readonly string[] =>
    (editor.diagnostics.get(uri.toString()) ?? []).map(({ range, message, severity, code, relatedInformation }) => {
      const { value, target } = code as { readonly value: string; readonly target: Uri };
      const { start, end } = range;
      const related = (relatedInformation ?? []).map(
        ({ location }) => `${location.uri.path.slice(folder.length)}:${location.range.start.line}`,
      );
      const place = `${start.line}:${start.character}-${end.line}:${end.character}`;
      return `${place} ${severity} ${value} #${target.fragment} ${message.replaceAll('\n', ' | ')} (${related.join(' ')})`;
    });

  async function look(on: FakeDocument): Promise<RunFindings> {
    const findings = new RunFindings(options());
    findings.look(on as unknown as vscode.TextDocument);
    await until(() => editor.diagnostics.has(on.uri.toString()));
    return findings;
  }

  const actionsOn = (findings: RunFindings, on: FakeDocument, line: number): readonly CodeAction[] => {
    const text = on.getText().split('\n').slice(0, line).join('\n').length + 1;
    const range = { start: on.positionAt(text), end: on.positionAt(text + 40) };
    const all = editor.diagnostics.get(on.uri.toString()) ?? [];
    const there = all.find((each) => each.range.start.line === line)?.range ?? range;
    return findings.provideCodeActions(
      on as unknown as vscode.TextDocument,
      there as unknown as vscode.Range,
    ) as unknown as readonly CodeAction[];
  };

  it('stands in the spec, with the way to the script and to the report', async () => {
    const run = await kept({ kind: 'validated', verdict: failed });
    const opened = document('totals.datamorph.json', spec);
    await look(opened);
    assert.deepEqual(shown(opened), [
      `2:22-2:28 0 rows-differ #rows-differ Rows differ. | The first step that differs is paid. (/.datamorph/runs/${run}/script.py:1 /.datamorph/runs/${run}/report.md:0)`,
      `3:13-3:49 0 rule-broken #rule-broken n is never NULL: 2 rows break it. (/.datamorph/runs/${run}/report.md:0)`,
    ]);
  });

  it('stands in the script on the lines of the step', async () => {
    const run = await kept({ kind: 'validated', verdict: failed });
    const opened = document(`.datamorph/runs/${run}/script.py`, script);
    await look(opened);
    assert.deepEqual(shown(opened), [
      `1:0-2:8 0 rows-differ #rows-differ Rows differ. | The first step that differs is paid. (/.datamorph/runs/${run}/report.md:0)`,
    ]);
  });

  it('takes the place that was found by a second run', async () => {
    const verdict: Verdict = { kind: 'failed', findings: [{ ...differs, message: 'Located.' }] };
    await kept({ kind: 'validated', verdict: failed }, { kind: 'located', verdict });
    const opened = document('totals.datamorph.json', spec);
    await look(opened);
    assert.match(shown(opened).join(), /^2:22-2:28 0 rows-differ #rows-differ Located\./);
  });

  it('goes away when the text is another one, and when a later run passed', async () => {
    await kept({ kind: 'validated', verdict: failed });
    const opened = document('totals.datamorph.json', spec);
    const parts = registerRunFindings(options());
    await until(() => shown(opened).length > 0);
    opened.setText(spec.replace('totals', 'sums'));
    editor.changed.fire({ document: opened });
    await until(() => shown(opened).length === 0);
    opened.setText(spec);
    editor.changed.fire({ document: opened });
    await until(() => shown(opened).length > 0);
    await kept({ kind: 'validated', verdict: passed });
    editor.fileChanged.fire(Uri.file(folder));
    await until(() => shown(opened).length === 0);
    parts.dispose();
  });

  it('comes with its remedy, to look at and to take', async () => {
    await kept({ kind: 'validated', verdict: failed }, { kind: 'remedied', remedy });
    const opened = document('totals.datamorph.json', spec);
    const findings = await look(opened);
    const actions = actionsOn(findings, opened, 2);
    assert.deepEqual(
      actions.map(({ title, isPreferred, command }) => [title, isPreferred ?? false, command?.command]),
      [
        ['Preview the remedy', false, 'vscode.diff'],
        ['Apply the remedy: It was misread.', true, undefined],
        ['Show the failing rows', false, 'markdown.showPreview'],
      ],
    );
    const [, preview] = actions[0]?.command?.arguments ?? [];
    assert.equal(findings.provideTextDocumentContent(preview as vscode.Uri), corrected);
    assert.deepEqual(
      actions[1]?.edit?.edits.map(({ text }) => text),
      [corrected],
    );
  });

  it('lets a check warn that may be broken', async () => {
    await kept({ kind: 'validated', verdict: failed });
    const opened = document('totals.datamorph.json', spec);
    const findings = await look(opened);
    const accept = actionsOn(findings, opened, 3).find(({ title }) => title.startsWith('Accept'));
    assert.deepEqual(
      accept?.edit?.edits.map(({ range, text }) => `${range.start.line}:${range.start.character} ${text}`),
      ['3:47 , "severity": "warning"'],
    );
  });
});
