"""Connections by name, described by the environment at run time, and spoken to through the JVM's own JDBC driver.

For a connection `shop`, DATAMORPH_CONNECTION_SHOP holds either a JDBC URL (user and password in
DATAMORPH_CONNECTION_SHOP_USER and ..._PASSWORD) or the ARN of a Secrets Manager secret in the shape that RDS keeps. On
AWS Glue, where no variable can be set, the argument `--connection SHOP=ARN` names the secret.
The connection without a name is `default`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from datamorph.errors import JobError
from py4j.protocol import Py4JError, Py4JJavaError
from pyspark.sql import SparkSession

DRIVER = "org.postgresql.Driver"
COPY_BUFFER = 1 << 20


@dataclass(frozen=True)
class Connection:
    name: str
    url: str
    user: str = field(repr=False)
    password: str = field(repr=False)

    def options(self) -> dict[str, str]:
        """For Spark's JDBC source: texts go in as whatever type their column has."""
        return {
            "url": self.url,
            "driver": DRIVER,
            "user": self.user,
            "password": self.password,
            "stringtype": "unspecified",
            "ApplicationName": "datamorph",
            "tcpKeepAlive": "true",
        }


NONE: Mapping[str, str] = MappingProxyType({})


def connection(name: str | None, secrets: Mapping[str, str] = NONE, addresses: Mapping[str, str] = NONE) -> Connection:
    """`secrets` are the ARNs that came as arguments, by folded name; they go before the environment."""
    name = name or "default"
    folded = re.sub(r"[^A-Z0-9]", "_", name.upper())
    variable = "DATAMORPH_CONNECTION_" + folded
    described = secrets.get(folded) or os.environ.get(variable)
    if not described:
        raise JobError("connection", f"The connection {name} is not described: the variable {variable} is not set.")
    if described.startswith("arn:"):
        return from_secret(name, described, addresses.get(folded))
    return Connection(
        name, described, os.environ.get(f"{variable}_USER", ""), os.environ.get(f"{variable}_PASSWORD", "")
    )


def from_secret(name: str, arn: str, address: str | None = None) -> Connection:
    """Secrets that RDS manages itself say user and password only: the address comes with the run then."""
    import boto3  # only where a secret is used: plain local runs need no AWS library

    try:
        text = boto3.client("secretsmanager", region_name=arn.split(":")[3]).get_secret_value(SecretId=arn)
        secret = json.loads(text["SecretString"])
        url, user, password = address_in(secret) or address, secret["username"], secret["password"]
    except Exception as error:
        # The cause stays out of the message: it may quote the secret.
        raise JobError(
            "connection", f"The secret of the connection {name} is unreadable: {type(error).__name__}."
        ) from None
    if url is None:
        raise JobError("connection", f"The secret of the connection {name} says no host, and nobody else does.")
    return Connection(name, url, user, password)


def address_in(secret: Mapping[str, Any]) -> str | None:
    if "host" not in secret:
        return None
    database = quote(secret.get("dbname", "postgres"))
    # Beyond what RDS keeps, a secret may say `sslmode`, for a database that has no certificate.
    sslmode = quote(secret.get("sslmode", "verify-full"))
    return f"jdbc:postgresql://{secret['host']}:{secret.get('port', 5432)}/{database}?sslmode={sslmode}"


class Database:
    """One JDBC connection of the driver: for DDL, publication and small questions."""

    def __init__(self, spark: SparkSession, described: Connection) -> None:
        self.jvm = spark._jvm
        self.described = described
        self.jdbc = self.connect()

    def connect(self) -> Any:
        properties = self.jvm.java.util.Properties()
        for key, value in self.described.options().items():
            if key not in ("url", "driver"):
                properties.setProperty(key, value)
        try:
            # DriverManager does not see a driver that came by --jars; the driver itself does.
            return self.jvm.org.postgresql.Driver().connect(self.described.url, properties)
        except Py4JJavaError as error:
            raise JobError("connection", f"The connection {self.described.name} failed: {reason(error)}") from None

    def is_alive(self) -> bool:
        return bool(self.jdbc.isValid(5))

    def run(self, sql: str) -> None:
        """A statement whose rows, if it gives any, nobody wants."""
        statement = self.jdbc.createStatement()
        try:
            statement.setEscapeProcessing(False)  # JDBC's own braces are not SQL's
            statement.execute(sql)
        finally:
            statement.close()

    def copy_in(self, sql: str, file: str) -> int:
        """COPY FROM STDIN, the bytes read by the JVM."""
        stream = self.jvm.java.io.FileInputStream(file)
        try:
            return int(self.jvm.org.postgresql.copy.CopyManager(self.jdbc).copyIn(sql, stream, COPY_BUFFER))
        finally:
            stream.close()

    def rows(self, sql: str, parameters: Sequence[str] = ()) -> list[tuple[str | None, ...]]:
        """Every value as PostgreSQL's own text; parameters are texts of an unspecified type."""
        statement = self.jdbc.prepareStatement(sql)
        try:
            for place, value in enumerate(parameters, start=1):
                statement.setString(place, value)
            found = statement.executeQuery()
            width = found.getMetaData().getColumnCount()
            rows = []
            while found.next():
                rows.append(tuple(found.getString(place) for place in range(1, width + 1)))
            return rows
        finally:
            statement.close()

    def value(self, sql: str, parameters: Sequence[str] = ()) -> Any:
        rows = self.rows(sql, parameters)
        return rows[0][0] if rows else None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.jdbc.setAutoCommit(False)
        try:
            yield
            self.jdbc.commit()
        except BaseException:
            self.jdbc.rollback()
            raise
        finally:
            self.jdbc.setAutoCommit(True)

    def close(self) -> None:
        self.jdbc.close()


def schema_of(database: Database, table: str) -> str:
    """Where the table lives or will live."""
    parts = database.rows("select unnest(parse_ident(?))", [table])
    return str(parts[0][0] if len(parts) > 1 else database.value("select current_schema()::text"))


def reason(error: Py4JJavaError) -> str:
    """PostgreSQL's own words, without the Java around them."""
    return str(error.java_exception.getMessage()).splitlines()[0]


def sql_state(error: Py4JJavaError) -> str | None:
    """PostgreSQL's own code of the failure; None where something else failed, such as Spark itself."""
    try:
        return str(error.java_exception.getSQLState())
    except Py4JError:  # py4j finds out whether a method exists by calling it
        return None


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    quoted = "'" + text.replace("'", "''") + "'"
    return "E" + quoted.replace("\\", "\\\\") if "\\" in text else quoted
