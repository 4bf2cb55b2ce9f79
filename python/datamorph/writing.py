"""Rows into the staging table: by COPY where the executors share this machine's files, else by batched inserts.

COPY is the faster by far, but only the driver can speak it: pgjdbc's CopyManager is no part of Spark's writer. Where the
executors are threads of this JVM (local Spark), they write the rows as files in COPY's own text format, and the driver
streams the files in, several at once. On a cluster, and on Windows, where Hadoop cannot write files without tools of its
own, every executor inserts its own rows in large batches.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from datamorph.connections import Connection, Database
from datamorph.copytext import copy_line
from datamorph.statements import values_of
from datamorph.target import Target
from pyspark.sql import DataFrame, SparkSession

BATCH_SIZE = 10_000
MOST_STREAMS = 4


def write_rows(database: Database, connection: Connection, target: Target, staged: DataFrame) -> int:
    """Appends the rows to the empty staging table; returns how many there are in it."""
    table = values_of(target)["stage"]
    if shares_files(staged.sparkSession):
        return copy_rows(connection, table, staged)
    writer = staged.write.format("jdbc").options(**connection.options()).option("dbtable", table)
    writer.option("batchsize", BATCH_SIZE).option("reWriteBatchedInserts", "true").mode("append").save()
    return int(database.value(f"select count(*) from {table}"))


def shares_files(spark: SparkSession) -> bool:
    master = spark.sparkContext.master
    return os.name != "nt" and master.startswith("local") and not master.startswith("local-cluster")


def copy_rows(connection: Connection, table: str, staged: DataFrame) -> int:
    folder = tempfile.mkdtemp(prefix="datamorph-copy-")
    try:
        staged.select(copy_line(staged.schema)).write.mode("overwrite").text(Path(folder).as_uri())
        files = sorted(str(file) for file in Path(folder).glob("part-*"))
        spark = staged.sparkSession
        with ThreadPoolExecutor(MOST_STREAMS) as pool:
            return sum(pool.map(lambda file: copy_file(spark, connection, table, file), files))
    finally:
        shutil.rmtree(folder)


def copy_file(spark: SparkSession, connection: Connection, table: str, file: str) -> int:
    database = Database(spark, connection)
    try:
        return database.copy_in(f"copy {table} from stdin", file)
    finally:
        database.close()
