import pg from 'pg';
import type { Prepared } from '../compiler/describe.ts';
import { cancelStatement } from './cancelStatement.ts';
import type { ConnectionSettings } from './connectionSettings.ts';
import { DatabaseError, failureTemplates, toDatabaseError, type FailureContext } from './databaseFailure.ts';
import type { LoginSource } from './login.ts';
import { loginSource } from './loginSource.ts';
import { prepareStatement } from './prepareStatement.ts';
import { tlsOptions } from './tlsOptions.ts';
import { abortError, unlessAborted } from './unlessAborted.ts';

export interface PostgresOptions {
  readonly settings: ConnectionSettings;
  /** Needed where `settings.auth` is `password`; the other kinds find theirs themselves. */
  readonly password?: string;
  readonly connectTimeoutMs?: number;
  /** After which the server ends a statement; half an hour where it is left out. */
  readonly statementTimeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called when the server goes away under a connection that nobody uses at that moment. */
  readonly onLost?: (error: DatabaseError) => void;
  /** Told each password and token, so that no log shows it. */
  readonly learn?: (secret: string) => void;
}

export interface Postgres {
  /** As the server calls itself, for example `17.10`. */
  readonly serverVersion: string;
  query<Row extends object>(sql: string, options?: QueryOptions): Promise<readonly Row[]>;
  /** Several statements in one round trip, the rows of each as arrays. */
  queryAll(sql: string, options?: Pick<QueryOptions, 'signal'>): Promise<readonly (readonly unknown[])[]>;
  /** One statement in a read-only transaction at one snapshot, whatever the statement tries. */
  select<Row extends object>(sql: string, options?: ReadOptions): Promise<readonly Row[]>;
  /** The same for several statements; what is read through a cursor need not fit into memory. */
  readOnly<T>(work: (client: pg.ClientBase) => Promise<T>, options?: ReadOnlyOptions): Promise<T>;
  /** One connection for work of several statements that may write, such as a publication. */
  session<T>(work: (client: pg.ClientBase) => Promise<T>, options?: Pick<QueryOptions, 'signal'>): Promise<T>;
  /** The columns that a statement would give. It is never run. */
  prepare(sql: string, options?: Pick<QueryOptions, 'signal'>): Promise<Prepared>;
  close(): Promise<void>;
}

export interface QueryOptions {
  readonly values?: readonly unknown[];
  /** Ends the statement on the server too, not only the waiting for it. */
  readonly signal?: AbortSignal;
}

export interface ReadOptions extends QueryOptions {
  readonly timeoutMs?: number;
}

export interface ReadOnlyOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** A role with fewer rights, which the user must be a member of. */
  readonly role?: string;
}

/** Whether the server itself refused a statement, so that its connection is as good as before. */
export const isServerAnswer = (error: unknown): error is Error => error instanceof pg.DatabaseError;

const defaultStatementTimeoutMs = 30 * 60_000;
/** The server ends a statement; only where its answer never comes, the socket is given up so long after. */
const graceMs = 15_000;

/** Opens a small pool and proves it with one round trip; throws a `DatabaseError`. */
export async function openPostgres(options: PostgresOptions): Promise<Postgres> {
  const { settings, password, connectTimeoutMs = 10_000, signal } = options;
  const context: FailureContext = { ...settings, timeoutMs: connectTimeoutMs };
  if (settings.auth === 'password' && password === undefined) throw missingPassword(context);
  signal?.throwIfAborted();
  const source = await loginSource(settings, password);
  const pool = new pg.Pool(await poolConfig(options, source, connectTimeoutMs));
  // An idle client that dies reports here; without a listener it would end the process.
  pool.on('error', (error) => options.onLost?.(toDatabaseError(error, context)));
  const session = new PostgresPool(pool, context, source);
  try {
    const [row] = await session.query<{ version: string }>("select current_setting('server_version') as version", {
      ...(signal ? { signal } : {}),
    });
    return Object.assign(session, { serverVersion: row?.version ?? '' });
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function poolConfig(
  { settings, learn, statementTimeoutMs = defaultStatementTimeoutMs }: PostgresOptions,
  source: LoginSource,
  connectTimeoutMs: number,
): Promise<pg.PoolConfig> {
  const { host, port, database } = settings;
  const { user } = await source.login();
  // Set by a statement: a pooler between us and the server refuses such settings among the start-up's.
  const limit = (client: pg.ClientBase): unknown =>
    client.query(`set statement_timeout = ${statementTimeoutMs}; set idle_in_transaction_session_timeout = 300000`);
  return {
    host,
    port,
    database,
    user,
    // The driver takes undefined for "there is none", which its types do not know.
    password: (async () => {
      const { password } = await source.login();
      if (password !== undefined) learn?.(password);
      return password;
    }) as () => Promise<string>,
    ssl: await tlsOptions(settings),
    application_name: 'DataMorph',
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: statementTimeoutMs + graceMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    max: 3,
    allowExitOnIdle: true,
    onConnect: limit,
    Client: TidyClient,
  };
}

class TidyClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    // One that is let go of may still hear the server's last words, when nobody listens any more; who works on it hears of them.
    this.on('error', () => undefined);
    // The driver leaves the socket open when a login fails on our side, such as for want of a password; the server would wait on.
    const { connection } = this as unknown as { readonly connection: pg.Connection };
    connection.on('error', () => connection.stream.destroy());
  }
}

