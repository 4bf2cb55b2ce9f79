"""Reading and writing many rows: the job runtime and a naive script in one warm session, beside psql's \\copy.

Usage: transfer.py ROWS ROUNDS; PostgreSQL is the connection `default` of the environment, psql stands on the PATH.
Every round runs every way once, in turn; prints the medians, and the medians of each round's ratios, as Markdown.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from statistics import median
from urllib.parse import urlsplit

from datamorph.connections import Database, connection
from datamorph.copying import insert_rows
from datamorph.job import Job
from datamorph.publishing import publish, stage
from datamorph.reading import read_table
from datamorph.target import Target
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
        insert_rows(self.described, "source", self.frame)
        self.database.execute("vacuum analyze source")
        self.copy_out()

    def recreate(self, table: str) -> None:
        self.database.execute(f"drop table if exists {table}")
        self.database.execute(self.made.format(table))

    def naive_read(self) -> None:
        self.drain(self.spark.read.jdbc(self.described.url, "source", properties=self.properties()))

    def own_read(self) -> None:
        self.drain(read_table(self.spark, self.described, "source", COLUMNS, partitioned=True))

    def drain(self, frame: DataFrame) -> None:
        frame.write.format("noop").mode("overwrite").save()

    def naive_write(self) -> None:
        self.recreate("naive")
        self.frame.write.jdbc(self.described.url, "naive", mode="append", properties=self.properties())

    def batched_write(self) -> None:
        self.recreate("batched")
        insert_rows(self.described, "batched", self.frame)

    def own_stage(self) -> None:
        stage(self.spark, self.described, self.target, self.frame)

    def own_publish(self) -> None:
        publish(self.spark, self.described, self.target)

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
    ways: dict[str, Callable[[], None]] = {
        "read, DataMorph": bench.own_read,
        "read, naive": bench.naive_read,
        "read, `\\copy … to`": bench.copy_out,
        "write, DataMorph (staged)": bench.own_stage,
        "publish what was staged": bench.own_publish,
        "write, batched INSERT": bench.batched_write,
        "write, naive": bench.naive_write,
        "write, `\\copy … from`": bench.copy_in,
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, way in ways.items():
            start = time.monotonic()
            way()
            times[name].append(time.monotonic() - start)
            print(f"round {number + 1}: {name}: {times[name][-1]:.2f} s", file=sys.stderr, flush=True)
        bench.database.execute("drop table target")
    print_table(times)


def print_table(times: dict[str, list[float]]) -> None:
    own = {"read": times["read, DataMorph"], "write": times["write, DataMorph (staged)"]}
    print("| what | median | times DataMorph's, median of the rounds |\n| --- | ---: | ---: |")
    for name, measured in times.items():
        base = own["read" if name.startswith("read") else "write"]
        ratio = median(other / mine for other, mine in zip(measured, base, strict=True))
        print(f"| {name} | {median(measured):.2f} s | {ratio:.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
