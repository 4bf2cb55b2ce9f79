import { randomBytes } from 'node:crypto';
import { openPostgres, type Postgres, type PostgresOptions } from '../../src/services/postgres.ts';

/** A database of a suite's own on the throw-away server that the runner started. */
export interface TestDatabase {
  readonly options: PostgresOptions & { readonly password: string };
  /** Runs statements as the superuser. */
  run(sql: string): Promise<void>;
  /** A role that may log in and nothing else; `user` is its name, to be used in `run`. */
  createRole(name: string): Promise<PostgresOptions & { readonly user: string }>;
  drop(): Promise<void>;
}

/** `options` are those of CREATE DATABASE. */
export async function createDatabase(name: string, options = ''): Promise<TestDatabase> {
  const url = new URL(required('DATAMORPH_TEST_PG'));
  const suffix = randomBytes(4).toString('hex');
  const database = `${name}_${suffix}`;
  const optionsFor = (dbname: string): TestDatabase['options'] => ({
    settings: {
      name: 'test',
      host: url.hostname,
      port: Number(url.port),
      database: dbname,
      user: decodeURIComponent(url.username),
      auth: 'password',
      ssl: 'disable',
    },
    password: decodeURIComponent(url.password),
  });
  const admin = await openPostgres(optionsFor('postgres'));
  await admin.query(`create database ${database} ${options}`);
  const inside = await openPostgres(optionsFor(database));
  const roles: string[] = [];
  return {
    options: optionsFor(database),
    run: async (sql) => {
      await inside.query(sql);
    },
    async createRole(role) {
      const user = `${role}_${suffix}`;
      await admin.query(`create role ${user} login password '${suffix}'`);
      roles.push(user);
      const { settings } = optionsFor(database);
      return { settings: { ...settings, user }, password: suffix, user };
    },
    drop: () => drop({ admin, inside, database, roles }),
  };
}

interface Leftovers {
  readonly admin: Postgres;
  readonly inside: Postgres;
  readonly database: string;
  readonly roles: readonly string[];
}

async function drop({ admin, inside, database, roles }: Leftovers): Promise<void> {
  await inside.close();
  await admin.query(`drop database ${database} with (force)`);
  for (const role of roles) await admin.query(`drop role ${role}`);
  await admin.close();
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this suite needs a PostgreSQL (npm test starts one).`);
  return value;
}
