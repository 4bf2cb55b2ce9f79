import { deepEqual, ok } from 'node:assert/strict';
import { picturesInEveryTheme } from '../support/editor/screenshots.ts';
import { useEditor } from '../support/editor/session.ts';
import { connectionTo, settingsFor } from '../support/editor/workspace.ts';

const name = 'totals.datamorph.json';

const spec = `{
  "version": 1,
  "name": "totals",
  "sources": [{ "name": "orders", "table": "public.orders", "columns": ["customer_id", "total_amount"] }],
  "steps": [
    { "name": "per_customer", "kind": "agregate", "from": "orders" }
  ],
  "target": {
    "table": "analytics.totals",
    "from": "per_custmer",
    "mode": "replace",
    "columns": [{ "name": "customer_id", "type": "bigint" }]
  }
}
`;

describe('a spec with mistakes', function () {
  this.timeout(60_000);
  const editor = useEditor({ files: (shop) => ({ ...settingsFor(connectionTo(shop)), [name]: spec }) });

  beforeEach(async () => {
    await editor().workbench.openFile(name);
  });

  it('has a squiggle under each', async () => {
    const { workbench } = editor();
    await workbench.editor(name).squiggles().first().waitFor();
    ok((await workbench.editor(name).text()).startsWith('{\n  "version": 1,'));
  });

  it('is explained in the Problems panel', async () => {
    const { problems } = editor().workbench;
    await problems.open();
    deepEqual((await problems.text()).split('\n'), [
      name,
      '  There is no kind of step "agregate". Did you mean "aggregate"? DataMorph unknown-kind [Ln 6, Col 39]',
    ]);
  });

  picturesInEveryTheme(editor, 'spec', async () => {
    const { workbench } = editor();
    await workbench.editor(name).squiggles().first().waitFor();
    await workbench.activityBar.open('DataMorph');
    await workbench.tree('Schema').row('customers').waitFor();
  });
});
