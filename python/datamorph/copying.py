"""Rows into a staging table by COPY, where executors and driver share a disk; otherwise by Spark's batched inserts.

Spark writes the rows as COPY's own text format, all cores at once, into files in its scratch folder; then the driver
streams the files to PostgreSQL, several at a time. No row passes through Python. On a cluster the driver does not see
what executors write on their disks, so there, and for types that are not listed here, rows go in by INSERT.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import reduce
from typing import Any

from datamorph.connections import Connection, Database
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T
from pyspark.util import inheritable_thread_target

BATCH_SIZE = 10_000
MOST_STREAMS = 4
NULL = "\\N"
#: Backslash first: the others bring backslashes of their own.
ESCAPES = (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))
#: Day 0 of Julian dates, the one way of writing a date that PostgreSQL reads alike in every year and every DateStyle.
EPOCH_AS_JULIAN_DAY = 2_440_588
#: What each staged type is fed from: a pair that is not here would be converted by PostgreSQL on INSERT but not on COPY.
FED_FROM: dict[str, tuple[type[T.DataType], ...]] = {
    "boolean": (T.BooleanType,),
    "smallint": (T.ByteType, T.ShortType),
    "integer": (T.ByteType, T.ShortType, T.IntegerType),
    "bigint": (T.ByteType, T.ShortType, T.IntegerType, T.LongType),
    "real": (T.FloatType,),
    "double precision": (T.FloatType, T.DoubleType),
    "numeric": (T.DecimalType, T.ShortType, T.IntegerType, T.LongType),
    "text": (T.StringType,),
    "character varying": (T.StringType,),
    "date": (T.DateType,),
    "timestamp": (T.TimestampType, T.TimestampNTZType),
    "timestamptz": (T.TimestampType,),
    "bytea": (T.BinaryType,),
}


def write_rows(spark: SparkSession, connection: Connection, table: str, frame: DataFrame, kinds: Sequence[str]) -> str:
    """Appends the frame to the table, whose columns have the same names and the given types; says how."""
    lines = copy_lines(frame, kinds) if spark.sparkContext.master.startswith("local") else None
    if lines is None:
        insert_rows(connection, table, frame)
        return "insert"
    with scratch_folder(spark) as folder:
        files = f"{folder}/rows"
        lines.write.option("compression", "none").text(files)
        copy_files(spark, connection, table, list_files(spark, files))
    return "copy"


def insert_rows(connection: Connection, table: str, frame: DataFrame) -> None:
    writer = frame.write.format("jdbc").options(**connection.options()).option("dbtable", table)
    writer.option("batchsize", BATCH_SIZE).option("reWriteBatchedInserts", "true").mode("append").save()


def copy_lines(frame: DataFrame, kinds: Sequence[str]) -> DataFrame | None:
    """One text a row, as COPY reads it; None where a column's type has no such text."""
    texts = [
        copy_text(F.col(field.name), field.dataType, kind) for field, kind in zip(frame.schema, kinds, strict=True)
    ]
    if any(text is None for text in texts):
        return None
    columns = [F.coalesce(text, F.lit(NULL)) for text in texts if text is not None]
    return frame.select(F.concat_ws("\t", *columns).alias("line"))


def copy_text(value: Column, given: T.DataType, kind: str) -> Column | None:
    if kind.endswith("[]"):
        return array_text(value, given, kind.removesuffix("[]"))
    if kind == "text" and isinstance(given, T.ArrayType):
        return array_text(value, given, "numeric" if isinstance(given.elementType, T.DecimalType) else "text")
    if not isinstance(given, FED_FROM.get(kind, ())):
        return None
    if isinstance(given, T.StringType):
        return escaped(value)
    if kind == "bytea":
        return F.concat(F.lit("\\\\x"), F.hex(value))
    return plain_text(value, kind)


def plain_text(value: Column, kind: str) -> Column:
    """PostgreSQL's input format of a type whose texts hold nothing to escape."""
    if kind == "date":
        return julian_day(value)
    if kind.startswith("timestamp"):
        time = F.substring_index(value.cast("string"), " ", -1)
        zone = F.lit("+00" if kind == "timestamptz" else "")
        return F.concat(julian_day(value.cast("date")), F.lit(" "), time, zone)
    return value.cast("string")


def julian_day(value: Column) -> Column:
    return F.concat(F.lit("J"), (F.unix_date(value) + F.lit(EPOCH_AS_JULIAN_DAY)).cast("string"))


def array_text(value: Column, given: T.DataType, kind: str) -> Column | None:
    """Elements of text are always quoted, so that an empty one, one of blanks and the word NULL stay what they are."""
    if not isinstance(given, T.ArrayType) or not isinstance(given.elementType, FED_FROM.get(kind, ())):
        return None
    is_text = isinstance(given.elementType, T.StringType)

    def element(item: Column) -> Column:
        text = plain_text(item, kind)
        if is_text:
            quoted = replaced(item, (("\\", "\\\\"), ('"', '\\"')))
            text = F.concat(F.lit('"'), quoted, F.lit('"'))
        return F.coalesce(text, F.lit("NULL"))

    joined = F.concat(F.lit("{"), F.array_join(F.transform(value, element), ","), F.lit("}"))
    return escaped(joined) if is_text else joined


def escaped(value: Column) -> Column:
    return replaced(value, ESCAPES)


def replaced(value: Column, pairs: Sequence[tuple[str, str]]) -> Column:
    return reduce(lambda text, pair: F.replace(text, F.lit(pair[0]), F.lit(pair[1])), pairs, value)


@contextmanager
def scratch_folder(spark: SparkSession) -> Iterator[str]:
    """Closed to others, removed at the end, and by the JVM's own end where Python does not come so far."""
    utils = spark._jvm.org.apache.spark.util.Utils
    folder = utils.createTempDir(utils.getLocalDir(spark._jsc.sc().conf()), "datamorph")
    try:
        yield folder.getAbsolutePath()
    finally:
        utils.deleteRecursively(folder)


def list_files(spark: SparkSession, folder: str) -> list[Any]:
    """Those that hold rows, the biggest first: they take longest."""
    files = [file for file in spark._jvm.java.io.File(folder).listFiles() if file.getName().startswith("part-")]
    sized = [(int(file.length()), file) for file in files]
    return [file for size, file in sorted(sized, key=lambda pair: -pair[0]) if size > 0]


def copy_files(spark: SparkSession, connection: Connection, table: str, files: Sequence[Any]) -> None:
    if not files:
        return
    streams = min(MOST_STREAMS, spark.sparkContext.defaultParallelism, len(files))
    shares = [files[start::streams] for start in range(streams)]
    with ThreadPoolExecutor(streams) as pool:
        copy = inheritable_thread_target(lambda share: copy_share(spark, connection, table, share))
        for done in [pool.submit(copy, share) for share in shares]:
            done.result()


def copy_share(spark: SparkSession, connection: Connection, table: str, files: Sequence[Any]) -> None:
    jvm = spark._jvm
    database = Database(spark, connection)
    try:
        manager = database.jdbc.getCopyAPI()
        for file in files:
            stream = jvm.java.io.FileInputStream(file)
            try:
                manager.copyIn(f"copy {table} from stdin with (encoding 'UTF8')", stream, 1 << 16)
            finally:
                stream.close()
    finally:
        database.close()
