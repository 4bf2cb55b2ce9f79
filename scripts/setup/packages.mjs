// The npm packages: installed by `npm ci` when what stands in node_modules is not what the lock file says.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withLock } from './cache.mjs';
import { run } from './run.mjs';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean }} Entry */
/** @typedef {{ packages: Record<string, Entry> }} LockFile */

/** @param {{ log: import('./log.mjs').Log, root: string }} options */
export async function ensurePackages({ log, root }) {
  if (isInstalled(root)) return;
  const onWait = () => log.info('Waiting for another npm ci in this checkout to finish …');
  await withLock(join(root, 'out', 'npm-ci.lock'), onWait, async () => {
    if (isInstalled(root)) return;
    // No package needs its install script here, so none is run.
    await log.step('Installing the npm packages (npm ci)', () =>
      runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
        log,
        what: 'Installing the npm packages',
        cwd: root,
      }),
    );
  });
}

/** @param {string} root */
function isInstalled(root) {
  const installed = join(root, 'node_modules', '.package-lock.json');
  return existsSync(installed) && matches(readJson(join(root, 'package-lock.json')), readJson(installed));
}

/**
 * Whether npm's own note of what it installed says the same as the lock file. Optional packages for other platforms may be absent.
 * @param {LockFile} wanted
 * @param {LockFile} installed
 */
export function matches(wanted, installed) {
  const names = Object.keys(wanted.packages).filter((name) => name !== '');
  const known = Object.keys(installed.packages).every((name) => name in wanted.packages);
  return known && names.every((name) => fits(wanted.packages[name], installed.packages[name]));
}

/** @param {Entry} wanted @param {Entry | undefined} installed */
function fits(wanted, installed) {
  if (installed === undefined) return wanted.optional === true;
  return wanted.version === installed.version && wanted.integrity === installed.integrity;
}

/**
 * Runs the npm that runs us, else the one beside this Node. It is started as a script, because Windows has no plain executable.
 * @param {string[]} args
 * @param {{ log: import('./log.mjs').Log, what: string, cwd: string, env?: NodeJS.ProcessEnv }} options
 */
export function runNpm(args, options) {
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const script = [process.env.npm_execpath, beside].find((path) => path?.endsWith('npm-cli.js') && existsSync(path));
  return script ? run(process.execPath, [script, ...args], options) : run('npm', args, options);
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
