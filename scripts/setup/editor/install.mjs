// Puts a VS Code server together from npm packages. Nothing is compiled and no package's script is run.
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot, digest, installOnce } from '../cache.mjs';
import { SetupError } from '../failure.mjs';
import { EDITORS, PLATFORMS } from './pins.mjs';
import { npm, unpack } from './packages.mjs';

const SHIMS = fileURLToPath(new URL('shims/', import.meta.url));

/** @typedef {import('../log.mjs').Log} Log */
/** @typedef {import('./pins.mjs').EditorVersion} EditorVersion */
/** @typedef {import('./pins.mjs').Platform} Platform */
/** @typedef {{ version: EditorVersion, vscode: string, node: string, main: string }} Editor `node main` is the server */

/**
 * @param {EditorVersion} version
 * @param {{ log: Log }} options
 * @returns {Promise<Editor>}
 */
export async function ensureEditor(version, { log }) {
  const platform = currentPlatform();
  const pin = EDITORS[version];
  const onWait = () => log.info('Waiting for another DataMorph set-up to finish …');
  const key = digest(
    platform,
    JSON.stringify(pin),
    ...readdirSync(SHIMS).map((name) => readFileSync(join(SHIMS, name))),
  );
  const { folder } = await installOnce(
    join(cacheRoot(), `editor-${pin.vscode}-${key}`),
    (target) =>
      log.step(`Installing VS Code ${pin.vscode} (server build)`, () => build(pin, { target, platform, log })),
    { onWait },
  );
  return {
    version,
    vscode: pin.vscode,
    node: await ensureNode(pin, { platform, log, onWait }),
    main: join(folder, 'out/server-main.js'),
  };
}

/** @param {NodeJS.Platform} [platform] @param {string} [arch] @returns {boolean} whether npm has a server for this machine */
export function hasServerBuild(platform = process.platform, arch = process.arch) {
  return PLATFORMS.some((name) => name === `${platform}-${arch}`);
}

/** @returns {Platform} */
function currentPlatform() {
  const { platform, arch } = process;
  if (hasServerBuild()) return /** @type {Platform} */ (`${platform}-${arch}`);
  throw new SetupError(
    `There is no packaged VS Code server for ${platform}-${arch}: use the machine's own VS Code (npm start -- --desktop).`,
  );
}

/**
 * @param {import('./pins.mjs').Pin} pin
 * @param {{ target: string, platform: Platform, log: Log }} options
 */
async function build(pin, { target, platform, log }) {
  await unpack(pin.server, 'lib/vscode', { target, log });
  // The server's own lock file names each package's sha512. Its peer dependencies are loose, hence --legacy-peer-deps.
  await npm(
    ['ci', '--omit=dev', '--ignore-scripts', '--legacy-peer-deps', '--prefer-offline', '--no-audit', '--no-fund'],
    {
      cwd: target,
      log,
      what: `Installing the packages of VS Code ${pin.vscode}`,
    },
  );
  for (const { package: wanted, folder, to } of pin.additions[platform]) {
    await unpack(wanted, folder, { target: join(target, to), log });
  }
  for (const [name, shim] of Object.entries(pin.shims)) {
    cpSync(join(SHIMS, shim), join(target, 'node_modules', name, 'index.js'));
  }
  for (const path of pin.unused) rmSync(join(target, path), { recursive: true, force: true });
  dropOtherPlatforms(join(target, 'node_modules'), platform);
}

/** Programs for other machines are most of what is left. @param {string} modules @param {Platform} platform */
function dropOtherPlatforms(modules, platform) {
  for (const holder of ['@vscode/ripgrep-universal/bin', 'node-pty/prebuilds']) {
    for (const name of list(join(modules, holder))) {
      if (name !== platform) rmSync(join(modules, holder, name), { recursive: true });
    }
  }
  dropSourceMaps(modules);
}

/** @param {string} folder */
function dropSourceMaps(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && /\.js\.map$/.test(entry.name)) rmSync(join(entry.parentPath, entry.name));
  }
}

/** @param {string} folder @returns {string[]} */
function list(folder) {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * @param {import('./pins.mjs').Pin} pin
 * @param {{ platform: Platform, log: Log, onWait: () => void }} options
 * @returns {Promise<string>} this Node.js where it is the right one, else the one that npm carries
 */
async function ensureNode(pin, { platform, log, onWait }) {
  if (Number(process.versions.node.split('.')[0]) === pin.nodeMajor) return process.execPath;
  const wanted = pin.node[platform];
  const { folder } = await installOnce(
    join(cacheRoot(), `node-${wanted.version}-${platform}`),
    (target) =>
      log.step(`Installing Node.js ${wanted.version} for the editor`, () => unpack(wanted, 'bin', { target, log })),
    { onWait },
  );
  return join(folder, 'node');
}
