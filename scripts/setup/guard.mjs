// Runs one program in a process group of its own and ends that whole group as soon as our parent closes our input or
// dies, even by SIGKILL. Usage: node guard.mjs '{"command":…,"args":[…],"signal":"SIGTERM","graceMs":10000}'
import { spawn, spawnSync } from 'node:child_process';

const { command, args, signal, uid, gid, graceMs } = JSON.parse(process.argv[2]);
const windows = process.platform === 'win32';
const child = spawn(command, args, {
  stdio: ['ignore', 'inherit', 'inherit'],
  detached: !windows,
  windowsHide: true,
  uid,
  gid,
});

// Signals meant for our parent's terminal may reach us as well; we stay until the program is gone.
for (const name of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) process.on(name, () => {});

child.once('error', (error) => {
  console.error(`${command}: ${error.message}`);
  process.exit(127);
});
child.once('exit', (code) => {
  killGroup();
  process.exit(code ?? 1);
});
process.stdin.on('end', end).on('error', end).resume();

function end() {
  if (windows) return killGroup();
  // First the program alone, so that it can end its own children in order; then whoever is left.
  child.kill(signal);
  setTimeout(killGroup, graceMs);
}

function killGroup() {
  if (child.pid === undefined) return;
  if (windows) {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}
