"""Functions of the script on single records, which it sees as dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import reduce
from typing import Any

from awsglue.paths import column, steps
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import (
    DecimalType,
    IntegralType,
    LongType,
    NullType,
    StructField,
    StructType,
    _infer_type,
    _merge_type,
)

COMPARISONS: dict[str, Callable[[Column, Any], Column]] = {
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
    "=": lambda left, right: left == right,
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<>": lambda left, right: left != right,
}


def kept(frame: DataFrame, condition: Callable[[Any], bool]) -> DataFrame:
    rows = frame.rdd.filter(lambda row: bool(condition(row.asDict(recursive=True))))
    return frame.sparkSession.createDataFrame(rows, frame.schema)


def mapped(frame: DataFrame, change: Callable[[Any], Any]) -> DataFrame:
    """The result's columns are found by a look at every record: those that stay keep their place and their type."""
    results = frame.rdd.map(lambda row: dict(change(row.asDict(recursive=True))))
    results = results.persist()
    kinds = results.map(lambda record: {name: inferred(value) for name, value in record.items()})
    found = kinds.treeReduce(merged) if not results.isEmpty() else {}
    schema = StructType(fields(found, frame.schema))
    names = schema.names
    rows = results.map(lambda record: tuple(record.get(name) for name in names))
    return frame.sparkSession.createDataFrame(rows, schema)


def inferred(value: Any) -> Any:
    if not isinstance(value, Decimal):
        return _infer_type(value)
    _sign, digits, exponent = value.as_tuple()
    scale = max(-int(exponent), 0)
    return DecimalType(max(len(digits) + max(int(exponent), 0), scale), scale)


def merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {**one, **{name: both(one[name], kind) if name in one else kind for name, kind in other.items()}}


def both(one: Any, other: Any) -> Any:
    if not (isinstance(one, DecimalType) and isinstance(other, DecimalType)):
        return _merge_type(one, other)
    scale = max(one.scale, other.scale)
    return DecimalType(min(max(one.precision - one.scale, other.precision - other.scale) + scale, 38), scale)


def fields(found: Mapping[str, Any], before: StructType) -> list[StructField]:
    old = {field.name: field.dataType for field in before.fields}
    order = [name for name in old if name in found] + sorted(name for name in found if name not in old)
    return [StructField(name, kind_of(found[name], old.get(name))) for name in order]


def kind_of(found: Any, old: Any) -> Any:
    """Python knows one kind of integer, and nothing of a null: the column's own type says more."""
    if isinstance(found, NullType):
        return old or found
    if isinstance(found, DecimalType) and isinstance(old, DecimalType):
        return both(found, old)
    return old if type(found) is type(old) or (type(found) is LongType and isinstance(old, IntegralType)) else found


def comparison(conditions: Mapping[str, Mapping[str, Any]]) -> Column:
    """`{"age": {">": 10, "<": 20}}`: all of them hold."""
    parts = [
        COMPARISONS[operator](column(steps(path)), value)
        for path, compared in conditions.items()
        for operator, value in compared.items()
    ]
    return reduce(lambda left, right: left & right, parts, F.lit(True))
