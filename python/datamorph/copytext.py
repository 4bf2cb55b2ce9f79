"""A row as a line of COPY's text format, told in Spark's own functions: no Python touches the rows."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import (
    ArrayType,
    BinaryType,
    DataType,
    DateType,
    StringType,
    StructType,
    TimestampNTZType,
    TimestampType,
)

#: What would end a value or a line, and what stands for it; the backslash first.
ESCAPES = (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))
NULL = "\\N"
#: Microseconds.
DAY = 86_400_000_000
#: The Julian day of 1970-01-01.
JULIAN_1970 = 2_440_588


def copy_line(schema: StructType) -> Column:
    """`schema` is of plain names."""
    return F.concat_ws("\t", *(copy_value(field.name, field.dataType) for field in schema)).alias("line")


def copy_value(name: str, kind: DataType) -> Column:
    text = value_text(F.col(name), kind)
    holds_any_text = isinstance(kind, StringType | BinaryType | ArrayType | StructType)
    return F.coalesce(replaced(text, ESCAPES) if holds_any_text else text, F.lit(NULL))


def value_text(value: Column, kind: DataType) -> Column:
    """The value as PostgreSQL's input functions read it."""
    if isinstance(kind, ArrayType):
        elements = F.transform(value, lambda element: array_element(element, kind.elementType))
        return F.concat(F.lit("{"), F.array_join(elements, ","), F.lit("}"))
    if isinstance(kind, BinaryType):
        return F.concat(F.lit("\\x"), F.hex(value))
    if isinstance(kind, DateType):
        return day_text(F.unix_date(value))
    if isinstance(kind, TimestampType | TimestampNTZType):
        return moment_text(value.cast("timestamp"))
    return value.cast("string")


def array_element(element: Column, kind: DataType) -> Column:
    text = value_text(element, kind)
    if isinstance(kind, ArrayType):
        return F.coalesce(text, F.lit("NULL"))
    quoted = F.concat(F.lit('"'), replaced(text, (("\\", "\\\\"), ('"', '\\"'))), F.lit('"'))
    return F.coalesce(quoted, F.lit("NULL"))


def moment_text(value: Column) -> Column:
    """Digits out of integer arithmetic, in UTC: a formatter of dates takes several times as long."""
    micros = F.unix_micros(value)
    within = F.pmod(micros, F.lit(DAY))
    seconds = whole(within, F.lit(1_000_000))
    clock = whole(seconds, F.lit(3600)) * 10_000 + whole(seconds, F.lit(60)) % 60 * 100 + seconds % 60
    day = whole(micros - within, F.lit(DAY))
    return F.concat(
        day_text(day), F.lit(" "), six_digits(clock), F.lit("."), six_digits(within % 1_000_000), F.lit("+00")
    )


def day_text(since_1970: Column) -> Column:
    """As a Julian day: PostgreSQL reads it as fast as a date, and it knows neither eras nor years of five digits."""
    return F.concat(F.lit("J"), (since_1970 + JULIAN_1970).cast("string"))


def six_digits(number: Column) -> Column:
    return F.substring((number + 1_000_000).cast("string"), 2, 6)


def whole(number: Column, divisor: Column) -> Column:
    return F.call_function("div", number, divisor)


def replaced(text: Column, pairs: tuple[tuple[str, str], ...]) -> Column:
    for found, put in pairs:
        text = F.replace(text, F.lit(found), F.lit(put))
    return text
