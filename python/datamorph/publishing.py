"""Staging and publication: rows go to a table of their own, and become visible in one transaction or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable

from datamorph import target as sql
from datamorph.connections import Connection, Database, literal, reason, sql_state
from datamorph.copying import write_rows
from datamorph.errors import JobError
from datamorph.report import report
from datamorph.target import Target, create_ledger, create_stage, create_target, publication, staged_name, staged_type
from py4j.protocol import Py4JJavaError
from pyspark.sql import DataFrame, SparkSession

LOCK_TIMEOUT = "5s"
LOCK_ATTEMPTS = 5
#: SQLSTATE of lock_not_available and deadlock_detected: worth another try.
BUSY = ("55P03", "40P01")


def stage(spark: SparkSession, connection: Connection, target: Target, frame: DataFrame) -> int:
    """Fills a new staging table; what an earlier run of the same target left behind goes first."""
    database = Database(spark, connection)
    try:
        drop_leftovers(database, target)
        for statement in create_stage(target):
            database.execute(statement)
        staged = frame.toDF(*(staged_name(target, name) for name in target.columns))
        kinds = [staged_type(kind) for kind in target.columns.values()]
        by = write_rows(spark, connection, target.stage, staged, kinds)
        rows = int(database.value(f"select count(*) from {target.stage}"))
    except Py4JJavaError as error:
        if sql_state(error) is None:
            raise
        raise JobError("publication", f"Staging for {target.table} failed: {reason(error)}") from None
    finally:
        database.close()
    report("staged", table=target.table, rows=rows, by=by)
    return rows


def drop_leftovers(database: Database, target: Target) -> None:
    """Only what carries our mark for this target."""
    found = database.rows(
        "select cast(c.oid::regclass as text) from pg_class c "
        "where c.relkind = 'r' and c.relname like 'datamorph\\_stage\\_%' and obj_description(c.oid, 'pg_class') = ?",
        [target.comment],
    )
    for (table,) in found:
        database.execute(f"drop table {table}")


def publish(spark: SparkSession, connection: Connection, target: Target) -> None:
    """Makes the staged rows visible. A run that is published already only drops its staging table."""
    database = Database(spark, connection)
    try:
        rows, repeated = retried(lambda: publish_once(database, target))
        database.execute(f"drop table if exists {target.stage}")
    except Py4JJavaError as error:
        raise JobError("publication", f"{target.table} keeps its old rows: {reason(error)}") from None
    finally:
        database.close()
    report("published", table=target.table, mode=target.mode, rows=rows, repeated=repeated)


def publish_once(database: Database, target: Target) -> tuple[int, bool]:
    with database.transaction():
        database.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
        # Two jobs that begin at once would both try to make the ledger or the target.
        database.rows(f"select cast(pg_advisory_xact_lock(hashtextextended({literal(target.table)}, 0)) as text)")
        for statement in create_ledger(target) if needs_ledger(database, target) else []:
            database.execute(statement)
        if not exists(database, target.table):
            for statement in create_target(target):
                database.execute(statement)
        # Other writers wait, readers do not.
        database.execute(f"lock table {target.table} in share row exclusive mode")
        if is_published(database, target):
            return 0, True
        rows = int(database.value(f"select count(*) from {target.stage}"))
        refuse_without_key(database, target)
        for statement in publication(target):
            database.execute(statement)
        if needs_record(target):
            record = (
                f"insert into {target.ledger} (run_id, target, mode, rows) select ?, ?, ?, ?::bigint returning rows"
            )
            database.rows(record, [target.run_id, target.table, target.mode, str(rows)])
        return rows, False


def needs_record(target: Target) -> bool:
    """Publishing a replacement or a history twice ends in the same rows: only these two must not be repeated."""
    return target.mode in ("append", "upsert")


def needs_ledger(database: Database, target: Target) -> bool:
    return needs_record(target) and not exists(database, target.ledger)


def is_published(database: Database, target: Target) -> bool:
    if not needs_record(target):
        return False
    found = database.rows(
        f"select 1 from {target.ledger} where run_id = ? and target = ?", [target.run_id, target.table]
    )
    return bool(found)


def exists(database: Database, table: str) -> bool:
    return database.value("select to_regclass(?)::text", [table]) is not None


def refuse_without_key(database: Database, target: Target) -> None:
    if target.mode != "upsert":
        return
    keys = ", ".join(literal(name) for name in target.keys)
    unique = database.value(
        "select 1 from pg_index i where i.indrelid = cast(? as regclass) and i.indisunique and i.indpred is null "
        'and (select array_agg(a.attname::text order by a.attname::text collate "C") from pg_attribute a '
        "where a.attrelid = i.indrelid and a.attnum = any(i.indkey)) = "
        f'(select array_agg(k order by k collate "C") from unnest(array[{keys}]) k)',
        [target.table],
    )
    if unique is None:
        raise JobError(
            "refused", f"{target.table} has no unique constraint on {sql.names(target.keys)}, which upsert needs."
        )


def retried(attempt: Callable[[], tuple[int, bool]]) -> tuple[int, bool]:
    for number in range(1, LOCK_ATTEMPTS):
        try:
            return attempt()
        except Py4JJavaError as error:
            if sql_state(error) not in BUSY:
                raise
            time.sleep(number)
    return attempt()
