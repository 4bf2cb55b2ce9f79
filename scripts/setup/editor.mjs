// A real VS Code from npm packages: installed once into the user's cache, served on a loopback port, ended with everything
// that it started. Linux only; other machines use their own VS Code.
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { classify, SetupError } from './failure.mjs';
import { endGroup, startGroup } from './processes.mjs';
import { run } from './run.mjs';

export { ensureEditor, hasServerBuild } from './editor/install.mjs';

const HOST = '127.0.0.1';
const START_MS = 30_000;

/** @typedef {import('./editor/install.mjs').Editor} Editor */
/** @typedef {import('./log.mjs').Log} Log */
/** @typedef {Record<string, unknown>} Settings */
/** @typedef {{ serverDataDir: string, extensionsDir: string }} Folders */
/**
 * @typedef {object} EditorServer
 * @property {string} url opens the folder that was given at the start
 * @property {string} host
 * @property {number} port
 * @property {string} token
 * @property {string} logs folder with a subfolder for each run
 * @property {string} output file with the server's own output
 * @property {(options: { folder?: string, payload?: Record<string, string> }) => string} address
 * @property {() => Promise<void>} stop
 */

/** What keeps an editor that nobody looks at quiet and the same every time. @type {Settings} */
export const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'window.restoreWindows': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'git.enabled': false,
  'security.workspace.trust.banner': 'always',
  'telemetry.telemetryLevel': 'off',
  'terminal.integrated.enablePersistentSessions': false,
  'update.mode': 'none',
  'files.simpleDialog.enable': true,
};

/**
 * @param {Folders & { editor: Editor, log: Log, folder?: string, vsix?: string, settings?: Settings, env?: NodeJS.ProcessEnv,
 *   port?: number, args?: readonly string[] }} options `settings` are the user's; `env` is what the extension host gets
 * @returns {Promise<EditorServer>}
 */
export async function startEditor(options) {
  const { editor, serverDataDir, extensionsDir, folder, port = 0, log } = options;
  writeUserSettings(serverDataDir, options.settings ?? QUIET_SETTINGS);
  if (options.vsix) await installExtension({ editor, serverDataDir, extensionsDir, vsix: options.vsix, log });
  const token = randomBytes(16).toString('hex');
  const output = join(serverDataDir, 'server.log');
  const group = startGroup(
    editor.node,
    [
      editor.main,
      `--host=${HOST}`,
      `--port=${port}`,
      `--connection-token=${token}`,
      '--accept-server-license-terms',
      `--server-data-dir=${serverDataDir}`,
      `--extensions-dir=${extensionsDir}`,
      '--telemetry-level=off',
      ...(options.args ?? []),
    ],
    { env: hostEnvironment(options.env ?? process.env), stdout: 'pipe' },
  );
  const listening = await untilListening(group, output);
  const origin = `http://${HOST}:${listening}`;
  /** @type {EditorServer['address']} */
  const address = ({ folder: opened, payload }) => {
    const query = new URLSearchParams({ tkn: token });
    if (opened) query.set('folder', opened);
    if (payload) query.set('payload', JSON.stringify(Object.entries(payload)));
    return `${origin}/?${query.toString()}`;
  };
  return {
    url: address(folder ? { folder } : {}),
    host: HOST,
    port: listening,
    token,
    logs: join(serverDataDir, 'data', 'logs'),
    output,
    address,
    stop: () => endGroup(group),
  };
}

/**
 * @param {Folders & { editor: Editor, vsix: string, log: Log }} options
 */
export async function installExtension({ editor, serverDataDir, extensionsDir, vsix, log }) {
  const args = [
    `--install-extension=${vsix}`,
    '--force',
    `--extensions-dir=${extensionsDir}`,
    `--server-data-dir=${serverDataDir}`,
  ];
  await run(editor.node, [editor.main, '--accept-server-license-terms', ...args], {
    log,
    what: 'Installing the extension',
    env: hostEnvironment(process.env),
  });
}

/** @param {string} serverDataDir @param {Settings} settings */
function writeUserSettings(serverDataDir, settings) {
  const file = join(serverDataDir, 'data', 'User', 'settings.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`);
}

/** An editor started from a terminal inside another editor must not take itself for a part of that one. @param {NodeJS.ProcessEnv} env */
function hostEnvironment(env) {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !name.startsWith('VSCODE_') && !name.startsWith('ELECTRON_') && name !== 'NODE_OPTIONS',
    ),
  );
}

/**
 * @param {import('./processes.mjs').Group} group
 * @param {string} output file that takes what the server prints
 * @returns {Promise<number>} the port
 */
async function untilListening(group, output) {
  const { stdout, stderr } = group.child;
  if (!stdout || !stderr) throw new Error('the server was started without pipes');
  const file = createWriteStream(output, { flags: 'a' });
  stdout.pipe(file);
  stderr.pipe(file);
  /** @type {Promise<number>} */
  const listening = new Promise((resolve, reject) => {
    let text = '';
    /** @param {string} why */
    const fail = (why) => reject(new SetupError(classify(text) ?? `The editor ${why}.`, { log: output }));
    const timer = setTimeout(() => fail('did not listen in time'), START_MS);
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      text += chunk.toString();
      const port = /Extension host agent listening on (\d+)/.exec(text)?.[1];
      if (!port) return;
      clearTimeout(timer);
      stdout.off('data', take);
      stderr.off('data', take);
      resolve(Number(port));
    };
    stdout.on('data', take);
    stderr.on('data', take);
    group.child.once('exit', () => {
      clearTimeout(timer);
      fail('ended at once');
    });
  });
  try {
    return await listening;
  } catch (error) {
    await endGroup(group);
    throw error;
  }
}
