import pgpass from 'pgpass';
import type { ConnectionSettings } from './connectionSettings.ts';
import { findService } from './serviceFile.ts';

/** The password that PostgreSQL's own tools would use: of the service file, PGPASSWORD, or the password file. */
export async function environmentPassword(settings: ConnectionSettings): Promise<string | undefined> {
  const service = settings.service === undefined ? undefined : findService(settings.service, process.env);
  const { PGPASSWORD } = process.env;
  for (const password of [service?.['password'], PGPASSWORD]) {
    if (password !== undefined && password !== '') return password;
  }
  const { host, port, database, user } = settings;
  return new Promise((resolve) => {
    pgpass({ host, port, database, user }, resolve);
  });
}
