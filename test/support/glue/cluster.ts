import { javaFlags } from '../../../src/services/localSpark/options.ts';
import { randomBytes } from 'node:crypto';
import { delimiter } from 'node:path';
import { Host, type HostPlace } from '../../../src/services/localSpark/host.ts';
import { ScriptProcess } from '../../../src/services/localSpark/scriptProcess.ts';

export interface ClusterOptions {
  readonly python: string;
  readonly jdbcJar: string;
  /** Where the code stands that starts scripts; never what the scripts themselves import. */
  readonly pythonFolder: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Order {
  readonly script: string;
  readonly folder: string;
  /** Goes before everything else that Python finds. */
  readonly extraPyFiles: string;
  readonly arguments: readonly string[];
}

export interface ClusterEnd {
  readonly code: number | null;
  /** Spark was gone before the script ended. */
  readonly lost?: 'memory' | 'engine';
}

/**
 * Clusters of one machine: a JVM with Spark in it for each run, as on Glue. One whose script has ended by itself is given to
 * the next run, and another one is kept ready, to save the seconds of a start; one that was stopped dies with its run.
 */
export class Clusters {
  private readonly options: ClusterOptions;
  private readonly ready = new Map<string, Promise<Host>[]>();
  private readonly busy = new Set<Host>();
  private readonly ending = new AbortController();

  constructor(options: ClusterOptions) {
    this.options = options;
  }

  async run(order: Order, output: Parameters<ScriptProcess['run']>[1], stopped: AbortSignal): Promise<ClusterEnd> {
    const { extraPyFiles } = order;
    const host = await this.take(extraPyFiles);
    const script = new ScriptProcess(this.place(extraPyFiles));
    const stop = (): void => {
      script.kill();
      host.kill();
    };
    stopped.addEventListener('abort', stop, { once: true });
    if (stopped.aborted) stop();
    const run = `run-${randomBytes(4).toString('hex')}`;
    try {
      const { code } = await script.run(
        { ...host.address, ...order, run, environment: {}, memory: 4 * 2 ** 30 },
        output,
      );
      const lost = host.isLost ? { lost: (await host.lost).memory ? ('memory' as const) : ('engine' as const) } : {};
      return { code, ...lost };
    } finally {
      stopped.removeEventListener('abort', stop);
      this.busy.delete(host);
      if (stopped.aborted || host.isLost || (await host.release(run, [])) > 0) host.kill();
      else this.readyFor(extraPyFiles).push(Promise.resolve(host));
    }
  }

  /** As when the machine goes away. */
  async killBusy(): Promise<void> {
    const hosts = [...this.busy];
    for (const host of hosts) host.kill();
    await Promise.all(hosts.map(({ lost }) => lost));
  }

  async end(): Promise<void> {
    this.ending.abort();
    const ready = await Promise.allSettled([...this.ready.values()].flat());
    const hosts = ready.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.all([...this.busy, ...hosts].map((host) => host.end()));
  }

  private async take(extraPyFiles: string): Promise<Host> {
    const ready = this.readyFor(extraPyFiles);
    const host = await (ready.pop() ?? this.start(extraPyFiles));
    this.busy.add(host);
    if (ready.length === 0 && !this.ending.signal.aborted) ready.push(this.start(extraPyFiles));
    return host;
  }

  private start(extraPyFiles: string): Promise<Host> {
    const host = Host.start(this.place(extraPyFiles), this.ending.signal);
    // Told to whoever takes it; one that nobody takes may fail unheard.
    host.catch(() => undefined);
    return host;
  }

  private readyFor(extraPyFiles: string): Promise<Host>[] {
    const ready = this.ready.get(extraPyFiles) ?? [];
    this.ready.set(extraPyFiles, ready);
    return ready;
  }

  private place(extraPyFiles: string): HostPlace {
    const { python, jdbcJar, pythonFolder, environment } = this.options;
    const java = javaFlags(jdbcJar).join(' ');
    return {
      python,
      environment: {
        ...process.env,
        ...environment,
        PYSPARK_PYTHON: python,
        PYSPARK_DRIVER_PYTHON: python,
        PYSPARK_SUBMIT_ARGS: `--master local[2] --driver-memory 1g --driver-class-path '${jdbcJar}' --conf 'spark.driver.defaultJavaOptions=${java}' pyspark-shell`,
        PYTHONPATH: [extraPyFiles, pythonFolder].join(delimiter),
      },
    };
  }
}
