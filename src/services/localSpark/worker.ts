import { Host, type HostPlace } from './host.ts';
import type { Limits } from './options.ts';
import { ScriptProcess } from './scriptProcess.ts';

/** One JVM with a script's process kept ready, from its start to its end. */
export class Worker {
  readonly host: Host;
  private readonly place: HostPlace;
  private readonly limits: Limits;
  private spare: ScriptProcess;
  private users = 0;
  private usersWhenLost = 0;
  private runs = 0;
  private retired = false;
  private idle: NodeJS.Timeout | undefined;

  static async start(place: HostPlace, limits: Limits, signal: AbortSignal): Promise<Worker> {
    // Python loads what scripts need while the JVM starts.
    const spare = new ScriptProcess(place);
    try {
      return new Worker(await Host.start(place, signal), spare, { place, limits });
    } catch (error) {
      spare.kill();
      throw error;
    }
  }

  private constructor(
    host: Host,
    spare: ScriptProcess,
    { place, limits }: { readonly place: HostPlace; readonly limits: Limits },
  ) {
    this.host = host;
    this.spare = spare;
    this.place = place;
    this.limits = limits;
    void host.lost.then(() => {
      this.retired = true;
      this.usersWhenLost = this.users;
      clearTimeout(this.idle);
      this.spare.kill();
    });
    this.becomeIdle();
  }

  get isRetired(): boolean {
    return this.retired;
  }

  /** Whether several scripts were on it when it went away, so that nobody knows whose doing it was. */
  get wasShared(): boolean {
    return this.usersWhenLost > 1;
  }

  /** A process for one script, and the function that gives the place back. */
  enter(): { readonly script: ScriptProcess; readonly leave: () => void } {
    clearTimeout(this.idle);
    this.users += 1;
    this.runs += 1;
    const script = this.spare.isAlive ? this.spare : new ScriptProcess(this.place);
    this.spare = new ScriptProcess(this.place);
    return {
      script,
      leave: () => {
        this.users -= 1;
        this.retireIfWorn();
        if (this.users > 0) return;
        if (this.retired) void this.end();
        else this.becomeIdle();
      },
    };
  }

  /** No script comes on it any more; it ends with the last one that is. */
  retire(): void {
    this.retired = true;
  }

  async end(): Promise<void> {
    this.retired = true;
    clearTimeout(this.idle);
    this.spare.kill();
    await this.host.end();
  }

  private retireIfWorn(): void {
    const { runs, heapBytes, excessBytes } = this.limits;
    if (this.runs >= runs || this.host.bytes > heapBytes + excessBytes) this.retired = true;
  }

  private becomeIdle(): void {
    this.idle = setTimeout(() => void this.end(), this.limits.idleMinutes * 60_000).unref();
  }
}
