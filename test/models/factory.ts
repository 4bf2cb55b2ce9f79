import type { Model } from '../../src/agents/model.ts';
import type { SeenRequest, Turn } from '../support/models/script.ts';

export interface ModelFactory {
  readonly name: string;
  start(): Promise<RunningModel>;
  readonly wire: Wire;
}

export interface RunningModel {
  /** Each has learnt nothing yet; `idleMs` is how long it lets the other side be silent, `endpoint` a wrong one. */
  model(options?: { readonly idleMs?: number; readonly endpoint?: string }): Promise<Model>;
  script(...turns: readonly Turn[]): void;
  readonly requests: readonly SeenRequest[];
  readonly unplayed: readonly Turn[];
  stop(): Promise<void>;
}

/** What the provider's protocol can say at all. */
export interface Wire {
  /** Why a model stopped, and what it took. */
  readonly ends: boolean;
  /** Its JSON as text. */
  readonly rawJson: boolean;
  readonly retryAfter: boolean;
  /** A server that nobody hears. */
  readonly network: boolean;
  readonly cacheWrites: boolean;
}