class PostgresPool {
  readonly #pool: pg.Pool;
  readonly #context: FailureContext;
  readonly #source: LoginSource;
  #closing: Promise<void> | undefined;

  constructor(pool: pg.Pool, context: FailureContext, source: LoginSource) {
    this.#pool = pool;
    this.#context = context;
    this.#source = source;
  }

  query<Row extends object>(sql: string, { values = [], signal }: QueryOptions = {}): Promise<readonly Row[]> {
    return this.#with(signal, async (client) => (await client.query<Row>({ text: sql, values: [...values] })).rows);
  }

  queryAll(sql: string, { signal }: Pick<QueryOptions, 'signal'> = {}): Promise<readonly (readonly unknown[])[]> {
    return this.#with(signal, async (client) => {
      // The driver gives a list of results where the text holds several statements, which its types do not know.
      const results = (await client.query({ text: sql, rowMode: 'array' })) as unknown;
      return ([results].flat() as readonly pg.QueryArrayResult[]).map(({ rows }) => rows);
    });
  }

  select<Row extends object>(sql: string, { values = [], ...options }: ReadOptions = {}): Promise<readonly Row[]> {
    return this.readOnly(async (client) => {
      // `extended` takes one statement only: text with a second one behind a semicolon is refused by the server.
      const one = { text: sql, values: [...values], queryMode: 'extended' } as pg.QueryConfig;
      return (await client.query<Row>(one)).rows;
    }, options);
  }

  readOnly<T>(work: (client: pg.ClientBase) => Promise<T>, options: ReadOnlyOptions = {}): Promise<T> {
    return this.#with(options.signal, async (client) => {
      await client.query(readOnlyBegin(options));
      try {
        const result = await work(client);
        await client.query('commit');
        return result;
      } catch (error) {
        // Behind anything but the server's own answer the socket is given up, and the transaction with it.
        if (error instanceof pg.DatabaseError) await client.query('rollback');
        throw error;
      }
    });
  }

  session<T>(work: (client: pg.ClientBase) => Promise<T>, { signal }: Pick<QueryOptions, 'signal'> = {}): Promise<T> {
    return this.#with(signal, work);
  }

  prepare(sql: string, { signal }: Pick<QueryOptions, 'signal'> = {}): Promise<Prepared> {
    return this.#with(signal, (client) => prepareStatement(client, sql));
  }

  /** Waits for what still runs; whoever is in a hurry aborts it first. */
  close(): Promise<void> {
    return (this.#closing ??= this.#pool.end());
  }

  /** Work on one connection of the pool; an aborted signal cancels on the server what the work is waiting for. */
  async #with<T>(signal: AbortSignal | undefined, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    try {
      const client = await unlessAborted(this.#connect(), signal, (late) => {
        late.release();
      });
      return await this.#hold(client, signal, work);
    } catch (error) {
      throw toDatabaseError(error, this.#context);
    }
  }

  /** A refused login is tried once more where its source has a newer one: secrets are rotated while we run. */
  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      const refused = ['28P01', '28000'].includes(error instanceof pg.DatabaseError ? (error.code ?? '') : '');
      if (!refused || !(await this.#source.renew())) throw error;
      this.#pool.options.user = (await this.#source.login()).user;
      return this.#pool.connect();
    }
  }

  async #hold<T>(
    client: pg.PoolClient,
    signal: AbortSignal | undefined,
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T> {
    const cancel = (): void => void cancelStatement(client, new pg.Client(this.#pool.options));
    signal?.addEventListener('abort', cancel, { once: true });
    // A socket that dies under a statement is told by the statement; without a listener it would end the process as well.
    client.on('error', toldByStatement);
    let failure: Error | undefined;
    try {
      if (signal?.aborted) throw abortError(signal);
      return await work(client);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
      client.off('error', toldByStatement);
      // A statement's own error leaves the connection good; anything else makes it suspect.
      client.release(failure !== undefined && !(failure instanceof pg.DatabaseError));
    }
  }
}

const toldByStatement = (): void => undefined;

function readOnlyBegin({ role, timeoutMs }: ReadOnlyOptions): string {
  return [
    'begin isolation level repeatable read read only',
    "set local timezone = 'UTC'",
    ...(timeoutMs === undefined ? [] : [`set local statement_timeout = ${Math.max(1, Math.ceil(timeoutMs))}`]),
    ...(role === undefined ? [] : [`set local role ${pg.escapeIdentifier(role)}`]),
  ].join('; ');
}

function missingPassword({ host, user }: FailureContext): DatabaseError {
  const failure = { code: 'missing-password', template: failureTemplates['missing-password'] } as const;
  return new DatabaseError({ ...failure, values: { host, user }, isRetryable: false }, undefined);
}
