"""JDBC reads: the columns and rows that are needed, big tables over several connections."""

from __future__ import annotations

from dataclasses import dataclass

from datamorph.columns import column_sql, selected_names
from datamorph.connections import Connection, Database, identifier, literal
from pyspark.sql import DataFrame, SparkSession

#: Blocks of 8 kB that one partition reads: 64 MB.
BLOCKS_PER_PARTITION = 8192
MOST_PARTITIONS = 32
#: In binary from the first execution on, which is the only one: numbers and moments need no parsing. Measured at 600,000
#: rows: a quarter less CPU than texts; 2,000 or 50,000 rows at once instead of 10,000 made no difference.
TRANSFER = {"fetchsize": "10000", "prepareThreshold": "-1"}
#: Says which part of a table a row is in.
PART = "datamorph_part"


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
    reader = spark.read.format("jdbc").options(**source.options(), **TRANSFER)
    parts = table_parts(spark, source, table) if partitioned else [Part(table)]
    queries = [part_query(selected, part, where) for part in parts]
    if len(queries) == 1:
        return reader.option("dbtable", f"({queries[0]}) as source").load().toDF(*columns)
    # One relation, not a union of many: Spark would compile its code once a part. PostgreSQL drops the branches whose
    # number is another one while it plans.
    numbered = " union all ".join(f"select {at} as {PART}, * from ({query}) as q" for at, query in enumerate(queries))
    wanted = [f"{PART} = {at}" for at in range(len(queries))]
    frame = reader.jdbc(source.url, f"({numbered}) as source", predicates=wanted, properties={})
    return frame.drop(PART).toDF(*columns)


@dataclass(frozen=True)
class Part:
    """What one connection reads: a table as SQL, and the blocks of it."""

    table: str
    blocks: str | None = None


def part_query(selected: str, part: Part, where: str | None) -> str:
    conditions = [f"({where}\n)"] if where else []
    conditions += [part.blocks] if part.blocks else []
    return f"select {selected} from {part.table}" + (f" where {' and '.join(conditions)}" if conditions else "")


#: The tables that hold the rows; may_read says whether they can be read past the table that they are parts of.
LEAVES = """
select cast(leaf.oid::regclass as text), pg_relation_size(leaf.oid) / current_setting('block_size')::bigint,
  leaf.oid = root.oid or has_table_privilege(leaf.oid, 'select')
    and not root.relrowsecurity and not leaf.relrowsecurity as may_read
from pg_class root
left join lateral pg_partition_tree(root.oid) tree on tree.isleaf
join pg_class leaf on leaf.oid = coalesce(tree.relid, root.oid)
where root.oid = cast(? as regclass)
"""


def table_parts(spark: SparkSession, source: Connection, table: str) -> list[Part]:
    """Even parts by physical place: no key is needed, no row is read twice or never.

    A partitioned table is read partition by partition where the user may do so, and otherwise whole, over one connection.
    """
    database = Database(spark, source)
    try:
        leaves = database.rows(LEAVES, [table])
    finally:
        database.close()
    if not leaves or any(may_read != "t" for _, _, may_read in leaves):
        return [Part(table)]
    if len(leaves) == 1:
        return block_parts(table, int(leaves[0][1] or 0))
    return [part for leaf, blocks, _ in leaves for part in block_parts(leaf or table, int(blocks or 0))]


def block_parts(table: str, blocks: int) -> list[Part]:
    count = min(MOST_PARTITIONS, blocks // BLOCKS_PER_PARTITION + 1)
    if count == 1:
        return [Part(table)]
    bounds = [blocks * part // count for part in range(count)]
    parts = []
    for number, first in enumerate(bounds):
        lower = f"ctid >= '({first},0)'::tid"
        # The last part is open: the table may grow while it is read.
        upper = f" and ctid < '({bounds[number + 1]},0)'::tid" if number + 1 < count else ""
        parts.append(Part(table, lower + upper))
    return parts


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
