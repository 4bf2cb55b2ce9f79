"""Publication: one transaction that makes the staged rows visible, or changes nothing. src/services/publication.ts is its twin."""

from __future__ import annotations

import time
from collections.abc import Callable

from datamorph.connections import Connection, Database, reason, sql_state
from datamorph.errors import JobError
from datamorph.report import report
from datamorph.statements import statements
from datamorph.target import Target
from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

LOCK_ATTEMPTS = 5
#: SQLSTATE of lock_not_available and deadlock_detected: worth another try.
BUSY = ("55P03", "40P01")


def publish(database: Database, target: Target, staged_rows: int | None = None) -> None:
    """Makes the staged rows visible. A run that is published already only drops its staging table.

    `staged_rows` is how many there must be, where the caller knows it better than the staging table's own mark.
    """
    try:
        rows, repeated = retried(lambda: publish_once(database, target, staged_rows))
    except Py4JJavaError as error:
        raise JobError("publication", f"{target.table} keeps its old rows: {reason(error)}") from None
    report("published", table=target.table, mode=target.mode, rows=rows, repeated=repeated)


def publish_later(spark: SparkSession, connection: Connection, target: Target) -> None:
    """Publishes what an earlier job of the same run staged."""
    database = Database(spark, connection)
    try:
        publish(database, target)
    finally:
        database.close()


def give_up(spark: SparkSession, connection: Connection, target: Target) -> None:
    """Drops the rows that wait to be published."""
    database = Database(spark, connection)
    try:
        run(database, target, "give_up")
    finally:
        database.close()
    report("given_up", table=target.table)


def run(database: Database, target: Target, name: str, staged_rows: int = 0) -> None:
    for statement in statements(target, name, staged_rows):
        database.run(statement)


def ask(database: Database, target: Target, name: str) -> str | None:
    return database.value(statements(target, name)[0])


def refuse(database: Database, target: Target) -> None:
    """Says why the target, as it stands, must not be written."""
    why = ask(database, target, "refusal")
    if why is not None:
        raise JobError("refused", f"{target.table} {why}.")


def publish_once(database: Database, target: Target, expected: int | None) -> tuple[int, bool]:
    with database.transaction():
        run(database, target, "begin")
        staged, exists, ledger = (each == "true" for each in database.rows(statements(target, "state")[0])[0])
        if needs_record(target) and not ledger:
            run(database, target, "create_ledger")
        if not exists:
            run(database, target, "create_target")
        change, *rest = statements(target, target.mode)
        database.run(change)  # its lock: other writers wait, readers do not
        if needs_record(target) and ask(database, target, "published"):
            run(database, target, "give_up")
            return 0, True
        rows = count_of(database, target, staged, expected)
        refuse(database, target)
        for statement in rest:
            database.run(statement)
        if needs_record(target):
            run(database, target, "record")
        run(database, target, "end")
        return rows, False


def count_of(database: Database, target: Target, staged: bool, expected: int | None) -> int:
    """An unlogged table is empty after a crash of the server: that must not become an empty target."""
    if not staged:
        raise JobError("publication", f"{target.table} keeps its old rows: nothing is staged for this run.")
    rows = int(ask(database, target, "count") or 0)
    marked = ask(database, target, "waiting_rows") if expected is None else str(expected)
    if marked is None or int(marked) != rows:
        raise JobError(
            "publication", f"{target.table} keeps its old rows: {rows} rows are staged, {marked or 'unknown'} expected."
        )
    return rows


def needs_record(target: Target) -> bool:
    """Publishing a replacement or a history twice ends in the same rows: only these two must not be repeated."""
    return target.mode in ("append", "upsert")


def retried(attempt: Callable[[], tuple[int, bool]]) -> tuple[int, bool]:
    for number in range(1, LOCK_ATTEMPTS):
        try:
            return attempt()
        except Py4JJavaError as error:
            if sql_state(error) not in BUSY:
                raise
            time.sleep(number)
    return attempt()
