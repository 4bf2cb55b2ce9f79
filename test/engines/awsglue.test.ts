import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobResult } from '../../src/agents/engine.ts';
import type { LocalSpark } from '../../src/services/localSpark.ts';
import { createDatabase, dropDatabase, withClient } from '../support/postgres.ts';
import { variablesOf } from './connections.ts';
import { sparkHere } from './sparkHere.ts';

/** The lines that every script of AWS Glue's own editor begins with. */
const opening = `import sys
from awsglue.transforms import *
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
from awsglue.context import GlueContext
from awsglue.job import Job

args = getResolvedOptions(sys.argv, ["JOB_NAME"])
sc = SparkContext()
glueContext = GlueContext(sc)
spark = glueContext.spark_session
job = Job(glueContext)
job.init(args["JOB_NAME"], args)
`;

describe("scripts of AWS Glue on local Spark's stand-in", function () {
  this.timeout(60_000);
  const database = `glue_${randomBytes(4).toString('hex')}`;
  let url: string;
  let folder: string;
  let engine: LocalSpark;

  before(async () => {
    url = await createDatabase(database);
    folder = await mkdtemp(join(tmpdir(), 'datamorph-glue-'));
    await withClient(url, (client) =>
      client.query(`
        create table customers (customer_id integer primary key, name text, vip boolean);
        insert into customers values (1, 'Ada', true), (2, 'Grace', false), (3, null, null);
        create table orders (order_id bigint primary key, customer_id integer, amount numeric(10,2), placed timestamp);
        insert into orders select n, 1 + n % 2, n * 1.5, timestamp '2026-01-01' + n * interval '1 hour'
        from generate_series(1, 100) n;`),
    );
    engine = sparkHere({ connections: variablesOf(url), environment: { DATAMORPH_S3_FOLDER: folder } });
  });
  after(async () => {
    await engine.close();
    await dropDatabase(database);
    await rm(folder, { recursive: true });
  });

  const outputOf = async (body: string): Promise<{ readonly lines: readonly string[]; readonly result: JobResult }> => {
    const lines: string[] = [];
    const result = await engine.run(
      { runId: randomBytes(6).toString('hex'), instant: '2026-01-01T00:00:00Z', script: `${opening}${body}` },
      { signal: new AbortController().signal, onOutput: (line) => lines.push(line) },
    );
    return { lines, result };
  };
  /** What the script printed last, as JSON. */
  const said = async (body: string): Promise<unknown> => {
    const { lines, result } = await outputOf(`import json\n${body}\njob.commit()\n`);
    assert.equal(result.kind, 'succeeded', JSON.stringify({ result, lines }, null, 1));
    return JSON.parse(lines.at(-1) ?? '') as unknown;
  };
  const refused = async (body: string): Promise<string> => {
    const { result } = await outputOf(body);
    assert.equal(result.kind, 'failed', JSON.stringify(result));
    return result.message;
  };
  const jdbc = (table: string): string => {
    const { hostname, port, username, password } = new URL(url);
    const login = { user: decodeURIComponent(username), password: decodeURIComponent(password) };
    return JSON.stringify({ url: `jdbc:postgresql://${hostname}:${port}/${database}`, dbtable: table, ...login });
  };
  const frameOf = (table: string): string =>
    `glueContext.create_dynamic_frame.from_options(connection_type="postgresql", connection_options=${jdbc(table)}, transformation_ctx="${table}")`;
  const rows = (frame: string): string => `print(json.dumps([row.asDict(True) for row in ${frame}.toDF().collect()]))`;

  it('read two tables, map, join, filter and write a third, as the editor of AWS Glue writes them', async () => {
    const { lines, result } = await outputOf(`
customers = ${frameOf('customers')}
orders = ${frameOf('orders')}
renamed = ApplyMapping.apply(frame = orders, mappings = [
    ("order_id", "long", "id", "string"),
    ("customer_id", "int", "buyer", "int"),
    ("amount", "decimal", "amount", "double"),
    ("nothing", "string", "nothing", "string"),
], transformation_ctx = "renamed")
joined = Join.apply(frame1 = renamed, frame2 = customers, keys1 = ["buyer"], keys2 = ["customer_id"], transformation_ctx = "joined")
large = Filter.apply(frame = joined, f = lambda row: row["amount"] > 100 and row["vip"] is not None)
kept = SelectFields.apply(frame = DropFields.apply(frame = large, paths = ["vip"]), paths = ["id", "name", "amount"])
kept.printSchema()
glueContext.write_dynamic_frame.from_options(frame = kept, connection_type = "postgresql", connection_options = ${jdbc('large_orders')})
job.commit()
`);
    assert.equal(result.kind, 'succeeded', lines.join('\n'));
    assert.ok(lines.join('\n').includes('root\n|-- id: string\n|-- name: string\n|-- amount: double\n'));
    const found = await withClient(url, (client) =>
      client.query(`select count(*)::int as rows, sum(amount)::int as amount, min(name) as name, pg_typeof(min(id))::text as kind
                    from large_orders`),
    );
    assert.deepEqual(found.rows, [{ rows: 34, amount: 4258, name: 'Ada', kind: 'text' }]);
  });

  it('read and write files of S3, which is a folder here', async () => {
    await writeFile(join(folder, 'people.csv'), 'name;age\n"Ada; Countess";36\nGrace;85\n');
    const found = await said(`
people = glueContext.create_dynamic_frame.from_options(
    connection_type="file", connection_options={"paths": ["${join(folder, 'people.csv')}"]},
    format="csv", format_options={"withHeader": True, "separator": ";"})
typed = people.resolveChoice(specs=[("age", "cast:long")])
glueContext.write_dynamic_frame.from_options(frame=typed, connection_type="s3",
    connection_options={"path": "s3://lake/people/", "partitionKeys": ["age"]}, format="glueparquet")
glueContext.write_dynamic_frame.from_options(frame=typed, connection_type="s3",
    connection_options={"path": "s3://lake/plain/"}, format="csv", format_options={"quoteChar": -1, "separator": "|"})
back = glueContext.create_dynamic_frame_from_options("s3", {"paths": ["s3://lake/people/"]}, format="parquet")
${rows('back.rename_field("name", "who")')}`);
    assert.deepEqual(
      (found as readonly { age: number }[]).toSorted((a, b) => a.age - b.age),
      [
        { who: 'Ada; Countess', age: 36 },
        { who: 'Grace', age: 85 },
      ],
    );
    const [part = ''] = (await readdir(join(folder, 'lake', 'plain'))).filter((name) => name.endsWith('.csv'));
    assert.equal(await readFile(join(folder, 'lake', 'plain', part), 'utf8'), 'name|age\nAda; Countess|36\nGrace|85\n');
  });

  it('transform nested records', async () => {
    const found = await said(`
from awsglue.dynamicframe import DynamicFrame
nested = spark.createDataFrame([(1, ("Ada", "London"), [1, 2])], "id int, at struct<name: string, city: string>, list array<int>")
frame = DynamicFrame.fromDF(nested, glueContext, "nested")
moved = frame.apply_mapping([("id", "int", "key.id", "long"), ("at.city", "string", "key.city", "string"), ("list", "array", "list", "array")])
print(json.dumps({
    "moved": moved.toDF().first().asDict(True),
    "kept": frame.select_fields(["at.name"]).toDF().first().asDict(True),
    "dropped": frame.drop_fields(["at.name", "list"]).toDF().first().asDict(True),
    "renamed": frame.rename_field("at.name", "at.who").drop_fields("list").toDF().first().asDict(True),
    "flat": frame.unnest().toDF().columns,
    "cast": frame.resolveChoice(specs=[("at.city", "cast:string"), ("id", "cast:double")]).schema().jsonValue()["fields"][0]["container"],
}))`);
    assert.deepEqual(found, {
      moved: { key: { id: 1, city: 'London' }, list: [1, 2] },
      kept: { at: { name: 'Ada' } },
      dropped: { id: 1, at: { city: 'London' } },
      renamed: { id: 1, at: { city: 'London', who: 'Ada' } },
      flat: ['id', 'at.name', 'at.city', 'list'],
      cast: { dataType: 'double' },
    });
  });

  it('map records by a function, whose new columns are found', async () => {
    const found = await said(`
def change(record):
    record["shout"] = (record["name"] or "nobody").upper()
    record["twice"] = record["customer_id"] * 2
    del record["vip"]
    return record

mapped = Map.apply(frame = ${frameOf('customers')}, f = change)
print(json.dumps({"schema": mapped.toDF().dtypes, "rows": [list(row) for row in mapped.toDF().orderBy("customer_id").collect()]}))`);
    assert.deepEqual(found, {
      schema: [
        ['customer_id', 'int'],
        ['name', 'string'],
        ['shout', 'string'],
        ['twice', 'bigint'],
      ],
      rows: [
        [1, 'Ada', 'ADA', 2],
        [2, 'Grace', 'GRACE', 4],
        [3, null, 'NOBODY', 6],
      ],
    });
  });

  it('split, pick from a collection, unite, and join columns of one name', async () => {
    const found = await said(`
customers = ${frameOf('customers')}
both = SplitRows.apply(frame = customers, comparison_dict = {"customer_id": {">": 1}}, name1 = "high", name2 = "low")
again = Union.apply(frame1 = SelectFromCollection.apply(dfc = both, key = "high"), frame2 = both.select("low"))
joined = customers.join(["customer_id"], ["customer_id"], customers)
fields = SplitFields.apply(frame = customers, paths = ["name"], name1 = "names", name2 = "rest")
print(json.dumps({
    "high": both["high"].count(), "low": both["low"].count(), "all": again.count(), "keys": sorted(fields.keys()),
    "joined": joined.toDF().columns, "rest": fields["rest"].toDF().columns, "merged": customers.mergeDynamicFrame(
        customers.filter(lambda row: row["customer_id"] == 1), ["customer_id"]).count(),
}))`);
    assert.deepEqual(found, {
      high: 2,
      low: 1,
      all: 3,
      keys: ['names', 'rest'],
      joined: ['customer_id', 'name', 'vip', '.customer_id', '.name', '.vip'],
      rest: ['customer_id', 'vip'],
      merged: 3,
    });
  });

  it('read by a connection of ours, in parts, and lose no row', async () => {
    const found = await said(`
options = {"connectionName": "default", "useConnectionProperties": "true", "dbtable": "orders", "hashfield": "order_id", "hashpartitions": "3"}
orders = glueContext.getSource("postgresql", **options).getFrame()
conf = glueContext.extract_jdbc_conf("default")
print(json.dumps({"rows": orders.count(), "parts": orders.getNumPartitions(), "vendor": conf["vendor"], "keys": sorted(conf)}))`);
    assert.deepEqual(found, {
      rows: 100,
      parts: 3,
      vendor: 'postgresql',
      keys: ['enforceSSL', 'fullUrl', 'password', 'url', 'user', 'vendor'],
    });
  });

  it('get their arguments, and are told of those that are missing or reserved', async () => {
    const found = await said(`
from awsglue.utils import GlueArgumentError
argv = ["script", "--day", "2026-01-01", "--JOB_NAME=x", "--TempDir", "s3://tmp/", "--other", "1", "--job-bookmark-option", "job-bookmark-disable"]
def failure(names):
    try:
        return getResolvedOptions(argv, names)
    except (GlueArgumentError, RuntimeError) as error:
        return f"{type(error).__name__}: {error}"
print(json.dumps([getResolvedOptions(argv, ["JOB_NAME", "day", "TempDir"]), failure(["colour", "size"]), failure(["job_bookmark_from"])]))`);
    assert.deepEqual(found, [
      {
        job_bookmark_option: 'job-bookmark-disable',
        job_bookmark_from: null,
        job_bookmark_to: null,
        JOB_ID: null,
        JOB_RUN_ID: null,
        SECURITY_CONFIGURATION: null,
        encryption_type: null,
        enable_data_lineage: null,
        RedshiftTempDir: null,
        TempDir: 's3://tmp/',
        JOB_NAME: 'x',
        day: '2026-01-01',
      },
      'GlueArgumentError: the following arguments are required: --colour, --size',
      'RuntimeError: Using reserved arguments job_bookmark_from',
    ]);
  });

  for (const [what, script, message] of [
    ['the catalogue', 'glueContext.create_dynamic_frame.from_catalog(database="d", table_name="t")', /from_catalog: the Data Catalog is not there in local Spark\. Name the table/], // prettier-ignore
    ['a transform', 'Relationalize.apply(frame=glueContext.create_dynamic_frame_from_rdd([(1,)], "x"))', /relationalize is not there.*explode/], // prettier-ignore
    ['a transform that nobody imports by a star', 'from awsglue.transforms import FindMatches', /FindMatches is not there/], // prettier-ignore
    ['another database', 'glueContext.create_dynamic_frame.from_options("mysql", {"url": "jdbc:mysql://x/y"})', /connection type mysql is not there/], // prettier-ignore
    ['a format', 'glueContext.create_dynamic_frame.from_options("s3", {"paths": ["s3://a/b"]}, format="xml")', /format xml is not there.*csv, json, parquet, orc/], // prettier-ignore
    ['an option', 'glueContext.create_dynamic_frame.from_options("s3", {"paths": ["s3://a/b"], "attachTimestamp": "t"}, format="csv")', /attachTimestamp is not there/], // prettier-ignore
    ['a method', 'glueContext.purge_table("d", "t")', /GlueContext\.purge_table is not there/],
  ] as const) {
    it(`say by name that ${what} is missing`, async () => {
      assert.match(await refused(script), message);
    });
  }
});
