import { isEmptyCatalogue, type Catalogue } from '../spec/catalogue.ts';

/** The connections, as far as the views need them. */
export interface ConnectionsPort {
  readonly entries: readonly ShownConnection[];
  /** Whether connections may be opened here: false in a workspace that is not trusted. */
  readonly allowed: boolean;
  onDidChange(listener: () => void): { dispose(): void };
  /** Opens the connection if nobody has tried yet. */
  ensure(name: string): Promise<void>;
}

/** The connections, as the Schema tree needs them. */
export interface SchemasPort extends ConnectionsPort {
  /** Reads a schema that a very big database has left for later; a change follows. */
  loadSchema(name: string, schema: string): Promise<void>;
}

export interface ShownConnection {
  readonly settings: {
    readonly name: string;
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
  };
  readonly state:
    | { readonly kind: 'idle' }
    | { readonly kind: 'connecting' }
    | { readonly kind: 'ready'; readonly catalogue: Catalogue; readonly serverVersion: string }
    | { readonly kind: 'failed'; readonly failure: ShownFailure };
}

/** A failure in words: an English sentence with `{name}` places, which the editor's translations know by itself. */
export interface ShownFailure {
  readonly code: string;
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The one context key: it decides which welcome stands in the Schema view, and which commands make sense. */
export type OverallState = 'none' | 'settings' | 'untrusted' | 'connecting' | 'error' | 'password' | 'empty' | 'ready';

/** `invalid` counts the connections of the settings that cannot be used. */
export function overallState(connections: Pick<ConnectionsPort, 'entries' | 'allowed'>, invalid: number): OverallState {
  const { entries, allowed } = connections;
  if (!allowed) return 'untrusted';
  if (entries.length === 0) return invalid > 0 ? 'settings' : 'none';
  const states = entries.map(({ state }) => state);
  if (states.every((state) => state.kind === 'failed')) return states.some(wantsPassword) ? 'password' : 'error';
  if (states.every((state) => state.kind === 'ready' && isEmptyCatalogue(state.catalogue))) return 'empty';
  return states.some((state) => state.kind === 'ready' || state.kind === 'failed') ? 'ready' : 'connecting';
}

/** Whether a password, entered now, would be the way out. */
export const wantsPassword = (state: ShownConnection['state']): boolean =>
  state.kind === 'failed' && (state.failure.code === 'wrong-password' || state.failure.code === 'missing-password');
