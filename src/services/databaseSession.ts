import { loadOverview, loadSchema, searchTables } from './catalogue.ts';
import type { DatabaseSession } from './connections.ts';
import { openPostgres, type PostgresOptions } from './postgres.ts';

/** An open database that can describe itself. The extension loads this module, and the driver with it, when it first connects. */
export async function openDatabaseSession(options: PostgresOptions): Promise<DatabaseSession> {
  const postgres = await openPostgres(options);
  return {
    serverVersion: postgres.serverVersion,
    catalogue: (signal) => loadOverview(postgres, signal),
    schemaTables: (schema, signal) => loadSchema(postgres, schema, signal),
    search: (text, signal) => searchTables(postgres, text, signal),
    async probe(signal) {
      await postgres.query('select 1', { signal });
    },
    close: () => postgres.close(),
  };
}
