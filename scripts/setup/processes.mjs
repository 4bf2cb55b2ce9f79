// Long-running children (databases, servers, browsers): each is the head of a process group of its own that is ended
// as a whole, whatever happens to us. A child that we start stands behind guard.mjs, which ends the group when we die.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const GUARD = fileURLToPath(new URL('./guard.mjs', import.meta.url));
const GRACE_MS = 10_000;

/** @typedef {import('node:child_process').ChildProcess} Child */
/** @typedef {{ child: Child, signal: NodeJS.Signals, guarded: boolean }} Group `guarded`: the child is guard.mjs */

/** @type {Set<Group>} */
const alive = new Set();

/**
 * Starts a program that must not outlive this process.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdout?: number | 'pipe' | 'inherit', stderr?: number | 'pipe' | 'inherit',
 *           signal?: NodeJS.Signals, graceMs?: number, uid?: number, gid?: number }} [options] `signal` asks the program to stop (default
 *   SIGTERM), and after `graceMs` its whole group is killed
 * @returns {Group}
 */
export function startGroup(command, args, options = {}) {
  const { signal = 'SIGTERM', graceMs = GRACE_MS, uid, gid } = options;
  const orders = JSON.stringify({ command, args, signal, uid, gid, graceMs });
  const child = spawn(process.execPath, [GUARD, orders], {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['pipe', options.stdout ?? 'pipe', options.stderr ?? options.stdout ?? 'pipe'],
  });
  // The pipe is only there to break when we die; a write to it never happens and its error says nothing.
  const pipe = /** @type {import('node:net').Socket} */ (child.stdin);
  pipe.on('error', () => {});
  // Whoever forgets to end it must not wait for it for ever: we may leave, and the guard sees that.
  pipe.unref();
  child.unref();
  return register({ child, signal, guarded: true });
}

/**
 * Takes over a child started elsewhere with `detached: true`, so that it ends with us.
 * @param {Group} group
 */
export function register(group) {
  endWithUs();
  alive.add(group);
  group.child.once('exit', () => alive.delete(group));
  return group;
}

/**
 * Ends the group: closes the guard's pipe, which asks politely first, and kills what is left after the grace time.
 * @param {Group} group
 */
export async function endGroup(group) {
  const { child } = group;
  if (!isRunning(child)) return;
  child.ref();
  const gone = once(child, 'exit');
  if (group.guarded) child.stdin?.end();
  else kill(child, group.signal);
  const timer = setTimeout(() => kill(child, 'SIGKILL'), GRACE_MS + 2_000);
  await gone;
  clearTimeout(timer);
}

export async function endAll() {
  await Promise.all([...alive].map(endGroup));
}

/** @param {Child} child */
export function isRunning(child) {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/**
 * Whether any process has this id. One that was killed but not yet collected by its parent counts as gone.
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * Signals the whole group of a detached child; on Windows, the tree below it.
 * @param {Child} child
 * @param {NodeJS.Signals} signal
 */
export function kill(child, signal) {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/** @type {Array<() => Promise<void> | void>} */
const farewells = [];
let armed = false;

/**
 * Has `farewell` run before the groups are ended when the process is told to stop.
 * @param {() => Promise<void> | void} farewell
 */
export function beforeEnd(farewell) {
  endWithUs();
  farewells.push(farewell);
}

/** Ends every group on Ctrl-C, on being terminated and on an error that nobody caught. */
export function endWithUs() {
  if (armed) return;
  armed = true;
  let leaving = false;
  /** @param {number} code */
  const leave = async (code) => {
    if (leaving) return;
    leaving = true;
    try {
      for (const farewell of farewells) await farewell();
      await endAll();
    } finally {
      process.exit(code);
    }
  };
  /** @param {unknown} error */
  const fail = (error) => {
    // Whoever read our output may be gone: its EPIPE comes here too, and must not be answered with another line.
    if (!leaving) console.error(error);
    void leave(1);
  };
  process.on('SIGINT', () => void leave(130));
  process.on('SIGTERM', () => void leave(143));
  process.on('SIGHUP', () => void leave(129));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
}
