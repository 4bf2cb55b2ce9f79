"""PostgreSQL over JDBC, by the addresses in a script or by DataMorph's connections."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from awsglue.missing import missing
from datamorph.connections import DRIVER, connection
from pyspark.sql import DataFrame, SparkSession

TYPES = ("postgresql", "jdbc")
OTHERS = ("mysql", "oracle", "sqlserver", "redshift", "documentdb", "dynamodb", "mongodb", "opensearch", "snowflake")
OPTIONS = (
    "url",
    "user",
    "username",
    "password",
    "dbtable",
    "database",
    "connectionName",
    "useConnectionProperties",
    "sampleQuery",
    "hashfield",
    "hashexpression",
    "hashpartitions",
    "bulkSize",
    "fetchsize",
    "batchsize",
    "redshiftTmpDir",
)
#: AWS Glue's own number where none is given.
PARTITIONS = 7
#: What the engine calls the run's sessions, so that it can end them.
APPLICATION = "DATAMORPH_APPLICATION_NAME"


def read_table(spark: SparkSession, options: Mapping[str, Any]) -> DataFrame:
    properties = login(options)
    table = options.get("dbtable")
    query = options.get("sampleQuery")
    source = f"({query}) as sample_query" if query else table
    if not source:
        raise ValueError("The connection options name no dbtable.")
    url = properties.pop("url")
    return spark.read.jdbc(url, source, predicates=predicates(options), properties=properties)


def write_table(frame: DataFrame, options: Mapping[str, Any]) -> None:
    """Rows are added to the table, which is made where it is not there."""
    properties = login(options)
    url = properties.pop("url")
    size = options.get("bulkSize") or options.get("batchsize")
    if size:
        properties["batchsize"] = str(size)
    frame.write.mode("append").jdbc(url, options["dbtable"], properties={**properties, "stringtype": "unspecified"})


def login(options: Mapping[str, Any]) -> dict[str, str]:
    for name in options:
        if name not in OPTIONS:
            missing(f"The database option {name}", "Leave it out, or run on AWS Glue.")
    name = options.get("connectionName")
    found = described(name) if name else {}
    url = found.get("url") or options.get("url")
    if not url:
        raise ValueError("The connection options name neither a url nor a connectionName.")
    if not str(url).startswith("jdbc:postgresql:"):
        missing(f"The database of {str(url).split('//')[0]}", "Local Spark speaks to PostgreSQL only.")
    properties = {
        "url": str(url),
        "driver": DRIVER,
        "user": str(options.get("user") or options.get("username") or found.get("user", "")),
        "password": str(options.get("password") or found.get("password", "")),
        "ApplicationName": os.environ.get(APPLICATION, "datamorph"),
    }
    return {key: value for key, value in properties.items() if value}


def described(name: str) -> dict[str, str]:
    """A Glue connection is DataMorph's connection of the same name."""
    known = connection(name)
    return {"url": known.url, "user": known.user, "password": known.password}


def predicates(options: Mapping[str, Any]) -> list[str] | None:
    """One part of the rows each; rows without a value are in the first."""
    expression, field = options.get("hashexpression"), options.get("hashfield")
    if expression:
        number = f"cast({expression} as bigint)"
    elif field:
        number = f"cast(hashtext(cast({field} as text)) as bigint)"
    else:
        return None
    count = int(options.get("hashpartitions") or PARTITIONS)
    return [f"coalesce(abs({number} % {count}), 0) = {part}" for part in range(count)]


def refuse_other_types(connection_type: str) -> None:
    if connection_type in OTHERS or connection_type.startswith(("marketplace.", "custom.")):
        missing(f"The connection type {connection_type}", "Local Spark reads PostgreSQL and files; run on AWS Glue.")
    missing(f"The connection type {connection_type}", f"Local Spark knows {', '.join((*TYPES, 's3', 'file'))}.")
