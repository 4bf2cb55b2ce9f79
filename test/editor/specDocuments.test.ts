import { deepEqual, equal, match } from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../support/editor/host/until.ts';

const broken = `{
  "version": 1,
  "name": "totals",
  "sources": {},
  "step": [],
  "target": { "table": "public.totals", "mode": "replac" }
}
`;

const problems = [
  '3:11-3:19 Error missing-property: The property "steps" is missing.',
  '4:14-4:16 Error wrong-type: Here stands an object; a list is expected.',
  '5:3-5:9 Error unknown-property: There is no property "step" here. Did you mean "steps"?',
  '6:13-6:14 Error missing-property: The property "from" is missing.',
  '6:13-6:14 Error missing-property: The property "columns" is missing.',
  '6:49-6:57 Error unknown-value: There is no value "replac". Did you mean "replace"?',
];

async function openSpec(name: string, text: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder) throw new Error('No folder is open.');
  const uri = vscode.Uri.joinPath(folder, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return await vscode.workspace.openTextDocument(uri);
}

const ours = (uri: vscode.Uri): readonly vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'DataMorph');

const reported = (uri: vscode.Uri): Promise<readonly vscode.Diagnostic[]> =>
  until(vscode.languages.onDidChangeDiagnostics, () => (ours(uri).length > 0 ? ours(uri) : undefined));

/** Asks the JSON service until it has read the schema: it answers with nothing before. */
async function answered<T>(ask: () => Thenable<readonly T[]>): Promise<readonly T[]> {
  for (;;) {
    const answer = await ask();
    if (answer.length > 0) return answer;
  }
}

async function complete(document: vscode.TextDocument, after: string): Promise<readonly vscode.CompletionItem[]> {
  const position = document.positionAt(document.getText().indexOf(after) + after.length);
  return await answered(async () => {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      position,
    );
    return list.items.filter(({ kind }) => kind !== vscode.CompletionItemKind.Text);
  });
}

async function hover(document: vscode.TextDocument, word: string): Promise<string> {
  const position = document.positionAt(document.getText().indexOf(word) + 1);
  const hovers = await answered(() =>
    vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position),
  );
  return hovers.flatMap(({ contents }) => (contents as vscode.MarkdownString[]).map(({ value }) => value)).join();
}

function render({ range, severity, code, message }: vscode.Diagnostic): string {
  const value = typeof code === 'object' ? code.value : code;
  const { start, end } = range;
  const place = `${start.line + 1}:${start.character + 1}-${end.line + 1}:${end.character + 1}`;
  return `${place} ${vscode.DiagnosticSeverity[severity]} ${value}: ${message}`;
}

describe('spec documents', () => {
  afterEach(async () => {
    // Reverted first: the editor would ask what to do with unsaved changes.
    while (vscode.window.tabGroups.activeTabGroup.activeTab) {
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    }
  });

  it('shows what is wrong with a spec, each problem at its place', async () => {
    const document = await openSpec('broken.datamorph.json', broken);
    equal(document.languageId, 'datamorph-spec');
    deepEqual((await reported(document.uri)).map(render), problems);
  });

  it('completes properties and words from the language, also where the spec is wrong', async () => {
    const text = broken.replace('"replac"', '""').replace('"step": []', '"steps": [{ "kind": "" }],\n  ');
    const document = await openSpec('completed.datamorph.json', text);
    const labels = (items: readonly vscode.CompletionItem[]): readonly string[] =>
      items.map(({ label }) => (typeof label === 'string' ? label : label.label)).sort();
    deepEqual(labels(await complete(document, '"mode": ')), ['"append"', '"history"', '"replace"', '"upsert"']);
    const kinds = labels(await complete(document, '"kind": '));
    equal(kinds.includes('"aggregate"') && kinds.includes('"join"'), true, kinds.join());
    deepEqual(labels(await complete(document, '"steps": [{ "kind": "" }],\n  ')), [
      '$schema',
      'assumptions',
      'checks',
      'prompt',
    ]);
  });

  it('explains a property and a word under the pointer', async () => {
    const document = await openSpec('explained.datamorph.json', broken.replace('replac', 'upsert'));
    match(await hover(document, '"sources"'), /^The tables and views that are read/);
    match(await hover(document, '"upsert"'), /key/);
  });

  it('shows each mistake once: the schema of the JSON service describes and refuses nothing', async () => {
    const document = await openSpec('once.datamorph.json', broken);
    // The service looks at what is shown, not at what is merely open.
    await vscode.window.showTextDocument(document);
    await hover(document, '"sources"');
    await reported(document.uri);
    // The service answers in order: what it had to say of the first document is said when it has spoken of the second.
    const other = await openSpec('syntax.datamorph.json', '{ "version": 1 "name" }');
    await vscode.window.showTextDocument(other, vscode.ViewColumn.Beside);
    await until(vscode.languages.onDidChangeDiagnostics, () =>
      vscode.languages.getDiagnostics(other.uri).some(({ source }) => source !== 'DataMorph') ? true : undefined,
    );
    deepEqual(
      vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source !== 'DataMorph'),
      [],
    );
    deepEqual(
      ours(other.uri).filter(({ code }) => (typeof code === 'object' ? code.value : code) === 'syntax'),
      [],
    );
  });

  it('follows the text as it is edited', async () => {
    const document = await openSpec('edited.datamorph.json', '{ "version": 1 ');
    const before = (await reported(document.uri)).map(render);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), broken);
    await vscode.workspace.applyEdit(edit);
    const after = await until(vscode.languages.onDidChangeDiagnostics, () => {
      const now = ours(document.uri).map(render);
      return now.join() === before.join() ? undefined : now;
    });
    deepEqual(after, problems);
  });

  it('opens a new spec as an unsaved document of its own name', async () => {
    await vscode.commands.executeCommand('datamorph.newSpec');
    const first = vscode.window.activeTextEditor?.document;
    await vscode.commands.executeCommand('datamorph.newSpec');
    const second = vscode.window.activeTextEditor?.document;
    deepEqual(
      [first, second].map((document) => ({
        scheme: document?.uri.scheme,
        name: document?.uri.path.split('/').pop(),
        language: document?.languageId,
      })),
      ['new_spec', 'new_spec-2'].map((name) => ({
        scheme: 'untitled',
        name: `${name}.datamorph.json`,
        language: 'datamorph-spec',
      })),
    );
    deepEqual(JSON.parse(second?.getText() ?? ''), {
      version: 1,
      name: 'new_spec',
      sources: [{ name: 'input', table: 'public.input' }],
      steps: [],
      target: {
        table: 'public.new_spec',
        from: 'input',
        mode: 'replace',
        columns: [{ name: 'id', type: 'bigint', nullable: false }],
      },
    });
  });
});
