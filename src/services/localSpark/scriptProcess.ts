import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { HostPlace } from './host.ts';
import { readLines } from './lines.ts';
import { endGroup, ownGroup } from './processes.ts';
import type { ScriptOrder } from './protocol.ts';

export interface ScriptEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ScriptOutput {
  readonly onOut: (line: string) => void;
  readonly onErr: (line: string) => void;
}

/** A Python process that has loaded what scripts need, and waits for the one script that it will run. */
export class ScriptProcess {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly closed: Promise<ScriptEnd>;

  constructor({ python, environment }: HostPlace) {
    this.child = spawn(python, ['-m', 'datamorph_worker.script'], {
      ...ownGroup,
      cwd: tmpdir(),
      stdio: ['pipe', 'pipe', 'pipe'],
      env: environment,
    });
    this.child.stdin.on('error', () => undefined); // a dead process is told of by its end
    this.closed = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('exit', () => {
        // What the script started may hold its output open for ever.
        endGroup(this.child.pid);
      });
      this.child.once('close', (code, signal) => {
        resolve({ code, signal });
      });
    });
    // Read by whoever runs a script in it; a process that nobody uses must not end ours.
    this.closed.catch(() => undefined);
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null && this.child.pid !== undefined;
  }

  /** Runs the script; resolves when it has ended and all its output was read. */
  async run(order: ScriptOrder, { onOut, onErr }: ScriptOutput): Promise<ScriptEnd> {
    this.child.stdin.write(`${JSON.stringify(order)}\n`);
    const [end] = await Promise.all([
      this.closed,
      readLines(this.child.stdout, onOut),
      readLines(this.child.stderr, onErr),
    ]);
    return end;
  }

  /** A KeyboardInterrupt in the script. */
  interrupt(): void {
    this.child.stdin.write('interrupt\n');
  }

  kill(): void {
    endGroup(this.child.pid);
  }
}
