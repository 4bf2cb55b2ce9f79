// Builds and packages the extension, unless what it is made of is as it was.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../setup/run.mjs';

const INPUTS = [
  'src',
  'webview',
  'python',
  'schemas',
  'media',
  'l10n',
  'docs',
  'scripts/build.mjs',
  'scripts/package.mjs',
  'package.json',
  'package-lock.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];

/**
 * @param {{ log: import('../setup/log.mjs').Log, root: string }} options
 * @returns {Promise<{ vsix: string, cli: string }>}
 */
export async function ensureBundle({ log, root }) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const vsix = join(root, 'dist', `datamorph-${version}.vsix`);
  const stamp = join(root, 'dist', '.inputs');
  const inputs = fingerprint(root);
  const current = existsSync(vsix) && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs;
  if (!current) {
    rmSync(stamp, { force: true });
    await log.step('Building the extension', () => script('build.mjs', 'Building the extension', { log, root }));
    await log.step('Packaging the extension', () => script('package.mjs', 'Packaging the extension', { log, root }));
    writeFileSync(stamp, inputs);
  }
  return { vsix, cli: join(root, 'dist', 'cli.js') };
}

/** @param {string} name @param {string} what @param {{ log: import('../setup/log.mjs').Log, root: string }} options */
function script(name, what, { log, root }) {
  return run(process.execPath, [join(root, 'scripts', name)], { log, what, cwd: root });
}

/** @param {string} root */
function fingerprint(root) {
  const hash = createHash('sha256');
  const translations = readdirSync(root).filter((name) => name.startsWith('package.nls'));
  for (const name of [...INPUTS, ...translations]) {
    for (const file of filesBelow(join(root, name)))
      hash.update(file.slice(root.length)).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** @param {string} path @returns {string[]} in an order that is always the same */
function filesBelow(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return [];
  if (!stats.isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name !== '__pycache__');
  return names.sort().flatMap((name) => filesBelow(join(path, name)));
}
