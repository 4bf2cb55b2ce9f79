/** Databases of a suite's own on the throw-away server that the runner started. */
import pg from 'pg';

/** The superuser's URL; its database is only there to make others from. */
export function serverUrl(): string {
  const url = process.env.DATAMORPH_TEST_PG;
  if (url === undefined) throw new Error('DATAMORPH_TEST_PG is not set: run this suite by `npm test -- --only NAME`');
  return url;
}

export function urlOf(database: string, login?: { readonly user: string; readonly password: string }): string {
  const url = new URL(serverUrl());
  url.pathname = `/${encodeURIComponent(database)}`;
  if (login) {
    url.username = login.user;
    url.password = login.password;
  }
  return url.href;
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** An empty database, to be dropped by the suite that made it. */
export async function createDatabase(name: string): Promise<string> {
  await withClient(serverUrl(), async (admin) => {
    await admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`);
  });
  return urlOf(name);
}

export async function dropDatabase(name: string): Promise<void> {
  await withClient(serverUrl(), (admin) =>
    admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`),
  );
}
