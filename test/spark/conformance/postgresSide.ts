/** PostgreSQL's answers to many expressions over the pool, each case with its own error. */
import pg from 'pg';
import { serverUrl, urlOf, withClient } from '../../support/postgres.ts';
import { pool, rowCount, valueAt } from './pools.ts';

export type Mode = 'row' | 'aggregate' | 'window';

/** One answer: its text and PostgreSQL's name of its type, or the error. */
export type Answer = { readonly text: string | null; readonly type: string } | { readonly error: string };

const databaseName = 'conformance';

/** Order by bytes, and Unicode's simple case mapping: what the expressions promise to agree with. */
const createDatabase = `create database ${databaseName} template template0 encoding 'UTF8'
  locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`;

const evaluators = `
  create function answer(query text, key anyelement) returns text[] language plpgsql as $$
  declare result text[];
  begin
    execute query into result using key;
    return result;
  exception when others then
    return array['error', sqlerrm];
  end $$`;

export class PostgresSide {
  private constructor(
    private readonly client: pg.Client,
    /** The instant that `now()` is for every expression. */
    readonly instant: string,
  ) {}

  static async start(): Promise<PostgresSide> {
    await withClient(serverUrl(), async (admin) => {
      await admin.query(`drop database if exists ${databaseName} with (force)`);
      await admin.query(createDatabase);
    });
    const client = new pg.Client({ connectionString: urlOf(databaseName) });
    await client.connect();
    await client.query("set timezone = 'UTC'");
    await client.query(`create table pool (${pool.map((column) => `${column.name} ${column.ddl}`).join(', ')})`);
    for (let row = 0; row < rowCount; row++) await insert(client, row);
    await client.query(evaluators);
    // One transaction, so that now() stands still.
    await client.query('begin');
    const { rows } = await client.query<{ now: string }>("select to_char(now(), 'YYYY-MM-DD HH24:MI:SS.US') as now");
    return new PostgresSide(client, rows[0]?.now ?? '');
  }

  /** For each expression its answers: a row each, a group each, or all rows of a window in one. */
  async evaluate(expressions: readonly string[], mode: Mode): Promise<readonly (readonly Answer[])[]> {
    const queries = expressions.map((expression) => queryOf(expression, mode));
    const keys = { row: 'select id as key from pool', aggregate: 'select _group as key from pool group by _group', window: 'select 0 as key' }[mode]; // prettier-ignore
    const order = mode === 'aggregate' ? '(select min(id) from pool where _group = keys.key)' : 'key';
    const { rows } = await this.client.query<{ answers: string[][] }>(
      `select array(select answer(query, keys.key) from (${keys}) keys order by ${order}) as answers
       from unnest($1::text[]) with ordinality as queries(query, position) order by position`,
      [queries],
    );
    return rows.map(({ answers }) => answers.map(toAnswer));
  }

  async stop(): Promise<void> {
    await this.client.end();
    await withClient(serverUrl(), (admin) => admin.query(`drop database if exists ${databaseName} with (force)`));
  }
}

function queryOf(expression: string, mode: Mode): string {
  const text = `case when pg_typeof(x)::text like '%[]' then to_jsonb(x)::text else x::text end`;
  const answer = `array[pg_typeof(x)::text, ${text}]`;
  if (mode === 'row') return `select ${answer} from (select (${expression}\n) as x from pool where id = $1 offset 0) q`;
  if (mode === 'aggregate')
    return `select ${answer} from (select (${expression}\n) as x from pool where _group = $1) q`;
  return `select array[max(pg_typeof(x)::text), jsonb_agg(x::text order by id)::text] from (select id, ${expression} as x from pool) q where $1 = 0`;
}

const toAnswer = ([first, second]: readonly (string | null)[]): Answer =>
  first === 'error' ? { error: second ?? '' } : { type: first ?? '', text: second ?? null };

async function insert(client: pg.Client, row: number): Promise<void> {
  const values = pool.map((column) => {
    const value = valueAt(column, row);
    return column.type.kind === 'array' && value !== null ? (JSON.parse(value) as unknown[]) : value;
  });
  const marks = pool.map((_, index) => `$${index + 1}`).join(', ');
  await client.query(`insert into pool values (${marks})`, values);
}
