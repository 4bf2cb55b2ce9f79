// Packages by npm, each checked against the sha512 that the project pins before anything in it is used.
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SetupError } from '../failure.mjs';
import { run } from '../run.mjs';

/** @typedef {import('./pins.mjs').Package} Package */
/** @typedef {import('../log.mjs').Log} Log */

/**
 * Unpacks one folder of a package into `target`, without source maps. npm keeps the tarball in its own cache, so a second
 * time needs no network.
 * @param {Package} wanted
 * @param {string} folder a path inside the package, or nothing for the whole of it
 * @param {{ target: string, log: Log }} options
 */
export async function unpack(wanted, folder, { target, log }) {
  const what = `Downloading ${wanted.name} ${wanted.version}`;
  const landing = `${target}.download`;
  rmSync(landing, { recursive: true, force: true });
  mkdirSync(landing, { recursive: true });
  mkdirSync(target, { recursive: true });
  try {
    const spec = `${wanted.name}@${wanted.version}`;
    await npm(['pack', spec, '--pack-destination', landing, '--prefer-offline', '--loglevel=error'], {
      cwd: landing,
      log,
      what,
    });
    const tarball = join(landing, readdirSync(landing)[0]);
    await verify(tarball, wanted, log);
    const path = ['package', ...folder.split('/').filter(Boolean)];
    const args = [
      '-xzf',
      tarball,
      '-C',
      target,
      '--exclude=*.map',
      `--strip-components=${path.length}`,
      path.join('/'),
    ];
    await run('tar', args, { log, what: `Unpacking ${wanted.name}` });
  } finally {
    rmSync(landing, { recursive: true, force: true });
  }
}

/**
 * @param {readonly string[]} args
 * @param {{ cwd: string, log: Log, what: string }} options
 */
export function npm(args, options) {
  const { npm_execpath: own } = process.env;
  // Under `npm start` and `npm test` the npm that started us is the one to use.
  return own?.endsWith('npm-cli.js') ? run(process.execPath, [own, ...args], options) : run('npm', args, options);
}

/** @param {string} file @param {Package} wanted @param {Log} log */
async function verify(file, wanted, log) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  const integrity = `sha512-${hash.digest('base64')}`;
  if (integrity === wanted.integrity) return;
  log.noise(`${wanted.name} ${wanted.version}: expected ${wanted.integrity}, got ${integrity}\n`);
  throw new SetupError(
    `${wanted.name} ${wanted.version} is not the package that was pinned: it was refused, and nothing was installed.`,
    { log: log.file },
  );
}
