// A Chromium for the UI suites: the machine's own where there is one, Debian's package where we may install it.
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError } from './failure.mjs';
import { run } from './run.mjs';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
  'msedge',
];
const WINDOWS_PATHS = [
  'Google/Chrome/Application/chrome.exe',
  'Chromium/Application/chrome.exe',
  'Microsoft/Edge/Application/msedge.exe',
];
const MAC_PATHS = ['Chromium', 'Google Chrome', 'Microsoft Edge'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

/**
 * @param {{ log: import('./log.mjs').Log }} options
 * @returns {Promise<string>} the browser's executable
 */
export async function ensureChromium({ log }) {
  const found = findChromium();
  if (found) return found;
  if (!canInstall()) {
    throw new SetupError(
      'No Chromium, Chrome or Edge was found: install one, or name its executable in the variable CHROMIUM.',
    );
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const what = 'Installing Chromium';
  await log.step('Installing Chromium by apt-get', async () => {
    await run('apt-get', ['update'], { log, what, env });
    await run('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], { log, what, env });
  });
  const installed = findChromium();
  if (!installed) throw new SetupError('Chromium was installed but its program was not found.', { log: log.file });
  return installed;
}

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @returns {string | undefined}
 */
export function findChromium(env = process.env, platform = process.platform) {
  if (env.CHROMIUM) {
    if (isExecutable(env.CHROMIUM)) return env.CHROMIUM;
    throw new SetupError(`CHROMIUM names ${env.CHROMIUM}, which cannot be run.`);
  }
  return candidates(env, platform).find(isExecutable);
}

/** @param {NodeJS.ProcessEnv} env @param {NodeJS.Platform} platform */
function candidates(env, platform) {
  if (platform === 'darwin') return MAC_PATHS;
  if (platform === 'win32') {
    const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((root) => root !== undefined);
    return roots.flatMap((root) => WINDOWS_PATHS.map((path) => join(root, path)));
  }
  return (env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function canInstall() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}
