"""A fingerprint of a step's rows that PostgreSQL can compute too: src/compiler/reference/fingerprint.ts is the twin.

Every value has one canonical text; a row is its values, each as `length:text` or `N` for null; a row's hash is the first
16 digits of its MD5 as a signed number of 64 bits; the fingerprint is their sum, so the order of rows does not matter.

boolean `true`, `false` · integers in digits · numeric rounded to 9 places, without zeros at its end · real and double
precision in 6 and 12 digits, as in `1.50000e+00`, or `NaN`, `Infinity`, `-Infinity` · date in days and timestamps in
microseconds since 1970-01-01 (UTC) · bytea in hexadecimal digits · an array like a row · all else as PostgreSQL's text.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import (
    ArrayType,
    BinaryType,
    DataType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    TimestampNTZType,
    TimestampType,
)

#: Spark carries more digits of a numeric without a scale than PostgreSQL, or fewer.
PLACES = 9


def fingerprint(frame: DataFrame) -> tuple[int, str]:
    """How many rows there are, and the sum of their hashes."""
    # By place, so that no name has to be quoted.
    plain = frame.toDF(*(f"c{number}" for number in range(len(frame.columns))))
    row = concatenated([tagged(canonical(F.col(field.name), field.dataType)) for field in plain.schema])
    row_hash = F.conv(F.substring(F.md5(row), 1, 16), 16, -10).cast("decimal(38,0)")
    counted = plain.agg(F.count(F.lit(1)).alias("rows"), F.sum(row_hash).alias("fingerprint")).first()
    return counted["rows"], str(counted["fingerprint"] or 0)


def concatenated(values: Sequence[Column]) -> Column:
    return F.concat(F.lit(""), *values)


def tagged(text: Column) -> Column:
    return F.coalesce(F.concat(F.length(text).cast("string"), F.lit(":"), text), F.lit("N"))


def canonical(value: Column, kind: DataType) -> Column:
    if isinstance(kind, ArrayType):
        elements = F.transform(value, lambda element: tagged(canonical(element, kind.elementType)))
        return F.array_join(elements, "")
    if isinstance(kind, DecimalType):
        text = F.round(value, PLACES).cast("string")
        return F.regexp_replace(F.regexp_replace(text, r"\.0+$", ""), r"(\.\d*[1-9])0+$", "$1")
    if isinstance(kind, FloatType | DoubleType):
        return float_text(value, 5 if isinstance(kind, FloatType) else 11)
    if isinstance(kind, DateType):
        return F.unix_date(value).cast("string")
    if isinstance(kind, TimestampType | TimestampNTZType):
        return F.unix_micros(value.cast("timestamp")).cast("string")
    if isinstance(kind, BinaryType):
        return F.lower(F.hex(value))
    return value.cast("string")


def float_text(value: Column, places: int) -> Column:
    wide = value.cast("double") + F.lit(0.0)  # a zero has no sign
    special = F.isnan(wide) | wide.isin(float("inf"), float("-inf"))
    return F.when(special, wide.cast("string")).otherwise(F.format_string(f"%.{places}e", wide))
