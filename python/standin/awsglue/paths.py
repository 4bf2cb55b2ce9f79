"""Paths into nested columns as AWS Glue writes them: `a.b`, with backticks round a name that holds a point."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from awsglue.missing import missing
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, StructType

STEP = re.compile(r"`([^`]+)`|([^.`]+)")


def steps(path: str) -> list[str]:
    if "[]" in path:
        missing(f"The path {path} into an array", "Use toDF() and Spark's own functions on arrays, then fromDF().")
    return [quoted or plain for quoted, plain in STEP.findall(path)]


def column(names: list[str]) -> Column:
    return F.col(".".join(quoted(name) for name in names))


def quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def type_at(schema: StructType, names: list[str]) -> DataType | None:
    """None where there is no such field; a name that differs in case only is found, as in Spark."""
    found: DataType = schema
    for name in names:
        if not isinstance(found, StructType):
            return None
        fields = [field for field in found.fields if field.name.lower() == name.lower()]
        if not fields:
            return None
        found = fields[0].dataType
    return found


class Tree:
    """Columns by path, built again as top-level columns and structs in the order in which they came."""

    def __init__(self) -> None:
        self.branches: dict[str, Any] = {}

    def put(self, names: list[str], value: Column) -> None:
        branches = self.branches
        for name in names[:-1]:
            deeper = branches.setdefault(name, {})
            if not isinstance(deeper, dict):
                deeper = branches[name] = {}
            branches = deeper
        branches[names[-1]] = value

    def columns(self) -> list[Column]:
        return [built(value).alias(name) for name, value in self.branches.items()]


def built(value: Any) -> Column:
    if isinstance(value, dict):
        return F.struct(*(built(inner).alias(name) for name, inner in value.items()))
    return value


def selected(frame: DataFrame, paths: Iterable[str]) -> DataFrame:
    tree = Tree()
    for path in paths:
        names = steps(path)
        if type_at(frame.schema, names) is not None:
            tree.put(names, column(names))
    return frame.select(*tree.columns())


def dropped(frame: DataFrame, paths: Iterable[str]) -> DataFrame:
    for path in paths:
        names = steps(path)
        if type_at(frame.schema, names) is None:
            continue
        if len(names) == 1:
            frame = frame.drop(names[0])
        else:
            inner = ".".join(quoted(name) for name in names[1:])
            frame = frame.withColumn(names[0], column(names[:1]).dropFields(inner))
    return frame


def replaced(frame: DataFrame, path: str, value: Column) -> DataFrame:
    """The field under the path with another value; a new one comes last."""
    names = steps(path)
    if len(names) == 1:
        return frame.withColumn(names[0], value)
    inner = ".".join(quoted(name) for name in names[1:])
    if type_at(frame.schema, names[:1]) is None:
        tree = Tree()
        tree.put(names, value)
        return frame.select("*", *tree.columns())
    return frame.withColumn(names[0], column(names[:1]).withField(inner, value))
