"""Runs many compiled scripts in one session and writes what each would write into one table, as texts.

The scripts run as they are. Their Job differs from the real one in two things: a table is read once for all of them,
and `write` keeps the frame, so that one Spark job can write the rows of all scripts: (spec, row), each row an array of
texts. Prints one line a script that failed: its number and the last line of the error.
"""

from __future__ import annotations

import json
import runpy
import traceback
from functools import reduce

import datamorph
from datamorph_functions import register
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

RealJob = datamorph.Job
#: Small rows: the time goes into planning and code generation.
SPEED = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
}


class BatchJob(RealJob):
    shared = None
    tables: dict[str, DataFrame] = {}
    written: DataFrame | None = None

    @classmethod
    def start(cls, name, functions=()):
        if cls.shared is None:
            job = super().start(name, functions)
            cls.shared = job
        register(cls.shared.spark, functions)
        return cls.shared

    def read(self, **described):
        key = json.dumps(described)
        if key not in self.tables:
            self.tables[key] = super().read(**described).persist()
        return self.tables[key]

    def write(self, frame, *, columns, **_):
        BatchJob.written = frame.select(
            F.array(*(F.col(f"`{name}`").cast("string") for name in columns)).cast("array<string>").alias("row")
        )


def main(manifest: str) -> None:
    with open(manifest, encoding="utf-8") as file:
        scripts = json.load(file)
    BatchJob.shared, BatchJob.tables = None, {}
    spark = BatchJob.start("batch").spark
    saved = {key: spark.conf.get(key, None) for key in SPEED}
    datamorph.Job = BatchJob
    try:
        for key, value in SPEED.items():
            spark.conf.set(key, value)
        write(frames_of(scripts))
    finally:
        for key, value in saved.items():
            spark.conf.unset(key) if value is None else spark.conf.set(key, value)
        datamorph.Job = RealJob


def frames_of(scripts: dict[str, str]) -> list[tuple[str, DataFrame]]:
    frames = {}
    for number, script in scripts.items():
        try:
            BatchJob.written = None
            runpy.run_path(script)
            frames[number] = BatchJob.written.withColumn("spec", F.lit(int(number)))
        except BaseException:  # whatever the script raises is what the test wants to know
            failed(number)
    return list(frames.items())


def write(frames: list[tuple[str, DataFrame]]) -> None:
    """All at once; where that fails, in halves, down to the scripts that are the reason."""
    if not frames:
        return
    try:
        rows = reduce(DataFrame.union, [frame for _, frame in frames]).coalesce(2)
        collected = [(row["spec"], row["row"]) for row in rows.collect()]
    except Exception:
        if len(frames) == 1:
            failed(frames[0][0])
            return
        middle = len(frames) // 2
        write(frames[:middle])
        write(frames[middle:])
        return
    for spec, row in collected:
        print("row " + json.dumps([spec, row]))


def failed(number: str) -> None:
    lines = traceback.format_exc().split("\nJVM stacktrace")[0].strip().splitlines()
    words = [line for line in lines if "Error" in line or "Exception" in line or line.startswith("[")]
    print("failed " + json.dumps([int(number), (words or lines)[-1][:600]]))
