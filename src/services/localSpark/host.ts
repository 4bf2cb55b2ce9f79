import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { rm } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { makeFolder } from './folder.ts';
import { readLines, Tail } from './lines.ts';
import { endGroup, ownGroup } from './processes.ts';
import type { HostEvent, HostOrder, Login } from './protocol.ts';

export interface HostPlace {
  readonly python: string;
  /** With everything that the JVM and its Python workers need. */
  readonly environment: NodeJS.ProcessEnv;
}

export interface Progress {
  readonly stages: readonly [done: number, total: number];
  readonly tasks: readonly [done: number, total: number];
}

export interface Lost {
  /** Whether memory was what it died of. */
  readonly memory: boolean;
  readonly message: string;
}

/** How long an orderly end may take. */
const patienceMs = 5_000;
/** A JVM that takes longer to end a script's work hangs. */
const answerMs = 15_000;
/** The JVM's own status when it is told to end rather than to go on without memory, and Spark's for the same. */
const memoryStatuses: readonly (number | null)[] = [3, 52];

/** The Python process that holds the JVM. */
export class Host {
  /** Resolves once, when the JVM is gone or useless. */
  readonly lost: Promise<Lost>;
  /** What the JVM holds in memory, as far as it is known. */
  bytes = 0;
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly words = new Tail();
  private readonly watched = new Map<string, (progress: Progress) => void>();
  private readonly waiting = new Map<string, (leaked: number) => void>();
  private joined: { readonly port: number; readonly secret: string } | undefined;
  private reason: Lost | undefined;
  private becomeReady: () => void = () => undefined;
  private readonly ready: Promise<void>;
  private readonly folder: string;

  /** Resolves when the JVM stands; an aborted signal ends it at once, as long as it does not. */
  static async start(place: HostPlace, signal: AbortSignal): Promise<Host> {
    const host = new Host(place, await makeFolder());
    const stop = (): void => {
      host.kill();
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const lost = await Promise.race([host.ready, host.lost]);
    signal.removeEventListener('abort', stop);
    if (lost) throw new Error(lost.message);
    return host;
  }

  private constructor({ python, environment }: HostPlace, folder: string) {
    this.folder = folder;
    this.child = spawn(python, ['-m', 'datamorph_worker'], {
      ...ownGroup,
      cwd: folder,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...environment, SPARK_LOCAL_DIRS: folder },
    });
    this.ready = new Promise((resolve) => (this.becomeReady = resolve));
    this.child.stdin.on('error', () => undefined); // a dead process is told of by its end
    void readLines(this.child.stderr, (line) => {
      this.words.add(line);
    });
    this.lost = this.untilLost();
    void this.lost.then(() => this.cleanUp());
  }

  /** Where a script joins the JVM. */
  get address(): { readonly port: number; readonly secret: string } {
    if (!this.joined) throw new Error('The worker is not ready.');
    return this.joined;
  }

  get isLost(): boolean {
    return this.reason !== undefined;
  }

  watch(run: string, onProgress: (progress: Progress) => void): void {
    this.watched.set(run, onProgress);
    this.order({ op: 'watch', run });
  }

  /** Ends the run's Spark jobs and its sessions on the database; answers how many of them could not be ended. */
  cancel(run: string, connections: readonly Login[]): Promise<number> {
    return this.ask({ op: 'cancel', run, connections });
  }

  /** The same, and lets go of what the run held in the JVM. */
  async release(run: string, connections: readonly Login[]): Promise<number> {
    const leaked = await this.ask({ op: 'release', run, connections });
    this.watched.delete(run);
    return leaked;
  }

  async end(): Promise<void> {
    this.child.stdin.end();
    const impatient = setTimeout(() => {
      this.kill();
    }, patienceMs);
    await this.lost;
    clearTimeout(impatient);
  }

  kill(): void {
    endGroup(this.child.pid);
  }

  private async ask(order: Extract<HostOrder, { readonly connections: unknown }>): Promise<number> {
    const answer = new Promise<number>((resolve) => this.waiting.set(`${order.op} ${order.run}`, resolve));
    this.order(order);
    const hanging = setTimeout(() => {
      this.kill();
    }, answerMs);
    const leaked = await Promise.race([answer, this.lost.then(() => 0)]);
    clearTimeout(hanging);
    return leaked;
  }

  private order(order: HostOrder): void {
    if (!this.isLost) this.child.stdin.write(`${JSON.stringify(order)}\n`);
  }

  private async untilLost(): Promise<Lost> {
    const started = new Promise<string | undefined>((resolve) => {
      this.child.once('error', (error) => {
        resolve(error.message);
      });
      this.child.once('close', () => {
        resolve(undefined);
      });
    });
    await readLines(this.child.stdout, (line) => {
      this.take(JSON.parse(line) as HostEvent);
    });
    const failure = await started;
    this.reason ??= { memory: false, message: `Spark could not be started or ended: ${failure ?? this.lastWords()}` };
    return this.reason;
  }

  private take(message: HostEvent): void {
    switch (message.event) {
      case 'ready':
        this.joined = message;
        this.becomeReady();
        return;
      case 'progress':
        this.watched.get(message.run)?.(message);
        return;
      case 'done': {
        const key = `${message.op} ${message.run}`;
        this.waiting.get(key)?.(message.leaked);
        this.waiting.delete(key);
        return;
      }
      case 'size':
        this.bytes = message.bytes ?? 0;
        return;
      case 'lost':
        this.reason = this.lossOf(message);
        // The JVM may still be there, useless.
        this.kill();
    }
  }

  private lossOf({ reason, status, message }: Extract<HostEvent, { readonly event: 'lost' }>): Lost {
    switch (reason) {
      case 'stopped':
        return { memory: false, message: 'A script stopped the Spark context that all scripts share.' };
      case 'start':
        return { memory: false, message: `Spark could not be started: ${this.lastWords() || (message ?? '')}` };
      case 'exited':
        return memoryStatuses.includes(status)
          ? { memory: true, message: 'Spark ran out of memory.' }
          : { memory: false, message: `The Spark process ended (status ${status ?? 'unknown'}).` };
    }
  }

  /** The line that says most about why Java or Python did not start. */
  private lastWords(): string {
    const { lines } = this.words;
    const telling = lines.findLast((line) => /error|exception|JAVA_HOME|No such file|not found/i.test(line));
    return (telling ?? lines.at(-1) ?? '').trim();
  }

  private async cleanUp(): Promise<void> {
    this.kill();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
