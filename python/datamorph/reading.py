"""JDBC reads: the columns and rows that are needed, big tables over several connections."""

from __future__ import annotations

from dataclasses import dataclass

from datamorph.columns import column_sql, selected_names
from datamorph.connections import Connection, Database, identifier, literal
from pyspark.sql import DataFrame, SparkSession

#: Blocks of 8 kB that one partition reads: 64 MB.
BLOCKS_PER_PARTITION = 8192
MOST_PARTITIONS = 32
FETCH_SIZE = 10_000


@dataclass(frozen=True)
class Incremental:
    """Rows above the mark of the last run, less the lateness, up to the greatest value there is now."""

    watermark: str
    after: str | None = None
    lateness: str | None = None


def read_table(
    spark: SparkSession,
    source: Connection,
    table: str,
    columns: dict[str, str],
    where: str | None = None,
    partitioned: bool = False,
) -> DataFrame:
    """`table` and `where` are SQL; `columns` says each column's PostgreSQL type."""
    names = selected_names(columns)
    selected = ", ".join(
        column_sql(name, kind, alias) for (name, kind), alias in zip(columns.items(), names, strict=True)
    )
    query = f"select {selected} from {table}" + (f" where ({where}\n)" if where else "")
    reader = spark.read.format("jdbc").options(**source.options()).option("fetchsize", FETCH_SIZE)
    ranges = block_ranges(spark, source, table) if partitioned else []
    if len(ranges) < 2:
        return reader.option("dbtable", f"({query}) as source").load().toDF(*columns)
    joined = " and " if where else " where "
    bounded = f"({query}{joined}{{}}) as source"
    parts = [reader.option("dbtable", bounded.replace("{}", bounds)).load() for bounds in ranges]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.union(part)
    return whole.toDF(*columns)


def block_ranges(spark: SparkSession, source: Connection, table: str) -> list[str]:
    """Conditions that cut the table by physical place: even parts, no key needed, no row twice or never."""
    database = Database(spark, source)
    try:
        size = "select pg_relation_size(cast(? as regclass)) / current_setting('block_size')::bigint"
        blocks = int(database.value(size, [table]) or 0)
    finally:
        database.close()
    count = min(MOST_PARTITIONS, blocks // BLOCKS_PER_PARTITION + 1)
    bounds = [blocks * part // count for part in range(count)]
    ranges = []
    for part, first in enumerate(bounds):
        lower = f"ctid >= '({first},0)'::tid"
        upper = f" and ctid < '({bounds[part + 1]},0)'::tid" if part + 1 < count else ""
        ranges.append(lower + upper)
    return ranges


def incremental_where(database: Database, table: str, incremental: Incremental) -> tuple[str | None, str | None]:
    """The condition, and the mark of this run; neither where there is nothing to read."""
    column = identifier(incremental.watermark)
    up_to = database.value(f"select cast(max({column}) as text) from {table}")
    if up_to is None:
        return None, incremental.after
    bounds = [f"{column} <= {literal(up_to)}"]
    if incremental.after is not None:
        bounds.append(f"{column} > {lower_bound(database, table, column, incremental)}")
    return " and ".join(bounds), up_to


def lower_bound(database: Database, table: str, column: str, incremental: Incremental) -> str:
    after = literal(incremental.after or "")
    if incremental.lateness is None:
        return after
    kind = database.value(f"select cast(pg_typeof({column}) as text) from {table} limit 1") or "timestamptz"
    return f"cast({after} as {kind}) - interval {literal(incremental.lateness)}"
