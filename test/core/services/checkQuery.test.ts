import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import type { SqlParser } from '../../../src/compiler/expressions/contract.ts';
import { checkQuery } from '../../../src/services/checkQuery.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';

const allowed = [
  'select 1',
  'select 1;',
  'table orders',
  'values (1), (2)',
  '(select 1) union all select 2 order by 1 limit 3',
  'with x as (select 1) select * from x',
  'with recursive x(n) as (values (1) union all select n + 1 from x where n < 9) select * from x',
  "select 'delete from orders; select pg_sleep(9)' as text -- for update",
  'select "pg_sleep" from "nextval"',
  'select count(*) filter (where a > 1) over (order by b) from t tablesample system (1)',
  'select * from generate_series(1, 3), lateral (select 1) s, json_to_recordset($$[]$$) as r(a int)',
  "select current_setting('server_version'), now(), date_trunc('month', d) from t",
  'select log(10), lower(name), pg_typeof(1), pg_table_size(1), pg_get_indexdef(1)',
];

const refused: readonly (readonly [sql: string, code: string, at?: string])[] = [
  ['', 'syntax'],
  ['selec 1', 'syntax', 'selec'],
  ['select 1\0; drop table t', 'syntax', '\0'],
  [';', 'not-one-statement'],
  ['select 1; select 2', 'not-one-statement'],
  ['select 1; drop table t', 'not-one-statement'],
  ...[
    'delete from t',
    'insert into t values (1) returning *',
    'update t set a = 1',
    'merge into t using s on true when matched then delete',
    'truncate t',
    'create table t as select 1',
    'create materialized view v as select 1',
    'explain analyze delete from t',
    'explain select 1',
    "copy t to program 'sh'",
    'copy (select 1) to stdout',
    'do $$ begin end $$',
    'call p()',
    'execute p',
    'prepare p as select 1',
    'declare c cursor for select 1',
    'set role postgres',
    'reset role',
    'show all',
    'begin',
    'commit',
    'lock table t',
    'listen x',
    'notify x',
    'vacuum',
    'refresh materialized view v',
  ].map((sql) => [sql, 'not-a-select'] as const),
  ['with x as (delete from t returning *) select * from x', 'writes'],
  ['with x as (insert into t values (1) returning *) select 1', 'writes'],
  ['select 1 from (with x as (update t set a = 1 returning *) select * from x) y', 'writes'],
  ['with x as (merge into t using s on true when matched then delete returning 1) select 1', 'writes'],
  ['select 1 into x', 'writes'],
  ['select 1 into temp x from t', 'writes'],
  ['select 1 into x union select 2', 'writes'],
  ['select * from t for update', 'locks'],
  ['select * from t for no key update skip locked', 'locks'],
  ['select * from (select * from t for share) x', 'locks'],
  ['(select * from t for key share) union all select * from t', 'locks'],
  ['select pg_sleep(9)', 'denied-function', 'pg_sleep'],
  ['select ä, pg_catalog.PG_SLEEP(9) from t', 'denied-function', 'pg_catalog.PG_SLEEP'],
  ['select "pg_sleep" (9)', 'denied-function', '"pg_sleep"'],
  ['select 1 where (select pg_terminate_backend(1))', 'denied-function', 'pg_terminate_backend'],
  ["select * from pg_ls_dir('.')", 'denied-function'],
  ["select a from t order by pg_read_file('x')", 'denied-function'],
  ["select 1 from t group by 1 having lo_import('x') > 1", 'denied-function'],
  ["values (set_config('role', 'postgres', false))", 'denied-function'],
  ["select * from dblink('x', 'y') as t(a int)", 'denied-function'],
  ["select query_to_xml('delete from t', true, true, '')", 'denied-function'],
  ["select nextval('s'), 1", 'denied-function'],
  ['select pg_advisory_lock(1)', 'denied-function'],
  ["select case when true then pg_notify('a', 'b') end", 'denied-function'],
  ["select aws_s3.query_export_to_s3('select 1', 'b')", 'denied-function'],
  ["select count(*) from aws_lambda.invoke('x', '{}')", 'denied-function'],
  ["select sum(pg_logical_emit_message(true, 'a', 'b')) over ()", 'denied-function'],
  ['select * from pg_authid', 'denied-relation', 'pg_authid'],
  ['select 1 where exists (table pg_catalog.pg_shadow)', 'denied-relation', 'pg_catalog.pg_shadow'],
];

describe('the gate for queries', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadSqlParser();
  });

  for (const sql of allowed) {
    it(`lets ${sql} through`, () => {
      assert.equal(checkQuery(sql, parser), undefined);
    });
  }

  for (const [sql, code, at] of refused) {
    it(`refuses ${JSON.stringify(sql)} as ${code}`, () => {
      const refusal = checkQuery(sql, parser);
      assert.equal(refusal?.code, code);
      assert.match(refusal.message, /\.$/);
      if (at !== undefined) assert.equal(refusal.position, sql.indexOf(at));
    });
  }
});
