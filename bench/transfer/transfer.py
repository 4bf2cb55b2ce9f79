"""Reading and writing many rows: the job runtime and a naive script in one warm session, beside psql's \\copy.

Usage: transfer.py ROWS ROUNDS; PostgreSQL is the connection `default` of the environment, psql stands on the PATH.
Every round runs every way once, in turn, after one that warms up; prints the medians, and the medians of each round's
ratios, as Markdown. The naive script is what Spark's own pages show: one connection, nothing tuned.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from statistics import median
from urllib.parse import urlsplit

from cpu import Cost, Meter
from datamorph.connections import Database, connection
from datamorph.job import Job
from datamorph.reading import read_table
from datamorph.staging import held, stage, write
from datamorph.target import Target
from datamorph.writing import BATCH_SIZE
from pyspark.sql import DataFrame

COLUMNS = {
    "id": "bigint",
    "customer_id": "integer",
    "amount": "numeric(12,2)",
    "weight": "double precision",
    "name": "text",
    "note": "text",
    "is_open": "boolean",
    "ordered_on": "date",
    "changed_at": "timestamp with time zone",
}
GENERATED = """
    id, cast(id % 99991 as int) as customer_id, cast(id % 1000000 / 100 as decimal(12,2)) as amount,
    id / 7 as weight, concat('customer ', id % 99991) as name,
    case when id % 10 = 0 then null else concat('a note on order ', id, ', as long as notes are') end as note,
    id % 3 = 0 as is_open, date_add(date '2020-01-01', cast(id % 2000 as int)) as ordered_on,
    timestamp_micros(1577836800000000 + id * 1000003) as changed_at
"""


class Bench:
    def __init__(self, rows: int) -> None:
        self.job = Job.start("transfer")
        self.spark = self.job.spark
        self.described = connection(None)
        self.database = Database(self.spark, self.described)
        numbers = self.spark.range(1, rows + 1, numPartitions=8)
        self.frame: DataFrame = self.spark.sql(f"select {GENERATED} from {{numbers}}", numbers=numbers)
        self.folder = tempfile.TemporaryDirectory()
        self.file = os.path.join(self.folder.name, "rows")
        self.made = "create unlogged table {} (" + ", ".join(f"{c} {t}" for c, t in COLUMNS.items()) + ")"
        self.recreate("source")
        self.insert("source")
        self.database.run("vacuum analyze source")
        self.copy_out()

    def recreate(self, table: str) -> None:
        self.database.run(f"drop table if exists {table}")
        self.database.run(self.made.format(table))

    def naive_read(self) -> None:
        self.drain(self.spark.read.jdbc(self.described.url, "source", properties=self.properties()))

    def own_read(self) -> None:
        self.drain(read_table(self.spark, self.described, "source", COLUMNS, partitioned=True))

    def naive_table_to_table(self) -> None:
        self.recreate("naive")
        frame = self.spark.read.jdbc(self.described.url, "source", properties=self.properties())
        frame.write.jdbc(self.described.url, "naive", mode="append", properties=self.properties())

    def own_table_to_table(self) -> None:
        frame = read_table(self.spark, self.described, "source", COLUMNS, partitioned=True)
        self.stage(frame)

    def psql_table_to_table(self) -> None:
        self.copy_out()
        self.copy_in()

    def drain(self, frame: DataFrame) -> None:
        frame.write.format("noop").mode("overwrite").save()

    def naive_write(self) -> None:
        self.recreate("naive")
        self.frame.write.jdbc(self.described.url, "naive", mode="append", properties=self.properties())

    def batched_write(self) -> None:
        self.recreate("batched")
        self.insert("batched")

    def insert(self, table: str) -> None:
        writer = self.frame.write.format("jdbc").options(**self.described.options()).option("dbtable", table)
        writer.option("batchsize", BATCH_SIZE).option("reWriteBatchedInserts", "true").mode("append").save()

    def own_stage(self) -> None:
        self.stage(self.frame)

    def stage(self, frame: DataFrame) -> None:
        with held(self.spark, self.described, self.target) as database:
            stage(database, self.described, self.target, frame)

    def own_write(self) -> None:
        write(self.spark, self.described, self.target, self.frame, now=True)

    @property
    def target(self) -> Target:
        return Target("public.target", "replace", COLUMNS, schema="public", run_id="bench")

    def copy_out(self) -> None:
        self.psql(f"\\copy source to '{self.file}'")

    def copy_in(self) -> None:
        self.recreate("copied")
        self.psql(f"\\copy copied from '{self.file}'")

    def properties(self) -> dict[str, str]:
        options = self.described.options()
        return {key: options[key] for key in ("user", "password", "driver")}

    def psql(self, command: str) -> None:
        address = urlsplit(self.described.url.removeprefix("jdbc:"))
        environment = {
            **os.environ,
            "PGHOST": address.hostname or "",
            "PGPORT": str(address.port),
            "PGDATABASE": address.path[1:],
            "PGUSER": self.described.user,
            "PGPASSWORD": self.described.password,
        }
        subprocess.run(["psql", "-q", "-X", "-c", command], env=environment, check=True)


def main(rows: int, rounds: int) -> None:
    bench = Bench(rows)
    meter = Meter(bench.spark, bench.database)
    ways: dict[str, dict[str, Callable[[], None]]] = {
        "read": {
            "DataMorph": bench.own_read,
            "naive": bench.naive_read,
            "`\\copy … to`": bench.copy_out,
        },
        "write": {
            "DataMorph, to the staging table": bench.own_stage,
            "DataMorph, and published": bench.own_write,
            "batched INSERT": bench.batched_write,
            "naive": bench.naive_write,
            "`\\copy … from`": bench.copy_in,
        },
        "table to table": {
            "DataMorph, to the staging table": bench.own_table_to_table,
            "naive": bench.naive_table_to_table,
            "`\\copy`, out and in": bench.psql_table_to_table,
        },
    }
    costs: dict[str, dict[str, list[Cost]]] = {what: {name: [] for name in ways[what]} for what in ways}
    for number in range(rounds + 1):
        for what, name in [(what, name) for what, named in ways.items() for name in named]:
            cost = meter.measure(ways[what][name])
            # The first round warms the JVM up.
            if number > 0:
                costs[what][name].append(cost)
            words = f"round {number}: {what}: {name}: {cost.wall:.2f} s, {cost.cpu:.2f} s of CPU"
            print(words, file=sys.stderr, flush=True)
        bench.database.run("drop table target")
    print_table(costs)


def print_table(costs: dict[str, dict[str, list[Cost]]]) -> None:
    print(
        "| what | how | median | CPU | times DataMorph's | times its CPU |\n| --- | --- | ---: | ---: | ---: | ---: |"
    )
    for what, ways in costs.items():
        own = next(iter(ways.values()))
        for name, measured in ways.items():
            wall, cpu = median(cost.wall for cost in measured), median(cost.cpu for cost in measured)
            walls = median(cost.wall / mine.wall for cost, mine in zip(measured, own, strict=True))
            cpus = median(cost.cpu / mine.cpu for cost, mine in zip(measured, own, strict=True))
            print(f"| {what} | {name} | {wall:.2f} s | {cpu:.2f} s | {walls:.2f} | {cpus:.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
