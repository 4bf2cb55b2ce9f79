/** The lines between us and the worker, as python/datamorph_worker/__init__.py describes them. */

export type HostEvent =
  | { readonly event: 'ready'; readonly port: number; readonly secret: string; readonly jvm: number }
  | {
      readonly event: 'progress';
      readonly run: string;
      readonly stages: readonly [done: number, total: number];
      readonly tasks: readonly [done: number, total: number];
    }
  | { readonly event: 'done'; readonly op: 'cancel' | 'release'; readonly run: string; readonly leaked: number }
  | { readonly event: 'size'; readonly bytes: number | null }
  | LostEvent;

export interface LostEvent {
  readonly event: 'lost';
  readonly reason: 'exited' | 'stopped' | 'start';
  readonly status: number | null;
  readonly message?: string;
}

export type HostOrder =
  | { readonly op: 'watch'; readonly run: string }
  | { readonly op: 'cancel' | 'release'; readonly run: string; readonly connections: readonly Login[] };

/** Where a run's sessions on the database are found and ended. */
export interface Login {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface ScriptOrder {
  readonly port: number;
  readonly secret: string;
  readonly run: string;
  readonly script: string;
  readonly folder: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Bytes that the script's own process may hold. */
  readonly memory: number;
}
