import { deepEqual } from 'node:assert/strict';
import { picturesInEveryTheme } from '../support/editor/screenshots.ts';
import { useEditor } from '../support/editor/session.ts';
import { connectionTo, settingsFor } from '../support/editor/workspace.ts';
import { keptRun, spec } from '../support/keptRun.ts';

const name = 'found-totals.datamorph.json';

describe('a spec whose run found its rows wrong', function () {
  this.timeout(60_000);
  const editor = useEditor({
    files: (shop) => ({ ...settingsFor(connectionTo(shop)), [name]: spec, ...keptRun('found-1') }),
  });

  beforeEach(async () => {
    await editor().workbench.openFile(name);
  });

  it('says so in the Problems panel, with the way to script and report', async () => {
    const { workbench } = editor();
    await workbench.editor(name).squiggles().first().waitFor();
    await workbench.problems.open();
    const lines = (await workbench.problems.text()).split('\n');
    deepEqual(lines.slice(0, 4), [
      name,
      '  Two rows differ. DataMorph rows-differ [Ln 5, Col 23]',
      '    [Ln 2, Col 1]',
      '    [Ln 1, Col 1]',
    ]);
  });

  picturesInEveryTheme(editor, 'findings', async () => {
    const { workbench } = editor();
    await workbench.editor(name).squiggles().first().waitFor();
    await workbench.problems.open();
    await workbench.activityBar.open('DataMorph');
    await workbench.tree('Schema').row('customers').waitFor();
  });
});
