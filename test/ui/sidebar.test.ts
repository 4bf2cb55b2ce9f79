import { deepEqual, equal, match } from 'node:assert/strict';
import { themes, type Theme } from '../support/pages/workbench.ts';
import { useEditor } from '../support/editor/session.ts';
import { connectionTo, settingsFor } from '../support/editor/workspace.ts';

describe('the sidebar with a connection', function () {
  this.timeout(60_000);
  const editor = useEditor({ files: (shop) => settingsFor(connectionTo(shop)) });

  beforeEach(async () => {
    await editor().workbench.activityBar.open('DataMorph');
  });

  it('shows the schema: connection, schemas, tables with their rows', async () => {
    const tree = editor().workbench.tree('Schema');
    await tree.row('customers').waitFor();
    equal(await tree.text(), '');
  });

  it('opens a table into its columns', async () => {
    const tree = editor().workbench.tree('Schema');
    await tree.toggle('orders');
    await tree.row('order_number').waitFor();
    equal(await tree.text(), '');
  });

  it('talks to the Prompt view and hears back which tables it names', async () => {
    const { workbench } = editor();
    const prompt = workbench.webview('[data-testid=prompt]');
    const area = await prompt.locator('[data-testid=prompt] textarea');
    await area.fill('Join customers and orders on customer_id, calculate total order amount per custmer');
    const mentions = await prompt.locator('[data-testid=mentions] li');
    await mentions.filter({ hasText: 'customers' }).first().waitFor();
    deepEqual(await mentions.allInnerTexts(), ['customers', 'orders', 'customer_id', 'custmer: did you mean customers?']);
  });

  it('writes what it does into its log channel', async () => {
    const { workbench } = editor();
    await workbench.run('DataMorph: Show Log');
    await workbench.output.line('is active.').first().waitFor();
    equal(await workbench.output.channel(), 'DataMorph');
    match(editor().log(), /\[info\] DataMorph \d+\.\d+\.\d+ is active\./);
    
  });

  for (const theme of Object.keys(themes) as Theme[]) {
    it(`can be looked at in ${themes[theme].name}`, async () => {
      await editor().wear(theme);
      await editor().workbench.tree('Schema').row('customers').waitFor();
      await editor().screenshot(`sidebar-${theme}`);
    });
  }
});
