/**
 * How long the catalogue of a very big database takes: all of it, and what the tree shows first, beside the same facts read
 * row by row by psql in the same run. Wants an empty server and a psql:
 *
 *   DATAMORPH_TEST_PG=postgresql://… npx tsx bench/catalogue.ts 10000 116000
 */
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalogue, loadOverview, loadSchema } from '../src/services/catalogue.ts';
import { openPostgres, type Postgres, type PostgresOptions } from '../src/services/postgres.ts';
import { catalogueOf } from '../src/spec/catalogue.ts';
import { createDatabase, type TestDatabase } from '../test/support/testDatabase.ts';

const rounds = 5;
const tablesASchema = 2000;
const aims = { ratio: 1.5, firstPaintMs: 2000 };

/** What we load, as anybody would ask for it: plain joins, the whole database, no question about rights. */
const bareQuery = `
select n.nspname, c.relname, c.relkind, c.reltuples, c.relpages, d.description
from pg_class c join pg_namespace n on n.oid = c.relnamespace
left join pg_description d on d.objoid = c.oid and d.objsubid = 0 and d.classoid = 'pg_class'::regclass
where c.relkind in ('r', 'v', 'm', 'p', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by 1, 2;
select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
  pg_get_expr(e.adbin, e.adrelid), d.description
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef e on e.adrelid = a.attrelid and e.adnum = a.attnum
left join pg_description d on d.objoid = c.oid and d.objsubid = a.attnum and d.classoid = 'pg_class'::regclass
where c.relkind in ('r', 'v', 'm', 'p', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by 1, 2, a.attnum;
select k.conrelid, k.conname, k.contype, k.conkey, k.confrelid, k.confkey from pg_constraint k
where k.contype in ('p', 'u', 'f') and k.conrelid >= 16384;
select i.indrelid, x.relname, i.indisunique, i.indisprimary, i.indkey from pg_index i
join pg_class x on x.oid = i.indexrelid where i.indrelid >= 16384;
`;

/** Only names and types of columns: the least that a tree could do with. */
const leastQuery = `
select n.nspname, c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind in ('r', 'v', 'm', 'p', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by 1, 2, a.attnum;
`;

async function main(): Promise<void> {
  const sizes = process.argv.slice(2).map(Number);
  for (const size of sizes.length > 0 ? sizes : [10_000]) await measure(size);
}

async function measure(size: number): Promise<void> {
  const database = await createDatabase('bench_catalogue');
  try {
    const reader = await database.createRole('reader');
    const started = performance.now();
    await fill(database, size, reader.user);
    console.log(`${size} tables made in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    await compare(size, reader);
  } finally {
    await database.drop();
  }
}

/** Schema by schema and some hundred tables a transaction, for each table holds locks until its transaction ends. */
async function fill(database: TestDatabase, size: number, reader: string): Promise<void> {
  await database.run(`create procedure make(s int, first int, last int) language plpgsql as $$
begin
  for t in first..last loop
    execute format('create table s%1$s.table_%2$s (id bigint primary key, parent_id bigint, name text not null,
      amount numeric(12,2) default 0, created_at timestamptz not null default now(), note varchar(200),
      active boolean not null default true, code char(2))', s, t);
    if t % 5 = 0 then
      execute format('alter table s%1$s.table_%2$s add foreign key (parent_id) references s%1$s.table_%3$s', s, t, t - 1);
    end if;
    if t % 10 = 0 then
      execute format('comment on table s%1$s.table_%2$s is %3$L', s, t, 'What table ' || t || ' is for');
      execute format('comment on column s%1$s.table_%2$s.name is %3$L', s, t, 'What it is called');
    end if;
    if t % 200 = 0 then commit; end if;
  end loop;
end $$`);
  for (let schema = 1, left = size; left > 0; schema++, left -= tablesASchema) {
    await database.run(`create schema s${schema}; grant usage on schema s${schema} to ${reader}`);
    await database.run(`alter default privileges in schema s${schema} grant select on tables to ${reader}`);
    await database.run(`call make(${schema}, 1, ${Math.min(left, tablesASchema)})`);
  }
  await database.run(
    'vacuum analyze pg_catalog.pg_class, pg_catalog.pg_attribute, pg_catalog.pg_index, pg_catalog.pg_constraint, pg_catalog.pg_attrdef, pg_catalog.pg_description',
  );
}

/** Turn by turn, so that whatever else the machine does falls on all of them. */
async function compare(size: number, options: PostgresOptions): Promise<void> {
  const postgres = await openPostgres(options);
  const times = { all: [] as number[], first: [] as number[], psql: [] as number[], least: [] as number[] };
  try {
    for (let round = 0; round < rounds; round++) {
      times.psql.push(await timed(() => psql(options, bareQuery)));
      times.all.push(await timed(() => loadAll(postgres, size)));
      times.first.push(await timed(() => firstPaint(options)));
      times.least.push(await timed(() => psql(options, leastQuery)));
    }
  } finally {
    await postgres.close();
  }
  const {
    all,
    first,
    psql: bare,
    least,
  } = { all: median(times.all), first: median(times.first), psql: median(times.psql), least: median(times.least) };
  const heap = Math.round(process.memoryUsage().heapUsed / 1e6);
  console.log(`${size} tables, medians of ${rounds} rounds (heap ${heap} MB):`);
  console.log(`  all of it, as objects   ${all} ms`);
  console.log(`  the same by psql        ${bare} ms   ratio ${(all / bare).toFixed(2)} (aim ${aims.ratio})`);
  console.log(`  names and types only    ${least} ms   ratio ${(all / least).toFixed(2)}`);
  console.log(`  first paint             ${first} ms   (aim ${aims.firstPaintMs} ms), connecting included`);
}

async function loadAll(postgres: Postgres, size: number): Promise<void> {
  const { tables, searchPath, ...facts } = await loadCatalogue(postgres);
  const catalogue = catalogueOf(tables, searchPath, facts);
  if (catalogue.tables.length !== size) throw new Error(`${catalogue.tables.length} of ${size} tables`);
}

/** A new connection, every schema with its counts, and the tables of the first one. */
async function firstPaint(options: PostgresOptions): Promise<void> {
  const postgres = await openPostgres(options);
  try {
    const { schemas, tables } = await loadOverview(postgres);
    const [first] = schemas ?? [];
    if (!first) throw new Error('There is no schema.');
    const shown = first.loaded ? tables : await loadSchema(postgres, first.name);
    if (shown.length === 0) throw new Error('There is no table.');
  } finally {
    await postgres.close();
  }
}

async function psql({ settings, password }: PostgresOptions, sql: string): Promise<void> {
  const { host, port, database, user } = settings;
  const file = join(tmpdir(), `datamorph-bench-${process.pid}.sql`);
  writeFileSync(file, sql);
  const args = ['-XqAt', '-h', host, '-p', `${port}`, '-U', user, '-d', database, '-f', file];
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn('psql', args, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, PGPASSWORD: password },
      });
      child.on('error', reject);
      child.on('exit', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`psql ended with ${code ?? 'a signal'}.`));
      });
    });
  } finally {
    rmSync(file);
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const median = (times: readonly number[]): number =>
  Math.round([...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0);

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
