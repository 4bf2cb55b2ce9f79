"""Runs the 22 queries of TPC-H by compiled script and by hand in turn, in one session. Prints seconds as JSON.

Both read through the runtime, with the same JDBC options; only the query differs. Rows go nowhere: what is measured is
reading and computing. The input is [{number, script, sql, tables}].
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import datamorph
from datamorph.connections import connection
from datamorph.reading import read_table
from session import start_session


class MeasuredJob(datamorph.Job):
    def write(self, frame, **_):
        frame.write.format("noop").mode("append").save()

    @classmethod
    def start(cls, name, functions=()):
        return super().start(name, functions)


def by_script(script: str) -> None:
    exec(compile(Path(script).read_text(encoding="utf-8"), script, "exec"), {"__name__": "__main__"})


def by_hand(spark, sql: str, tables: dict[str, dict]) -> None:
    """The query as one would write it for Spark: over views of the tables, columns and filters left to Catalyst to push."""
    for name, table in tables.items():
        frame = read_table(spark, connection(None), f"public.{name}", table["columns"], None, table["partitioned"])
        frame.createOrReplaceTempView(name)
    spark.sql(sql).write.format("noop").mode("append").save()


def main(rounds: int) -> None:
    queries = json.load(sys.stdin)
    spark = start_session("tpch")
    datamorph.Job = MeasuredJob
    folder = Path(tempfile.mkdtemp(prefix="datamorph-tpch-"))
    found: dict[str, dict[str, list[float]]] = {}
    for number in range(rounds):
        for query in queries:
            script = folder / f"q{query['number']}.py"
            script.write_text(query["script"], encoding="utf-8")
            ways = {
                "script": lambda path=str(script): by_script(path),
                "hand": lambda query=query: by_hand(spark, query["sql"], query["tables"]),
            }
            # Each goes first in every other round, so that a warm cache favours neither.
            for way in sorted(ways, reverse=number % 2 == 0):
                start = time.perf_counter()
                ways[way]()
                spark.catalog.clearCache()
                seconds = time.perf_counter() - start
                found.setdefault(query["number"], {}).setdefault(way, []).append(seconds)
            last = {way: f"{values[-1]:.1f} s" for way, values in found[query["number"]].items()}
            print(f"round {number} query {query['number']}: {last}", flush=True)
    medians = {
        number: {
            "ratio": statistics.median(s / h for s, h in zip(ways["script"], ways["hand"], strict=True)),
            "script": statistics.median(ways["script"]),
            "hand": statistics.median(ways["hand"]),
        }
        for number, ways in found.items()
    }
    print(json.dumps(medians))


main(int(sys.argv[1]))
