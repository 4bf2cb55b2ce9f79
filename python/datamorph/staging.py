"""Staging: the rows go to a table of their own, which belongs to whoever holds its advisory lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from datamorph.connections import Connection, Database, identifier, literal, reason, sql_state
from datamorph.errors import JobError
from datamorph.publishing import publish, refuse, run
from datamorph.report import report
from datamorph.statements import statements
from datamorph.target import Target, staged_name
from datamorph.writing import write_rows
from py4j.protocol import Py4JJavaError
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType

#: SQLSTATE of character_not_in_repertoire.
NOT_IN_ENCODING = "22021"


def write(spark: SparkSession, connection: Connection, target: Target, frame: DataFrame, now: bool) -> None:
    """Stages the rows, and makes them visible now or marks them as waiting for that."""
    with held(spark, connection, target) as database:
        rows = stage(database, connection, target, frame)
        # A long job's quiet connection may have been cut on its way; its staging table is then looked for again.
        if not database.is_alive():
            database.jdbc = database.connect()
            run(database, target, "hold")
        if now:
            publish(database, target, rows)
        else:
            run(database, target, "wait_for_publication", rows)


@contextmanager
def held(spark: SparkSession, connection: Connection, target: Target) -> Iterator[Database]:
    """A connection that holds the lock of the staging table for as long as the job lives; a dead one's lock is free."""
    database = Database(spark, connection)
    try:
        database.run("set lock_timeout = '30s'")
        run(database, target, "hold")
        database.run("reset lock_timeout")
        yield database
        run(database, target, "release")
    except Py4JJavaError as error:
        if sql_state(error) is None:
            raise
        raise JobError("publication", f"Staging for {target.table} failed: {reason(error)}") from None
    finally:
        database.close()


def stage(database: Database, connection: Connection, target: Target, frame: DataFrame) -> int:
    refuse(database, target)
    drop_leftovers(database, target)
    # Made and marked at once: a job that dies in between leaves nothing that could not be found.
    with database.transaction():
        run(database, target, "create_stage")
    staged = frame.toDF(*(staged_name(target, name) for name in target.columns))
    try:
        rows = write_rows(database, connection, target, staged)
    except BaseException as error:
        # The next run would find it; where the database still answers, nobody has to wait for that.
        if database.is_alive():
            run(database, target, "give_up")
        if isinstance(error, Py4JJavaError) and sql_state(error) == NOT_IN_ENCODING:
            refuse_nul(target, frame)
        raise
    report("staged", table=target.table, rows=rows)
    return rows


def refuse_nul(target: Target, frame: DataFrame) -> None:
    """Names the column that holds what no text of PostgreSQL can; nobody looks before it has failed."""
    texts = [field.name for field in frame.schema if isinstance(field.dataType, StringType)]
    holds = [F.max(F.contains(quoted(name), F.lit("\0"))).alias(str(at)) for at, name in enumerate(texts)]
    found = frame.agg(*holds).first() if holds else None
    for name in (name for name, is_held in zip(texts, found or (), strict=False) if is_held):
        words = (
            f'the column "{name}" holds the character NUL, which PostgreSQL cannot store: take it out where it is made'
        )
        raise JobError("publication", f"Staging for {target.table} failed: {words}.") from None


def quoted(name: str) -> Column:
    return F.col("`" + name.replace("`", "``") + "`")


def drop_leftovers(database: Database, target: Target) -> None:
    """Staging tables of this target that carry our mark, and whose lock nobody holds: their jobs are dead."""
    for (name,) in database.rows(statements(target, "leftovers")[0]):
        with database.transaction():
            key = f"hashtextextended({literal(name or '')}, 0)"
            free = database.value(f"select cast(pg_try_advisory_xact_lock({key}) as text)") == "true"
            still = database.rows(statements(target, "leftovers")[0])
            if free and (name,) in still:
                database.run(f"drop table {identifier(target.schema or 'public')}.{name}")
