import {
  catalogueOf,
  unreadSchemas,
  withSchema,
  type Catalogue,
  type CatalogueTable,
  type TableName,
} from '../spec/catalogue.ts';
import type { FoundTable, LoadedCatalogue } from './catalogue.ts';
import type { ConnectionSettings } from './connectionSettings.ts';
import { toDatabaseError, type DatabaseFailure } from './databaseFailure.ts';
import type { Log } from './log.ts';

export type ConnectionState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'ready'; readonly catalogue: Catalogue; readonly serverVersion: string }
  | { readonly kind: 'failed'; readonly failure: DatabaseFailure };

export interface ConnectionEntry {
  readonly settings: ConnectionSettings;
  readonly state: ConnectionState;
}

/** An open database, as far as this needs it. */
export interface DatabaseSession {
  readonly serverVersion: string;
  /** All of it, or what is worth reading first of a very big one. */
  catalogue(signal: AbortSignal): Promise<LoadedCatalogue>;
  schemaTables(schema: string, signal: AbortSignal): Promise<readonly CatalogueTable[]>;
  search(text: string, signal?: AbortSignal): Promise<readonly FoundTable[]>;
  /** One round trip, over a new socket where the old one is gone. */
  probe(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectionsOptions {
  readonly open: (
    settings: ConnectionSettings,
    watch: { readonly signal: AbortSignal; readonly onLost: (error: Error) => void },
  ) => Promise<DatabaseSession>;
  readonly log: Log;
  /** Waits between the attempts to reach a server that was lost. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** A laptop that wakes up has its network back after some seconds. */
const recoveryDelaysMs = [0, 1000, 3000, 10_000];

interface Slot {
  readonly settings: ConnectionSettings;
  state: ConnectionState;
  session?: DatabaseSession;
  abort?: AbortController;
  work?: Promise<void>;
  recovering?: boolean;
  /** Schemas that are being read. */
  readonly reading: Map<string, Promise<void>>;
}

/** The connections of the settings and what is known of each. Opens none unless told that it may. */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #listeners = new Set<() => void>();
  #slots: readonly Slot[] = [];
  #allowed = false;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  get entries(): readonly ConnectionEntry[] {
    return this.#slots;
  }

  /** Whether connections may be opened here at all. */
  get allowed(): boolean {
    return this.#allowed;
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  /** Takes over new settings; what did not change stays open. */
  configure(settings: readonly ConnectionSettings[], allowed: boolean): void {
    const old = new Map(this.#slots.map((slot) => [JSON.stringify(slot.settings), slot]));
    this.#slots = settings.map((each) => {
      const key = JSON.stringify(each);
      const kept = allowed ? old.get(key) : undefined;
      if (kept) old.delete(key);
      return kept ?? { settings: each, state: { kind: 'idle' }, reading: new Map() };
    });
    this.#allowed = allowed;
    for (const slot of old.values()) void this.#release(slot);
    this.#changed();
  }

  /** Opens the connection if nobody has tried yet; returns when it is settled, either way. */
  async ensure(name: string): Promise<void> {
    const slot = this.#find(name);
    if (slot?.state.kind === 'idle') await this.#connect(slot);
    else await slot?.work;
  }

  /** Closes and opens again. */
  async reconnect(name: string): Promise<void> {
    const slot = this.#find(name);
    if (!slot) return;
    void this.#release(slot);
    await this.#connect(slot);
  }

  /** Reads the catalogue anew over the open connection; connects where there is none. */
  async refresh(name: string): Promise<void> {
    const slot = this.#find(name);
    if (slot?.state.kind === 'ready' && slot.session) await this.#start(slot, slot.session);
    else await this.reconnect(name);
  }

  /** Reads a schema that was left for later; returns when it is read, or the connection has failed over it. */
  async loadSchema(name: string, schema: string): Promise<void> {
    const slot = this.#find(name);
    if (slot?.state.kind !== 'ready') return;
    const { schemas = [] } = slot.state.catalogue;
    if (!schemas.some((each) => each.name === schema && !each.loaded)) return;
    let work = slot.reading.get(schema);
    if (!work) {
      work = this.#read(slot, schema).finally(() => slot.reading.delete(schema));
      slot.reading.set(schema, work);
    }
    await work;
  }

  /** The catalogue in which these names can be looked up; while a schema has to be read for one of them, undefined. */
  catalogueFor(name: string, tables: readonly TableName[]): Catalogue | undefined {
    const slot = this.#find(name);
    if (slot?.state.kind !== 'ready') return undefined;
    const { catalogue } = slot.state;
    const unread = new Set(tables.flatMap((table) => unreadSchemas(catalogue, table)));
    for (const schema of unread) void this.loadSchema(name, schema);
    return unread.size === 0 ? catalogue : undefined;
  }

  /** Tables by a part of their name, of the whole database. */
  async search(name: string, text: string, signal?: AbortSignal): Promise<readonly FoundTable[]> {
    return (await this.#find(name)?.session?.search(text, signal)) ?? [];
  }

  async dispose(): Promise<void> {
    this.#listeners.clear();
    this.#allowed = false;
    const closing = this.#slots.map((slot) => this.#release(slot));
    this.#slots = [];
    await Promise.all(closing);
  }

  #find(name: string): Slot | undefined {
    return this.#slots.find((slot) => slot.settings.name === name);
  }

  #connect(slot: Slot): Promise<void> {
    if (!this.#allowed) return Promise.resolve();
    return this.#start(slot, undefined);
  }

  #start(slot: Slot, session: DatabaseSession | undefined): Promise<void> {
    slot.abort?.abort();
    const abort = new AbortController();
    slot.abort = abort;
    this.#set(slot, { kind: 'connecting' });
    const work = this.#load(slot, abort, session);
    slot.work = work;
    return work;
  }

