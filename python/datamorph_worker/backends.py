"""Ends what a script left running on the database: its statements, its open transactions, its locks."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from py4j.protocol import Py4JJavaError

#: How long sessions may take to end.
PATIENCE = 2.0


def end_backends(jvm: Any, connections: list[dict[str, str]]) -> int:
    """Returns how many sessions did not end in time. A database that cannot be reached holds nothing of ours for long."""
    return sum(end_on(jvm, connection) for connection in connections)


def end_on(jvm: Any, connection: dict[str, str]) -> int:
    name = application_name(connection["url"])
    database = open_database(jvm, connection) if name else None
    if database is None:
        return 0
    try:
        deadline = time.monotonic() + PATIENCE
        while left := terminate(database, name):
            if time.monotonic() > deadline:
                return left
            time.sleep(0.05)
        return 0
    except Py4JJavaError:
        return 0
    finally:
        database.close()


def application_name(url: str) -> str:
    """As the JDBC URL says it; without one the sessions of a run cannot be told from others."""
    return parse_qs(urlsplit(url.removeprefix("jdbc:")).query).get("ApplicationName", [""])[0]


def open_database(jvm: Any, connection: dict[str, str]) -> Any | None:
    properties = jvm.java.util.Properties()
    settings = {
        "user": connection["user"],
        "password": connection["password"],
        "connectTimeout": "2",
        "socketTimeout": "5",
    }
    for key, value in settings.items():
        properties.setProperty(key, value)
    try:
        return jvm.org.postgresql.Driver().connect(connection["url"], properties)
    except Py4JJavaError:
        return None


def terminate(database: Any, name: str) -> int:
    statement = database.prepareStatement(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
        " where application_name = ? and pid <> pg_backend_pid() and usename = current_user"
    )
    try:
        statement.setString(1, name)
        found = statement.executeQuery()
        found.next()
        return int(found.getInt(1))
    finally:
        statement.close()
