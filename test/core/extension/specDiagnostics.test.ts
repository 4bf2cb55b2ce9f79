import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type * as vscode from 'vscode';
import type { Problem } from '../../../src/spec/problem.ts';
import { registerSpecDiagnostics, SpecDiagnostics } from '../../../src/views/specDiagnostics.ts';
import { registerSpecLanguage } from '../../../src/views/specLanguage.ts';
import { editor, FakeDocument, Position, Range, resetEditor, Uri, type CodeAction } from '../../support/fakeVscode.ts';

const asDocument = (document: FakeDocument): vscode.TextDocument => document as unknown as vscode.TextDocument;
const explanations = Uri.file('/extension/docs/problems.md') as unknown as vscode.Uri;

const never = (): { dispose(): void } => ({ dispose: () => undefined });

const problem: Problem = {
  code: 'unknown-word',
  severity: 'warning',
  message: 'What is "bad"?',
  span: { offset: 6, length: 3 },
  fix: { title: 'Write "good"', edits: [{ offset: 6, length: 3, text: 'good' }] },
};

/** Finds "bad"; answers in the order in which it is let. */
function checker(): {
  readonly check: (text: string) => Promise<readonly Problem[]>;
  readonly checked: string[];
  readonly next: () => Promise<void>;
} {
  const checked: string[] = [];
  let wake: () => void = () => undefined;
  return {
    checked,
    check: (text) => {
      checked.push(text);
      queueMicrotask(() => {
        setImmediate(wake);
      });
      return Promise.resolve(text.includes('bad') ? [problem] : []);
    },
    next: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
  };
}

/** The diagnostics as lines. */
const shown = (uri: Uri): readonly string[] | undefined =>
  editor.diagnostics.get(uri.toString())?.map(({ range, message, severity, source, code }) => {
    const { value, target } = code as { value: string; target: Uri };
    const { start, end } = range;
    return `${start.line}:${start.character}-${end.line}:${end.character} ${severity} ${source ?? ''} ${value} ${target.fragment} ${message}`;
  });

describe('the diagnostics of a spec', () => {
  const uri = Uri.file('/w/x.datamorph.json');
  const errors: unknown[] = [];
  let parts: { dispose(): unknown } | undefined;
  beforeEach(() => {
    resetEditor();
    errors.length = 0;
  });
  afterEach(() => parts?.dispose());

  function register(check: (text: string) => Promise<readonly Problem[]>): void {
    parts = registerSpecDiagnostics({
      check,
      explanations,
      onDidChangeCatalogue: never,
      reportError: (error) => errors.push(error),
      debounceMs: 1,
    });
  }

  it('stand where the problems are, with code, link and severity', async () => {
    const { check, next } = checker();
    editor.documents.push(new FakeDocument(uri, '{ a:\n bad }'));
    register(check);
    await next();
    assert.deepEqual(shown(uri), ['1:1-1:4 1 DataMorph unknown-word unknown-word What is "bad"?']);
  });

  it('follow what is typed, checking the last text only', async () => {
    const { check, checked, next } = checker();
    register(check);
    const document = new FakeDocument(uri, '{ a:\n bad }');
    for (const text of ['{ a:\n ba }', '{ a:\n b }', '{ a: 1 }']) {
      document.setText(text);
      editor.changed.fire({ document });
    }
    await next();
    assert.deepEqual([checked, shown(uri)], [['{ a: 1 }'], []]);
  });

  it('are gone when the document is closed, even with a check on its way', async () => {
    let answer: (problems: readonly Problem[]) => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      register(() => {
        resolve();
        return new Promise((settle) => {
          answer = settle;
        });
      });
    });
    const document = new FakeDocument(uri, 'bad');
    editor.opened.fire(document);
    await asked;
    document.isClosed = true;
    editor.closed.fire(document);
    answer([problem]);
    await new Promise(setImmediate);
    assert.equal(shown(uri), undefined);
  });

  it('leave to the JSON service what is no JSON, where that speaks, but keep the quick fix', async () => {
    const syntax = { ...problem, code: 'syntax' };
    const document = new FakeDocument(uri, '{ a:\n bad }');
    editor.documents.push(document);
    const lines = async (): Promise<unknown> => {
      const diagnostics = new SpecDiagnostics({
        check: () => Promise.resolve([syntax, problem]),
        explanations,
        onDidChangeCatalogue: never,
        reportError: (error) => errors.push(error),
        debounceMs: 1,
      });
      diagnostics.schedule(asDocument(document), 0);
      while (!editor.diagnostics.has(uri.toString())) await new Promise(setImmediate);
      const all = new Range(new Position(0, 0), new Position(1, 5)) as unknown as vscode.Range;
      const told = editor.diagnostics.get(uri.toString())?.map(({ code }) => (code as { value: string }).value);
      const fixes = diagnostics.provideCodeActions(asDocument(document), all).length;
      diagnostics.dispose();
      return [told, fixes];
    };
    assert.deepEqual(await lines(), [['unknown-word'], 2]);
    editor.settings.user.set('json.validate.enable', false);
    assert.deepEqual(await lines(), [['syntax', 'unknown-word'], 2]);
  });

  it('leave other documents alone', async () => {
    const { check, checked, next } = checker();
    editor.documents.push(new FakeDocument(Uri.file('/w/package.json'), 'bad'), new FakeDocument(uri, 'fine'));
    register(check);
    await next();
    assert.deepEqual(checked, ['fine']);
  });

  it('report what goes wrong in the check itself', async () => {
    const failed = new Promise<unknown>((resolve) => {
      parts = registerSpecDiagnostics({
        check: () => Promise.reject(new Error('broken')),
        explanations,
        onDidChangeCatalogue: never,
        reportError: resolve,
        debounceMs: 1,
      });
    });
    editor.opened.fire(new FakeDocument(uri, 'x'));
    assert.equal(String(await failed), 'Error: broken');
  });

  it('offer the mend where the problem is, as long as the text is the same', async () => {
    const { check, next } = checker();
    const diagnostics = new SpecDiagnostics({
      check,
      explanations,
      onDidChangeCatalogue: never,
      reportError: (error) => errors.push(error),
      debounceMs: 1,
    });
    parts = diagnostics;
    const document = new FakeDocument(uri, '{ a:\n bad }');
    diagnostics.schedule(asDocument(document));
    await next();
    const at = (line: number, character: number): CodeAction[] => {
      const place = new Position(line, character);
      const range = new Range(place, place) as unknown as vscode.Range;
      return diagnostics.provideCodeActions(asDocument(document), range) as unknown as CodeAction[];
    };
    const [action] = at(1, 2);
    assert.equal(action?.title, 'Write "good"');
    assert.deepEqual(
      action.edit?.edits.map(({ text }) => text),
      ['good'],
    );
    assert.deepEqual(at(0, 0), []);
    document.setText('{ a:\n  bad }');
    assert.deepEqual(at(1, 2), []);
  });
});

describe("a spec's language", () => {
  it("starts the editor's JSON service with the first spec, once", () => {
    resetEditor();
    registerSpecLanguage((error) => assert.fail(String(error)));
    editor.opened.fire(new FakeDocument(Uri.file('/w/package.json'), ''));
    assert.deepEqual(editor.activatedExtensions, []);
    editor.opened.fire(new FakeDocument(Uri.file('/w/a.datamorph.json'), ''));
    editor.opened.fire(new FakeDocument(Uri.file('/w/b.datamorph.json'), ''));
    assert.deepEqual(editor.activatedExtensions, ['vscode.json-language-features']);
  });
});
