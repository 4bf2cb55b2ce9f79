"""TPC-H: compiled scripts and hand-written PySpark in one warm session, in turn, over the same JDBC reads.

Usage: compare.py FOLDER ROUNDS; the folder holds q01.py … q22.py as the compiler wrote them. Both sides end in a sink that
takes every row and keeps none, so that only reading and the query are measured. Prints the medians as Markdown.
"""

from __future__ import annotations

import contextlib
import io
import math
import runpy
import sys
import time
from pathlib import Path
from statistics import median

import datamorph
import queries
from datamorph.job import Job
from datamorph.reading import read_table
from pyspark.sql import DataFrame

TYPES = {
    "bigint": "r_regionkey n_nationkey n_regionkey s_suppkey s_nationkey c_custkey c_nationkey p_partkey ps_partkey "
    "ps_suppkey o_orderkey o_custkey l_orderkey l_partkey l_suppkey",
    "integer": "p_size ps_availqty o_shippriority l_linenumber",
    "numeric(15,2)": "s_acctbal c_acctbal p_retailprice ps_supplycost o_totalprice l_quantity l_extendedprice "
    "l_discount l_tax",
    "date": "o_orderdate l_shipdate l_commitdate l_receiptdate",
}
TYPE_OF = {name: kind for kind, names in TYPES.items() for name in names.split()}
BIG = ("lineitem", "orders", "partsupp")


class SinkJob(Job):
    def write(self, frame: DataFrame, **_: object) -> None:
        drain(frame)


def drain(frame: DataFrame) -> None:
    frame.write.format("noop").mode("overwrite").save()


def by_hand(job: Job, number: int) -> None:
    def read(table: str, columns: str, where: str | None = None) -> DataFrame:
        types = {name: TYPE_OF.get(name, "text") for name in columns.split()}
        return read_table(job.spark, job.connection(None), table, types, where, partitioned=table in BIG)

    drain(getattr(queries, f"q{number:02}")(read))


def compiled(folder: Path, number: int) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        runpy.run_path(str(folder / f"q{number:02}.py"))


def main(folder: Path, rounds: int) -> None:
    datamorph.Job = SinkJob
    job = Job.start("tpch")
    sides = {"compiled": lambda number: compiled(folder, number), "by hand": lambda number: by_hand(job, number)}
    times: dict[str, dict[int, list[float]]] = {side: {number: [] for number in range(1, 23)} for side in sides}
    for turn in range(rounds + 1):
        for number in range(1, 23):
            # Who goes first has colder caches.
            for side in sorted(sides, reverse=turn % 2 == 1):
                start = time.monotonic()
                sides[side](number)
                took = time.monotonic() - start
                job.spark.catalog.clearCache()
                for persisted in job.spark.sparkContext._jsc.getPersistentRDDs().values():
                    persisted.unpersist(True)
                # The first turn warms the JVM up.
                if turn > 0:
                    times[side][number].append(took)
                print(f"turn {turn}: q{number:02} {side}: {took:.2f} s", file=sys.stderr, flush=True)
    print_table(times)


def print_table(times: dict[str, dict[int, list[float]]]) -> None:
    print("| query | compiled | by hand | ratio |\n| --- | ---: | ---: | ---: |")
    ratios = []
    for number in range(1, 23):
        mine, hand = times["compiled"][number], times["by hand"][number]
        ratios.append(median(ours / theirs for ours, theirs in zip(mine, hand, strict=True)))
        print(f"| {number} | {median(mine):.2f} s | {median(hand):.2f} s | {ratios[-1]:.2f} |")
    sums = [sum(median(times[side][number]) for number in range(1, 23)) for side in ("compiled", "by hand")]
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    print(f"| sum; geometric mean of the ratios | {sums[0]:.1f} s | {sums[1]:.1f} s | {mean:.2f} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
