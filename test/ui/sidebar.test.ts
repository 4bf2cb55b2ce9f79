import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { picturesInEveryTheme } from '../support/editor/screenshots.ts';
import { useEditor } from '../support/editor/session.ts';
import { connectionTo, settingsFor } from '../support/editor/workspace.ts';

const schema = `shop  PostgreSQL 17.10
  public  9 tables, 3 views
    addresses  ~8K rows
    customers  ~5K rows
    daily_revenue  ~3.2K rows
    events  ~10K rows
    exchange_rates  ~2.1K rows
    open_orders
    order_items  ~42.4K rows
    orders  ~17K rows
    payments  ~15.8K rows
    product_sales
    products  ~500 rows
    refunds  ~2.1K rows`;

const refunds = `      refund_id  bigint · primary key
      payment_id  bigint · → payments.payment_id · not null
      amount  numeric(12,2) · not null
      reason_code  smallint
      refunded_at  timestamp with time zone · not null
      note  text`;

describe('the sidebar with a connection', function () {
  this.timeout(60_000);
  const editor = useEditor({ files: (shop) => settingsFor(connectionTo(shop)) });

  beforeEach(async () => {
    // Tall enough for every row: a tree draws only what can be seen.
    await editor().page.setViewportSize({ width: 1280, height: 1400 });
    await editor().workbench.activityBar.open('DataMorph');
  });

  it('shows the schema: connection, schemas, tables with their rows', async () => {
    const tree = editor().workbench.tree('Schema');
    await tree.row('customers').waitFor();
    equal(await tree.text(), schema);
  });

  it('opens a table into its columns', async () => {
    const tree = editor().workbench.tree('Schema');
    await tree.toggle('refunds');
    await tree.row('note').waitFor();
    const columns = (await tree.text()).slice(schema.length + 1);
    await tree.toggle('refunds');
    equal(columns, refunds);
  });

  it('talks to the Prompt view and hears back which tables it names', async () => {
    const { workbench } = editor();
    const prompt = workbench.webview('[data-testid=prompt]');
    const area = await prompt.locator('[data-testid=prompt] textarea');
    await area.fill('Join customers and orders on customer_id, calculate total order amount per custmer');
    const mentions = await prompt.locator('[data-testid=mentions] li');
    await mentions.filter({ hasText: 'customers' }).first().waitFor();
    deepEqual(await mentions.allInnerTexts(), [
      'customers',
      'orders',
      'customer_id',
      'custmer: did you mean customers?',
    ]);
  });

  it('gives its page a policy before the page has anything to restrict', async () => {
    await editor().workbench.webview('[data-status=ready]').content();
    doesNotMatch(editor().hostLog(), /content security policy/);
  });

  it('draws the fields and the button equally wide', async () => {
    const prompt = editor().workbench.webview('[data-status=ready]');
    const edges = async (selector: string): Promise<unknown> => {
      const box = await (await prompt.locator(selector)).first().boundingBox();
      return box && [box.x, box.x + box.width];
    };
    const area = await edges('vscode-text-area textarea');
    deepEqual([await edges('vscode-dropdown .control'), await edges('vscode-button')], [area, area]);
  });

  it('writes what it does into its log channel', async () => {
    const { workbench } = editor();
    await workbench.run('DataMorph: Show Log');
    await workbench.output.line('is active.').first().waitFor();
    equal(await workbench.output.channel(), 'DataMorph');
    match(editor().log(), /\[info\] DataMorph \d+\.\d+\.\d+ is active\./);
  });

  picturesInEveryTheme(editor, 'sidebar', async () => {
    const { workbench } = editor();
    await workbench.tree('Schema').row('customers').waitFor();
    await (await workbench.webview('[data-status=ready]').locator('[data-testid=create]')).waitFor();
  });
});
