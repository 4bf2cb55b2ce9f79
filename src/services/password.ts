import pgpass from 'pgpass';
import type { ConnectionSettings } from './connectionSettings.ts';

/** The password that PostgreSQL's own tools would use: PGPASSWORD, or the password file. */
export async function environmentPassword(settings: ConnectionSettings): Promise<string | undefined> {
  const { PGPASSWORD } = process.env;
  if (PGPASSWORD !== undefined && PGPASSWORD !== '') return PGPASSWORD;
  const { host, port, database, user } = settings;
  return new Promise((resolve) => {
    pgpass({ host, port, database, user }, resolve);
  });
}
