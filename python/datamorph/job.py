"""What a script talks to: a session under PostgreSQL's rules, reads, and one target that is never half-written."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

from datamorph import shapes
from datamorph.arguments import UTC, Arguments, Kept, read_arguments
from datamorph.connections import Connection, Database, connection, schema_of
from datamorph.errors import JobError, end_with_status
from datamorph.fingerprints import fingerprint
from datamorph.reading import Incremental, incremental_where, read_table
from datamorph.report import report
from datamorph.staging import write
from datamorph.target import History, Target
from datamorph.trust import with_trust
from datamorph_functions import SESSION_CONF, register
from pyspark.sql import DataFrame, SparkSession

#: Beside what the SQL functions need: `${...}` in a name or a text is no variable.
CONF = {"spark.sql.variable.substitute": "false"}


class Job:
    def __init__(self, name: str, spark: SparkSession, arguments: Arguments) -> None:
        self.name = name
        self.spark = spark
        self.arguments = arguments
        self.connections: dict[str | None, Connection] = {}
        self.sources: list[tuple[Connection, str]] = []

    @classmethod
    def start(cls, name: str, functions: Sequence[str] = ()) -> Job:
        """Starts or joins the session; `functions` are those of datamorph_functions that the script calls."""
        # In a notebook or at a prompt a mistake is told, and the session goes on.
        if sys.excepthook is sys.__excepthook__ and not hasattr(sys, "ps1"):
            sys.excepthook = end_with_status
        arguments = read_arguments()
        builder = SparkSession.builder.appName(name)
        builder = builder.config("spark.driver.extraJavaOptions", "-Duser.timezone=UTC")
        builder = builder.config("spark.executor.extraJavaOptions", "-Duser.timezone=UTC")
        spark = builder.getOrCreate()
        for key, value in {**SESSION_CONF, **CONF}.items():
            spark.conf.set(key, value)
        # A session that somebody else started may live in another zone; local executors share this JVM.
        utc = spark._jvm.java.util.TimeZone.getTimeZone("UTC")
        spark._jvm.java.util.TimeZone.setDefault(utc)
        register(spark, functions)
        report("start", run=arguments.run_id, name=name)
        return cls(name, spark, arguments)

    @property
    def instant(self) -> str:
        """The run's one instant, as a timestamp in UTC."""
        return self.arguments.instant.astimezone(UTC).isoformat()

    def at_instant(self, text: str) -> str:
        """The SQL text with the run's one instant where it reads the clock."""
        return text.replace(":run_instant", f"timestamp '{self.instant}'")

    def connection(self, name: str | None) -> Connection:
        if name not in self.connections:
            described = connection(name, self.arguments.secrets, self.arguments.addresses)
            self.connections[name] = replace(described, url=with_trust(described.url, self.spark))
        return self.connections[name]

    def read(
        self,
        *,
        table: str,
        columns: dict[str, str],
        where: str | None = None,
        connection: str | None = None,
        partitioned: bool = False,
    ) -> DataFrame:
        """A table or view, each column with its PostgreSQL type; `where` is PostgreSQL's to apply.

        `partitioned` reads over several connections.
        """
        source = self.connection(connection)
        self.sources.append((source, table))
        return read_table(self.spark, source, table, columns, where, partitioned)

    def read_since(
        self,
        source: str,
        *,
        table: str,
        columns: dict[str, str],
        watermark: str,
        initial: str | None = None,
        lateness: str | None = None,
        connection: str | None = None,
        partitioned: bool = False,
    ) -> DataFrame:
        """The rows above the last run's mark, which is the argument `--mark SOURCE=VALUE`; reports the new mark."""
        described = self.connection(connection)
        incremental = Incremental(watermark, self.arguments.marks.get(source, initial), lateness)
        database = Database(self.spark, described)
        try:
            where, mark = incremental_where(database, table, incremental)
        finally:
            database.close()
        if self.arguments.publish != "never":
            report("mark", source=source, value=mark)
        self.sources.append((described, table))
        return read_table(self.spark, described, table, columns, where or "false", partitioned)

    def number_series(self, name: str, *, start: str, stop: str, step: str = "1", kind: str = "int") -> DataFrame:
        return shapes.number_series(self.spark, name, start, stop, step, kind)

    def time_series(
        self,
        name: str,
        *,
        start: str,
        stop: str,
        months: int = 0,
        days: int = 0,
        microseconds: int = 0,
        kind: str = "date",
    ) -> DataFrame:
        return shapes.time_series(self.spark, name, start, stop, (months, days, microseconds), kind)

    hierarchy = staticmethod(shapes.hierarchy)
    as_of_join = staticmethod(shapes.as_of_join)

    def trace(self, steps: dict[str, DataFrame]) -> None:
        """Where the run is traced: reports the rows of every step. Costs nothing where it is not."""
        if self.arguments.trace:
            for name, frame in steps.items():
                count, text = fingerprint(frame)
                report("rows", step=name, count=count, fingerprint=text, columns=frame.columns)
        kept = self.arguments.keep
        if kept and kept.step in steps:
            self.keep(steps[kept.step], kept)

    def keep(self, frame: DataFrame, kept: Kept) -> None:
        """Stages a step's rows as if they waited to replace a table; whoever asked for them drops them again."""
        described = self.connection(kept.connection)
        columns = {name: kind for name, kind in kept.columns.items() if name in frame.columns}
        target = Target(
            table=kept.table,
            mode="replace",
            columns=columns,
            instant=self.instant,
            schema=self.schema_of(described, kept.table),
            run_id=self.arguments.run_id,
        )
        rows = frame.select(*(shapes.quoted(name) for name in columns))
        write(self.spark, described, target, rows, now=False)

    def write(
        self,
        frame: DataFrame,
        *,
        table: str,
        mode: str,
        columns: dict[str, str],
        keys: Sequence[str] = (),
        required: Sequence[str] = (),
        valid_from: str | None = None,
        valid_to: str | None = None,
        current: str | None = None,
        connection: str | None = None,
    ) -> None:
        """Stages the rows and, unless somebody else will, makes them visible in one transaction."""
        if self.arguments.publish == "never":
            return
        described = self.connection(connection)
        target = Target(
            table=table,
            mode=mode,
            columns=columns,
            keys=keys,
            required=required,
            history=History(valid_from, valid_to, current) if valid_from and valid_to else None,
            instant=self.instant,
            schema=self.schema_of(described, table),
            run_id=self.arguments.run_id,
        )
        rows = frame.select(*(shapes.quoted(name) for name in columns))
        write(self.spark, described, target, rows, now=self.arguments.publish == "now")

    def schema_of(self, described: Connection, table: str) -> str:
        """Where the target lives or will live; refuses a target that the job also reads."""
        database = Database(self.spark, described)
        try:
            for source, name in self.sources:
                same = "select to_regclass(?) = to_regclass(?)"
                if source.url == described.url and database.value(same, [name, table]) == "t":
                    raise JobError("refused", f"{table} is also a source: a job must not write what it reads.")
            return schema_of(database, table)
        finally:
            database.close()
