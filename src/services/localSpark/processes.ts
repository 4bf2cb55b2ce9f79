import { spawn } from 'node:child_process';

/** Ends a process and all that it started; it must lead a process group of its own. */
export function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32') spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    else process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Everything in the group has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** What a child process has to be spawned with, so that `endGroup` ends it. */
export const ownGroup = { detached: process.platform !== 'win32', windowsHide: true } as const;
