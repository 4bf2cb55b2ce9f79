/** The scripts of the contract suite, as a compiler or a person would write them, and the tables that they use. */

export const tables = `
  create table orders (id integer primary key, amount numeric(10,2) not null);
  insert into orders select n, n from generate_series(1, 1000) n;
  create table answer (id integer, amount numeric(10,2));
  create table strict_answer (id integer check (id < 500), amount numeric(10,2));
  create table signal (n integer);
  create view slow as select 1 as id, 1.00::numeric(10,2) as amount from pg_sleep(600);
`;

const columns = '{"id": "integer", "amount": "numeric(10,2)"}';
const start = 'from datamorph import Job\n\njob = Job.start("contract")\n';
const read = (table: string): string => `rows = job.read(table="${table}", columns=${columns})\n`;
const write = (table: string, mode: string): string =>
  `job.write(rows, table="${table}", mode="${mode}", columns=${columns})\n`;

export const replace = `${start}print("hello from the script")\n${read('orders')}${write('answer', 'replace')}`;
export const append = `${start}${read('orders')}${write('answer', 'append')}`;
export const sourceIsTarget = `${start}${read('answer')}${write('answer', 'replace')}`;
export const breaksConstraint = `${start}${read('orders')}${write('strict_answer', 'replace')}`;
export const slowQuery = `${start}${read('slow')}${write('answer', 'replace')}`;
export const unknownConnection = `${start}rows = job.read(table="orders", columns=${columns}, connection="nowhere")\n`;

export const printArguments = `${start}import json
arguments = job.arguments
print(json.dumps({
    "run_id": arguments.run_id,
    "instant": arguments.instant.isoformat(),
    "marks": arguments.marks,
    "publish": arguments.publish,
    "trace": arguments.trace,
}))
`;

export const pythonError = `${start}
def paint(colour):
    raise ValueError("no such colour: " + colour)


paint("mauve")
`;

export const sparkError = `${start}${read('orders')}rows = rows.selectExpr("id div (id - id) as id", "amount")
${write('answer', 'replace')}`;

export const pythonMemory = `${start}kept = []
while True:
    kept.append(bytearray(1 << 45))
`;

export const jvmMemory = `${start}jvm = job.spark.sparkContext._gateway
kept = []
while True:
    kept.append(jvm.new_array(jvm.jvm.long, 1 << 28))
`;

export const busyPython = `${start}print("ready", flush=True)
while True:
    pass
`;

export const stubbornPython = `${start}print("ready", flush=True)
while True:
    try:
        while True:
            pass
    except BaseException as error:
        print("no", flush=True)
`;

export const busySpark = `${start}
import time


def slowly(x):
    time.sleep(600)
    return x


print("ready", flush=True)
job.spark.sparkContext.parallelize([1, 2], 2).map(slowly).collect()
`;

export const withOwnView = (who: string, table: string): string => `${start}
job.spark.sql("select '${who}' as note").createOrReplaceTempView("shared_name")
job.spark.conf.set("contract.who", "${who}")
job.spark.range(1000).count()
assert job.spark.conf.get("contract.who") == "${who}"
job.write(job.spark.table("shared_name"), table="${table}", mode="replace", columns={"note": "text"})
`;

export const waitsForRow = `${start}import time

while job.read(table="signal", columns={"n": "integer"}).count() == 0:
    time.sleep(0.1)
print("the row is there")
`;

/** Lines of 100 characters with their end, and then a failure. */
export const prints = (megabytes: number): string => `for number in range(${megabytes * 10_000}):
    print(f"line {number} ".ljust(99, "x"))
raise RuntimeError("after all that")
`;
