"""Count and fingerprint of a frame, told in a way that PostgreSQL can tell too: src/compiler/reference/fingerprint.ts.

A row is the text of its columns, joined by the unit separator (U+001F): `-` for NULL, otherwise `=` and the value's own
text. Its number is the first 60 bits of the text's MD5; the fingerprint is their sum, so the order of rows is free.

boolean                 true, false
integers                plain digits
numeric                 rounded to 6 decimals, no zeros at the end: an open numeric has guard digits in Spark
real, double precision  NaN, Infinity, -Infinity, else `number`: their last digits depend on the order of additions
date                    days since 1970-01-01
timestamp, timestamptz  microseconds since 1970-01-01 00:00:00 (UTC)
bytea                   hex
arrays                  [ and ] around the elements' texts, each with its `-` or `=`, joined by commas
anything else           PostgreSQL's own text, which is what Spark holds
"""

from __future__ import annotations

from dataclasses import dataclass

from datamorph.shapes import quoted
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

DECIMALS = 6
HEX_DIGITS = 15


@dataclass(frozen=True)
class Fingerprint:
    rows: int
    sum: str


def fingerprint(frame: DataFrame) -> Fingerprint:
    texts = [marked(F.col(quoted(field.name)), field.dataType) for field in frame.schema]
    digits = F.substring(F.md5(F.concat_ws("\x1f", *texts)), 1, HEX_DIGITS)
    number = F.conv(digits, 16, 10).cast("decimal(38,0)")
    counted = frame.agg(F.count(F.lit(1)).alias("rows"), F.sum(number).alias("fingerprint")).first()
    if counted is None:
        raise ValueError("an aggregate without groups has one row")
    return Fingerprint(counted["rows"], str(counted["fingerprint"] or 0))


def marked(value: Column, kind: T.DataType) -> Column:
    return F.coalesce(F.concat(F.lit("="), canonical(value, kind)), F.lit("-"))


def canonical(value: Column, kind: T.DataType) -> Column:
    if isinstance(kind, T.DecimalType):
        return decimal_text(value, kind.scale)
    if isinstance(kind, T.FloatType | T.DoubleType):
        is_number = value.isNotNull() & ~F.isnan(value) & (F.abs(value) != F.lit(float("inf")))
        return F.when(is_number, "number").otherwise(value.cast("string"))
    if isinstance(kind, T.DateType):
        return F.unix_date(value).cast("string")
    if isinstance(kind, T.TimestampType | T.TimestampNTZType):
        return F.unix_micros(value.cast("timestamp")).cast("string")
    if isinstance(kind, T.BinaryType):
        return F.lower(F.hex(value))
    if isinstance(kind, T.ArrayType):
        element = kind.elementType
        texts = F.transform(value, lambda item: marked(item, element))
        return F.concat(F.lit("["), F.array_join(texts, ","), F.lit("]"))
    return value.cast("string")


def decimal_text(value: Column, scale: int) -> Column:
    """Under ANSI rules a decimal's text is plain digits."""
    if scale == 0:
        return value.cast("string")
    rounded = F.round(value, DECIMALS) if scale > DECIMALS else value
    return F.regexp_replace(rounded.cast("string"), r"\.?0+$", "")
