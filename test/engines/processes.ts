import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The processes below `root` whose command line matches, as the system lists them. */
export async function childrenOf(root: number, command: RegExp): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const all = stdout.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return found ? [{ pid: Number(found[1]), parent: Number(found[2]), args: found[3] ?? '' }] : [];
  });
  const below = new Set([root]);
  // A parent may be listed after its child.
  for (let size = 0; size !== below.size;) {
    size = below.size;
    for (const { pid, parent } of all) if (below.has(parent)) below.add(pid);
  }
  return all.filter(({ pid, args }) => pid !== root && below.has(pid) && command.test(args)).map(({ pid }) => pid);
}
