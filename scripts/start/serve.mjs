// Shows DataMorph in a real VS Code: the packaged server in any browser, or the machine's own desktop build.
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError } from '../setup/failure.mjs';
import { startGroup } from '../setup/processes.mjs';
import { execute, run } from '../setup/run.mjs';
import { ensureEditor, hasServerBuild, QUIET_SETTINGS, startEditor } from '../setup/editor.mjs';
import { readJson, writeJson } from './sample.mjs';

/**
 * @typedef {{ log: import('../setup/log.mjs').Log, state: import('./state.mjs').State, vsix: string, env: NodeJS.ProcessEnv }} Subject
 */

/** The only folder that this editor opens is our own sample; its task brings the DataMorph sidebar to the front. */
const SAMPLE_SETTINGS = {
  'security.workspace.trust.enabled': false,
  'task.allowAutomaticTasks': 'on',
  'workbench.startupEditor': 'readme',
};

/**
 * @param {Subject & { port: number | undefined }} options
 * @returns {Promise<string>} the address to open
 */
export async function serveInBrowser({ log, state, vsix, env, port }) {
  if (!hasServerBuild()) {
    throw new SetupError('There is no packaged VS Code for this machine: use its own by `npm start -- --desktop`.');
  }
  const editor = await newestEditor(log);
  const settings = {
    ...QUIET_SETTINGS,
    ...SAMPLE_SETTINGS,
    ...readJson(join(state.serverData, 'data', 'User', 'settings.json')),
  };
  const { url } = await log.step(`Starting VS Code ${editor.vscode} with DataMorph`, () =>
    startEditor({
      editor,
      log,
      vsix,
      env,
      settings,
      serverDataDir: state.serverData,
      extensionsDir: state.extensions,
      folder: state.workspace,
      ...(port === undefined ? {} : { port }),
    }),
  );
  return url;
}

/** @param {import('../setup/log.mjs').Log} log */
async function newestEditor(log) {
  try {
    return await ensureEditor('latest', { log });
  } catch (error) {
    log.info(`The newest VS Code cannot be installed (${/** @type {Error} */ (error).message}); taking 1.100.`);
    return ensureEditor('1.100', { log });
  }
}

/**
 * Opens the machine's own VS Code with folders of its own, so that the user's settings and extensions stay out of it.
 * @param {Subject} options
 * @returns {Promise<() => Promise<void>>} resolves when the window is closed
 */
export async function openOnDesktop({ log, state, vsix, env }) {
  const userData = join(state.folder, 'desktop');
  const settings = join(userData, 'User', 'settings.json');
  mkdirSync(dirname(settings), { recursive: true });
  writeJson(settings, { ...SAMPLE_SETTINGS, ...readJson(settings) });
  const own = [`--user-data-dir=${userData}`, `--extensions-dir=${state.extensions}-desktop`];
  const [command, ...first] = process.platform === 'win32' ? ['cmd', '/d', '/s', '/c', 'code'] : ['code'];
  // As root, VS Code starts without its sandbox only.
  const rights = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const all = [...first, ...own, ...rights];
  if ((await execute(command, [...first, '--version'])).code !== 0) {
    throw new SetupError(
      'No VS Code was found: install it, and its `code` command, or leave out --desktop to use the browser.',
    );
  }
  await run(command, [...all, '--install-extension', vsix, '--force'], { log, what: 'Installing the extension', env });
  const group = startGroup(command, [...all, '--new-window', '--wait', state.workspace], { env, stdout: 'inherit' });
  return async () => {
    group.child.ref();
    await once(group.child, 'exit');
  };
}