  async #load(slot: Slot, abort: AbortController, open: DatabaseSession | undefined): Promise<void> {
    const { settings } = slot;
    const { log } = this.#options;
    const started = performance.now();
    try {
      const session = open ?? (await this.#open(slot, abort));
      const { tables, searchPath, ...facts } = await session.catalogue(abort.signal);
      if (abort.signal.aborted) return;
      const { serverVersion } = session;
      const took = Math.round(performance.now() - started);
      log.info(`${settings.name}: PostgreSQL ${serverVersion}, ${tables.length} tables and views, read in ${took} ms.`);
      this.#set(slot, { kind: 'ready', catalogue: catalogueOf(tables, searchPath, facts), serverVersion });
    } catch (error) {
      if (!abort.signal.aborted) this.#fail(slot, error);
    }
  }

  async #read(slot: Slot, schema: string): Promise<void> {
    const { session, abort, settings } = slot;
    if (!session || !abort) return;
    try {
      const tables = await session.schemaTables(schema, abort.signal);
      const { state } = slot;
      if (abort.signal.aborted || state.kind !== 'ready') return;
      this.#options.log.info(`${settings.name}: ${tables.length} tables and views of ${schema} read.`);
      this.#set(slot, { ...state, catalogue: withSchema(state.catalogue, schema, tables) });
    } catch (error) {
      if (!abort.signal.aborted) this.#fail(slot, error);
    }
  }

  async #open(slot: Slot, abort: AbortController): Promise<DatabaseSession> {
    const { settings } = slot;
    const { signal } = abort;
    this.#options.log.info(`${settings.name}: connecting to ${settings.host}:${settings.port}/${settings.database}.`);
    const opened: { session?: DatabaseSession } = {};
    const onLost = (error: Error): void => {
      if (opened.session && slot.session === opened.session && slot.state.kind === 'ready')
        void this.#recover(slot, error);
    };
    const session = await this.#options.open(settings, { signal, onLost });
    opened.session = session;
    if (signal.aborted) {
      await session.close();
      throw signal.reason;
    }
    slot.session = session;
    return session;
  }

  /** A cut socket is not a lost server: what is shown stays, while a new socket is tried for. */
  async #recover(slot: Slot, error: Error): Promise<void> {
    const { session, settings, abort } = slot;
    if (slot.recovering || !session || !abort) return;
    slot.recovering = true;
    const { log, wait } = this.#options;
    log.warn(`${settings.name}: a connection was cut.`, error);
    const { signal } = abort;
    for (const delay of recoveryDelaysMs) {
      try {
        await wait(delay, signal);
        await session.probe(signal);
        log.info(`${settings.name}: connected again.`);
        slot.recovering = false;
        return;
      } catch (failure) {
        if (signal.aborted) {
          slot.recovering = false;
          return;
        }
        log.debug(`${settings.name}: not reached.`, failure);
      }
    }
    this.#fail(slot, error);
  }

  #fail(slot: Slot, error: unknown): void {
    const { settings } = slot;
    const { failure } = toDatabaseError(error, { ...settings, timeoutMs: 0 });
    this.#options.log.error(`${settings.name}: no connection.`, error);
    void this.#release(slot);
    this.#set(slot, { kind: 'failed', failure });
  }

  /** Stops what runs and closes what is open; never rejects: an error in closing is nobody's loss, but it is logged. */
  async #release(slot: Slot): Promise<void> {
    slot.abort?.abort();
    const { session } = slot;
    delete slot.abort;
    delete slot.session;
    delete slot.work;
    delete slot.recovering;
    slot.state = { kind: 'idle' };
    try {
      await session?.close();
    } catch (error) {
      this.#options.log.debug(`${slot.settings.name}: closing failed.`, error);
    }
  }

  #set(slot: Slot, state: ConnectionState): void {
    slot.state = state;
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
