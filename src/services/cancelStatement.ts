import type pg from 'pg';

/**
 * Ends on the server what a client waits for. By a connection of its own: the pool may be full of what is to be cancelled.
 * Where the server cannot be asked, the client's own socket is the only thing left to close.
 */
export async function cancelStatement(client: pg.PoolClient, asking: pg.Client): Promise<void> {
  const { processID } = client as unknown as { readonly processID: number };
  try {
    await asking.connect();
    await asking.query('select pg_cancel_backend($1)', [processID]);
    await asking.end();
  } catch {
    (client as unknown as { end(): void }).end();
  }
}
