import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isMissing } from './isMissing.ts';

/** One entry of PostgreSQL's connection service file, by libpq's keywords. */
export type ServiceEntry = Readonly<Record<string, string>>;

/** The entries of a `pg_service.conf`, by name. As libpq does it, the first entry of a name counts. */
export function parseServices(text: string): ReadonlyMap<string, ServiceEntry> {
  const services = new Map<string, Record<string, string>>();
  let current: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    const [, name] = /^\[(.+)\]$/.exec(line) ?? [];
    if (name !== undefined) {
      current = {};
      if (!services.has(name)) services.set(name, current);
      continue;
    }
    const equals = line.indexOf('=');
    if (line.startsWith('#') || equals <= 0 || !current) continue;
    current[line.slice(0, equals).trim()] = line.slice(equals + 1).trim();
  }
  return services;
}

/** The files that libpq looks into, in its order. */
export function serviceFiles({ PGSERVICEFILE, PGSYSCONFDIR, APPDATA }: NodeJS.ProcessEnv): readonly string[] {
  const own =
    process.platform === 'win32' && APPDATA !== undefined
      ? join(APPDATA, 'postgresql', '.pg_service.conf')
      : join(homedir(), '.pg_service.conf');
  return [PGSERVICEFILE ?? own, ...(PGSYSCONFDIR === undefined ? [] : [join(PGSYSCONFDIR, 'pg_service.conf')])];
}

/** Looks a service up; undefined where no file has it. A file that is not there is no mistake, one that cannot be read is. */
export function findService(name: string, environment: NodeJS.ProcessEnv): ServiceEntry | undefined {
  for (const file of serviceFiles(environment)) {
    const entry = parseServices(textOf(file)).get(name);
    if (entry) return entry;
  }
  return undefined;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}
