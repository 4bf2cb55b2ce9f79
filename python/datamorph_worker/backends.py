"""A run's sessions on the database, which carry its name: with their statements, open transactions and locks."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from py4j.protocol import Py4JJavaError


class Database:
    """A session of our own that ends those of a run."""

    def __init__(self, jdbc: Any, name: str) -> None:
        self.jdbc = jdbc
        self.name = name

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.jdbc.close()


def open_database(jvm: Any, connection: dict[str, str]) -> Database | None:
    """None where sessions cannot be told apart, or the server cannot be reached: it will notice by itself."""
    name = application_name(connection["url"])
    if not name:
        return None
    settings = {
        "user": connection["user"],
        "password": connection["password"],
        "connectTimeout": "2",
        "socketTimeout": "5",
    }
    properties = jvm.java.util.Properties()
    for key, value in settings.items():
        properties.setProperty(key, value)
    try:
        jdbc = jvm.org.postgresql.Driver().connect(without_name(connection["url"]), properties)
    except Py4JJavaError:
        return None
    return Database(jdbc, name)


def application_name(url: str) -> str:
    return parse_qs(urlsplit(url.removeprefix("jdbc:")).query).get("ApplicationName", [""])[0]


def without_name(url: str) -> str:
    """Our own session must not look like one of the run's: two of ours may be at work at once."""
    address, _, query = url.partition("?")
    return address + "?" + "&".join(part for part in query.split("&") if not part.startswith("ApplicationName="))


def terminate(database: Database) -> int:
    """How many sessions were still there to be told."""
    try:
        statement = database.jdbc.prepareStatement(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where application_name = ? and usename = current_user"
        )
        statement.setString(1, database.name)
        found = statement.executeQuery()
        found.next()
        return int(found.getInt(1))
    except Py4JJavaError:
        return 0
