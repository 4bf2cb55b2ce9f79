import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { Prepared } from '../compiler/describe.ts';
import type { ConnectionSettings } from './connectionSettings.ts';
import { DatabaseError, failureTemplates, toDatabaseError, type FailureContext } from './databaseFailure.ts';
import { prepareStatement } from './prepareStatement.ts';

export interface PostgresOptions {
  readonly settings: ConnectionSettings;
  /** Needed where `settings.auth` is `password`; otherwise the driver reads PGPASSWORD or the password file itself. */
  readonly password?: string;
  readonly connectTimeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called once when the server goes away. */
  readonly onLost?: (error: DatabaseError) => void;
}

export interface Postgres {
  /** As the server calls itself, for example `17.10`. */
  readonly serverVersion: string;
  query<Row extends object>(sql: string, options?: QueryOptions): Promise<readonly Row[]>;
  /** One statement in a read-only transaction at one snapshot, whatever the statement tries. */
  select<Row extends object>(sql: string, options?: QueryOptions): Promise<readonly Row[]>;
  /** The columns that a statement would give. It is never run. */
  prepare(sql: string, options?: Pick<QueryOptions, 'signal'>): Promise<Prepared>;
  close(): Promise<void>;
}

export interface QueryOptions {
  readonly values?: readonly unknown[];
  /** Ends the statement on the server too, not only the waiting for it. */
  readonly signal?: AbortSignal;
}

/** Opens a small pool and proves it with one round trip; throws a `DatabaseError`. */
export async function openPostgres(options: PostgresOptions): Promise<Postgres> {
  const { settings, password, connectTimeoutMs = 10_000, signal } = options;
  const context: FailureContext = { ...settings, timeoutMs: connectTimeoutMs };
  if (settings.auth === 'password' && password === undefined) throw missingPassword(context);
  signal?.throwIfAborted();
  const pool = new pg.Pool({
    host: settings.host,
    port: settings.port,
    database: settings.database,
    user: settings.user,
    ...(settings.auth === 'password' && password !== undefined ? { password } : {}),
    ssl: await sslOptions(settings, context),
    application_name: 'DataMorph',
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    max: 3,
    allowExitOnIdle: true,
  });
  // An idle client that dies reports here; without a listener it would end the process.
  pool.on('error', (error) => options.onLost?.(toDatabaseError(error, context)));
  const session = new PostgresPool(pool, context);
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

class PostgresPool {
  readonly #pool: pg.Pool;
  readonly #context: FailureContext;
  #closing: Promise<void> | undefined;

  constructor(pool: pg.Pool, context: FailureContext) {
    this.#pool = pool;
    this.#context = context;
  }

  query<Row extends object>(sql: string, { values = [], signal }: QueryOptions = {}): Promise<readonly Row[]> {
    return this.#with(signal, async (client) => (await client.query<Row>({ text: sql, values: [...values] })).rows);
  }

  select<Row extends object>(sql: string, { values = [], signal }: QueryOptions = {}): Promise<readonly Row[]> {
    return this.#with(signal, async (client) => {
      await client.query("begin isolation level repeatable read read only; set local timezone = 'UTC'");
      try {
        // `extended` takes one statement only: text with a second one behind a semicolon is refused by the server.
        const { rows } = await client.query<Row>({
          text: sql,
          values: [...values],
          queryMode: 'extended',
        } as pg.QueryConfig);
        await client.query('commit');
        return rows;
      } catch (error) {
        await client.query('rollback');
        throw error;
      }
    });
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
      const client = await unlessAborted(this.#pool.connect(), signal, (late) => {
        late.release();
      });
      return await this.#hold(client, signal, work);
    } catch (error) {
      throw toDatabaseError(error, this.#context);
    }
  }

  async #hold<T>(
    client: pg.PoolClient,
    signal: AbortSignal | undefined,
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T> {
    const cancel = (): void => void this.#cancel(client);
    signal?.addEventListener('abort', cancel, { once: true });
    let failure: Error | undefined;
    try {
      if (signal?.aborted) throw abortError(signal);
      return await work(client);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
      // A statement's own error leaves the connection good; anything else makes it suspect.
      client.release(failure !== undefined && !(failure instanceof pg.DatabaseError));
    }
  }

  async #cancel(client: pg.PoolClient): Promise<void> {
    const { processID } = client as unknown as { readonly processID: number };
    try {
      await this.#pool.query('select pg_cancel_backend($1)', [processID]);
    } catch {
      // The server cannot be asked, so the statement's own socket is the only thing left to close.
      (client as unknown as { end(): void }).end();
    }
  }
}

async function sslOptions(settings: ConnectionSettings, context: FailureContext): Promise<pg.PoolConfig['ssl']> {
  switch (settings.ssl) {
    case 'disable':
      return false;
    case 'require':
      return { rejectUnauthorized: false };
    case 'verify-full':
      return {
        rejectUnauthorized: true,
        ...(settings.sslRootCert === undefined ? {} : { ca: await readRootCert(settings.sslRootCert, context) }),
      };
  }
}

async function readRootCert(file: string, context: FailureContext): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const failure = { code: 'tls-root-cert', template: failureTemplates['tls-root-cert'], isRetryable: false } as const;
    throw new DatabaseError({ ...failure, values: { host: context.host, reason } }, cause);
  }
}

function missingPassword({ host, user }: FailureContext): DatabaseError {
  const failure = { code: 'missing-password', template: failureTemplates['missing-password'] } as const;
  return new DatabaseError({ ...failure, values: { host, user }, isRetryable: false }, undefined);
}

/** Waits for `work`, but no longer than the signal allows; what arrives too late is handed to `discard`. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, discard: (late: T) => void): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => {
      reject(abortError(signal));
      work.then(discard, () => undefined);
    };
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}

const abortError = (signal: AbortSignal): Error =>
  Object.assign(new Error('The work was cancelled.', { cause: signal.reason }), { code: 'ABORT_ERR' });
