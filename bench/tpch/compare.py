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
from functools import partial
from pathlib import Path
from statistics import median

import datamorph
import queries
from cpu import Cost, Meter
from datamorph.connections import Database
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
    costs: dict[str, dict[int, list[Cost]]] = {side: {number: [] for number in range(1, 23)} for side in sides}
    meter = Meter(job.spark, Database(job.spark, job.connection(None)))
    for turn in range(rounds + 1):
        for number in range(1, 23):
            # Who goes first has colder caches.
            for side in sorted(sides, reverse=turn % 2 == 1):
                cost = meter.measure(partial(sides[side], number))
                job.spark.catalog.clearCache()
                for persisted in job.spark.sparkContext._jsc.getPersistentRDDs().values():
                    persisted.unpersist(True)
                # The first turn warms the JVM up.
                if turn > 0:
                    costs[side][number].append(cost)
                print(
                    f"turn {turn}: q{number:02} {side}: {cost.wall:.2f} s, {cost.cpu:.2f} s of CPU",
                    file=sys.stderr,
                    flush=True,
                )
    print_table(costs)


def print_table(costs: dict[str, dict[int, list[Cost]]]) -> None:
    print("| query | compiled | by hand | ratio | compiled, CPU | by hand, CPU | ratio |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    rows = [line_of(costs["compiled"][number], costs["by hand"][number]) for number in range(1, 23)]
    for number, row in enumerate(rows, start=1):
        print(f"| {number} | {written(row)} |")
    sums = [sum(row[place] for row in rows) for place in range(6)]
    for place in (2, 5):
        sums[place] = sums[place - 2] / sums[place - 1]
    print(f"| sum, and its ratio | {written(sums)} |")
    walls, cpus = (math.exp(sum(math.log(row[place]) for row in rows) / len(rows)) for place in (2, 5))
    print(f"| geometric mean | | | {walls:.2f} | | | {cpus:.2f} |")


def line_of(mine: list[Cost], hand: list[Cost]) -> list[float]:
    """Medians, and medians of each turn's ratio."""
    pairs = list(zip(mine, hand, strict=True))
    return [
        median(cost.wall for cost in mine),
        median(cost.wall for cost in hand),
        median(ours.wall / theirs.wall for ours, theirs in pairs),
        median(cost.cpu for cost in mine),
        median(cost.cpu for cost in hand),
        median(ours.cpu / theirs.cpu for ours, theirs in pairs),
    ]


def written(row: list[float]) -> str:
    return " | ".join(f"{value:.2f}" + ("" if place in (2, 5) else " s") for place, value in enumerate(row))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
