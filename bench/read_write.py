"""Reads and writes one table by three ways in turn: the runtime, a naive script, and psql's \\copy. Prints seconds as JSON."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from datamorph.connections import connection
from datamorph.reading import read_table
from datamorph.staging import write
from datamorph.target import Target
from session import start_session

COLUMNS = {
    "id": "bigint",
    "customer_id": "integer",
    "amount": "numeric(12,2)",
    "status": "text",
    "created_at": "timestamp with time zone",
    "note": "text",
}


class Ways:
    def __init__(self):
        self.spark = start_session("read and write")
        self.source = connection(None)
        self.folder = Path(tempfile.mkdtemp(prefix="datamorph-bench-"))
        self.naive = {"user": self.source.user, "password": self.source.password, "driver": "org.postgresql.Driver"}

    def read_runtime(self):
        read_table(self.spark, self.source, "public.big", COLUMNS, None, True).write.format("noop").mode(
            "append"
        ).save()

    def read_naive(self):
        frame = self.spark.read.jdbc(self.source.url, "public.big", properties=self.naive)
        frame.write.format("noop").mode("append").save()

    def read_psql(self):
        self.psql(f"\\copy big to '{self.folder / 'out.txt'}'")

    def both_runtime(self):
        frame = read_table(self.spark, self.source, "public.big", COLUMNS, None, True)
        target = Target("public.copy_runtime", "replace", COLUMNS, schema="public", run_id=str(time.time()))
        write(self.spark, self.source, target, frame, now=True)

    def both_naive(self):
        frame = self.spark.read.jdbc(self.source.url, "public.big", properties=self.naive)
        frame.write.jdbc(self.source.url, "public.copy_naive", mode="overwrite", properties=self.naive)

    def both_psql(self):
        self.read_psql()
        self.psql("drop table if exists copy_psql", "create table copy_psql (like big)")
        self.psql(f"\\copy copy_psql from '{self.folder / 'out.txt'}'")

    def psql(self, *commands):
        wanted = [part for command in commands for part in ("-c", command)]
        subprocess.run(["psql", "-qX", os.environ["DATAMORPH_BENCH_URL"], *wanted], check=True)

    def clean(self):
        self.psql("drop table if exists copy_runtime, copy_naive, copy_psql", "checkpoint")


def main(rounds: int) -> None:
    ways = Ways()
    found: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        for what in ("read", "both"):
            for way in ("runtime", "naive", "psql"):
                name = f"{what}_{way}"
                ways.clean()
                start = time.perf_counter()
                getattr(ways, name)()
                seconds = time.perf_counter() - start
                print(f"round {number} {name}: {seconds:.1f} s", flush=True)
                # The first round warms the JVM and the server's cache up.
                if number > 0:
                    found.setdefault(name, []).append(seconds)
    ratios = {
        f"{what}: {a} / {b}": statistics.median(
            x / y for x, y in zip(found[f"{what}_{a}"], found[f"{what}_{b}"], strict=True)
        )
        for what in ("read", "both")
        for a, b in (("naive", "runtime"), ("runtime", "psql"))
    }
    seconds = {name: statistics.median(values) for name, values in found.items()}
    print(json.dumps({"seconds": seconds, "ratios": ratios}))


main(int(sys.argv[1]))
