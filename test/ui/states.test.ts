import { deepEqual, equal, ok } from 'node:assert/strict';
import { freePort } from '../../scripts/setup/ports.mjs';
import { picturesInEveryTheme } from '../support/editor/screenshots.ts';
import { useEditor, type Session } from '../support/editor/session.ts';
import { connectionTo, settingsFor } from '../support/editor/workspace.ts';

const lines = (...all: readonly string[]): string => all.join('\n');

/** What the Prompt view says about the connection, and what may be done about it. */
async function promptStatus({ workbench }: Session): Promise<string> {
  const status = await workbench.webview('[data-status=blocked]').locator('[data-testid=status]');
  return (await status.innerText()).trim().replaceAll(/\s*\n\s*/g, '\n');
}

async function show({ workbench }: Session, welcome: string): Promise<void> {
  await workbench.activityBar.open('DataMorph');
  await workbench.tree('Schema').whenWelcome(welcome);
  await workbench.webview('[data-status=blocked]').content();
}

describe('the sidebar without a connection', function () {
  this.timeout(60_000);
  const editor = useEditor({});
  const ready = (): Promise<void> => show(editor(), 'Connect a PostgreSQL database');

  it('says how to begin', async () => {
    await ready();
    equal(
      await editor().workbench.tree('Schema').welcome(),
      lines(
        'Connect a PostgreSQL database to see its tables and to write specs over them.',
        '[Add Connection]',
        '[See How It Works]',
      ),
    );
    equal(
      await promptStatus(editor()),
      'Connect a database to see which of its tables the prompt names. Add Connection…',
    );
  });

  it('says what runs are', async () => {
    await ready();
    equal(
      await editor().workbench.tree('Runs').welcome(),
      lines('No runs yet. A run keeps its spec, its script and its verdict here.', '[New Spec]'),
    );
  });

  picturesInEveryTheme(editor, 'no-connection', ready);
});

describe('the sidebar with a port that nobody answers', function () {
  this.timeout(60_000);
  let port = 0;
  before(async () => {
    port = await freePort();
  });
  const editor = useEditor({ files: (shop) => settingsFor({ ...connectionTo(shop), port }) });
  const reason =
    'Nothing answers at 127.0.0.1, port PORT. Check that PostgreSQL runs there and that the port is right.';
  const ready = async (): Promise<void> => {
    const { workbench } = editor();
    await workbench.activityBar.open('DataMorph');
    await workbench.tree('Schema').row('shop').waitFor();
    await workbench.webview('[data-status=blocked]').content();
  };

  it('says what is wrong and what can be done', async () => {
    await ready();
    const tree = editor().workbench.tree('Schema');
    deepEqual(
      [await tree.message(), await tree.text(), await tree.actions('shop')].map((text) =>
        text.replace(String(port), 'PORT'),
      ),
      [reason, 'shop  not connected', 'Reconnect, Edit Connections, Show Log'],
    );
    equal((await promptStatus(editor())).replace(String(port), 'PORT'), `${reason} Reconnect`);
  });

  it('has room for all of it', async () => {
    await ready();
    const action = await editor().workbench.webview('[data-status=blocked]').locator('[data-testid=action]');
    const [box, top] = [await action.boundingBox(), await editor().workbench.tree('Schema').top()];
    ok(box && box.y + box.height <= top, `${JSON.stringify(box)} ends below ${top}`);
  });

  picturesInEveryTheme(editor, 'unreachable', ready);
});

describe('the sidebar in a workspace that is not trusted', function () {
  this.timeout(60_000);
  const editor = useEditor({ files: (shop) => settingsFor(connectionTo(shop)), trusted: false });
  const ready = (): Promise<void> => show(editor(), 'not trusted');

  it('opens no connection and says why', async () => {
    await ready();
    equal(
      await editor().workbench.tree('Schema').welcome(),
      lines('This workspace is not trusted, so DataMorph opens no connection here.', '[Manage Workspace Trust]'),
    );
    equal(
      await promptStatus(editor()),
      'This workspace is not trusted, so no connection is opened. Manage Workspace Trust',
    );
    equal(/connecting/.test(editor().log()), false, editor().log());
  });

  picturesInEveryTheme(editor, 'untrusted', ready);
});
