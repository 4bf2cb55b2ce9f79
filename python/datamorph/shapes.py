"""Steps that Spark has no word for: series as PostgreSQL counts them, hierarchies, the nearest row in time."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator, Sequence

from datamorph.errors import JobError
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

MICROS_PER_DAY = 86_400_000_000


def quoted(name: str) -> str:
    """The name as a column reference of Spark."""
    return "`" + name.replace("`", "``") + "`"


def free_name(wanted: str, taken: Sequence[str]) -> str:
    while wanted in taken:
        wanted += "_"
    return wanted


def number_series(spark: SparkSession, name: str, start: str, stop: str, step: str, kind: str) -> DataFrame:
    """From start to stop, both included; empty where the step leads away from stop."""
    bounds = spark.range(1).select(
        F.expr(f"cast({start} as {kind})").alias("start"),
        F.expr(f"cast({stop} as {kind})").alias("stop"),
        F.expr(f"cast({step} as {kind})").alias("step"),
    )
    steps = bounds.withColumn(
        "steps",
        F.expr(
            "case when step = 0 then raise_error('step size cannot equal zero') "
            "else floor((cast(stop as decimal(38, 6)) - start) / step) end"
        ),
    ).where("steps >= 0")
    numbers = steps.select("*", F.explode(F.expr("sequence(0L, cast(steps as bigint))")).alias("number"))
    values = numbers.select("*", F.expr(f"cast(start + number * step as {kind})").alias("value"))
    # The division rounds: the last value may lie a little beyond.
    inside = values.where("(step > 0 and value <= stop) or (step < 0 and value >= stop)")
    return inside.select(F.col("value").alias(name))


def time_series(
    spark: SparkSession, name: str, start: str, stop: str, step: tuple[int, int, int], kind: str
) -> DataFrame:
    """`step` is months, days and microseconds, as an interval keeps them."""
    months, days, micros = step
    bounds = spark.range(1).select(
        F.expr(f"cast(cast({start} as timestamp) as string)").alias("start"),
        F.expr(f"cast(cast({stop} as timestamp) as string)").alias("stop"),
    )
    row = bounds.first()
    if row is None or row["start"] is None or row["stop"] is None:
        return spark.range(0).select(F.lit(None).cast(kind).alias(name))
    if months == 0:
        return even_series(spark, name, (row["start"], row["stop"]), days * MICROS_PER_DAY + micros, kind)
    first, last = (datetime.datetime.fromisoformat(row[bound]) for bound in ("start", "stop"))
    moments = [(str(moment),) for moment in month_series(first, last, step)]
    return spark.createDataFrame(moments, "value string").select(F.col("value").cast(kind).alias(name))


def even_series(spark: SparkSession, name: str, bounds: tuple[str, str], micros: int, kind: str) -> DataFrame:
    if micros == 0:
        raise ValueError("step size cannot equal zero")
    first, last = (datetime.datetime.fromisoformat(bound) for bound in bounds)
    count = (last - first) // datetime.timedelta(microseconds=micros) + 1
    start = (first - datetime.datetime(1970, 1, 1)) // datetime.timedelta(microseconds=1)
    return spark.range(max(count, 0)).select(
        F.expr(f"cast(timestamp_micros({start}L + id * {micros}L) as {kind})").alias(name)
    )


def month_series(
    first: datetime.datetime, last: datetime.datetime, step: tuple[int, int, int]
) -> Iterator[datetime.datetime]:
    """Each value follows from the one before, as in PostgreSQL: after the 31st comes the 28th, and stays."""
    months, days, micros = step
    rest = datetime.timedelta(days=days, microseconds=micros)
    moment = first
    while moment <= last if months > 0 else moment >= last:
        yield moment
        year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
        day = min(moment.day, calendar.monthrange(year, month + 1)[1])
        moment = moment.replace(year=year, month=month + 1, day=day) + rest


def hierarchy(
    frame: DataFrame,
    key: str,
    parent: str,
    *,
    key_text: str | None = None,
    start_with: str | None = None,
    level: str | None = None,
    path: str | None = None,
    root: str | None = None,
    separator: str = "/",
    max_depth: int = 100,
) -> DataFrame:
    """Walks from the roots to their children, one join a level, and says so when it does not end."""
    columns = frame.columns
    wanted = [name for name in (level, path, root) if name]
    level = level or free_name("level", columns)
    path = path or free_name("path", columns)
    root = root or free_name("root", columns)
    text = free_name("key_text", [*columns, level, path, root])
    rows = frame.withColumn(text, F.expr(key_text or quoted(key))).persist()
    reached = rows.where(start_with or f"{quoted(parent)} is null").select(
        "*", F.lit(1).alias(level), F.col(quoted(text)).alias(path), F.col(quoted(key)).alias(root)
    )
    reached = reached.localCheckpoint()
    whole = reached
    for depth in range(2, max_depth + 2):
        step = rows.alias("child").join(reached.alias("above"), F.expr(f"child.{quoted(parent)} = above.{quoted(key)}"))
        step_path = F.concat(F.col(f"above.{quoted(path)}"), F.lit(separator), F.col(f"child.{quoted(text)}"))
        reached = step.select(
            "child.*", F.lit(depth).alias(level), step_path.alias(path), F.col(f"above.{quoted(root)}").alias(root)
        ).localCheckpoint()
        if reached.isEmpty():
            return whole.select(*(quoted(name) for name in [*columns, *wanted]))
        whole = whole.union(reached)
    raise JobError("hierarchy", f"The hierarchy is deeper than {max_depth} levels: is there a cycle in {parent}?")


def as_of_join(left: DataFrame, right: DataFrame, on: str, nearest: str, backward: bool = True) -> DataFrame:
    """Each left row with the nearest right row that matches; a left row without one stays, with NULLs.

    Both come aliased; `on` is the whole condition over both, `nearest` the right side's time.
    """
    taken = [*left.columns, *right.columns]
    row_id, place = free_name("row_id", taken), free_name("place", taken)
    time = F.expr(nearest)
    order = time.desc_nulls_last() if backward else time.asc_nulls_last()
    numbered = left.withColumn(row_id, F.monotonically_increasing_id())
    joined = numbered.join(right, F.expr(on), "left")
    placed = joined.withColumn(place, F.row_number().over(Window.partitionBy(row_id).orderBy(order)))
    return placed.where(f"{place} = 1").drop(row_id, place)
