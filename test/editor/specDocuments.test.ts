import { deepEqual, equal } from 'node:assert/strict';
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
