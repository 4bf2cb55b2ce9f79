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
        return with_era(value, "-MM-dd")
    if isinstance(kind, TimestampType | TimestampNTZType):
        return with_era(value, "-MM-dd HH:mm:ss.SSSSSS'+00'")
    return value.cast("string")


def array_element(element: Column, kind: DataType) -> Column:
    text = value_text(element, kind)
    if isinstance(kind, ArrayType):
        return F.coalesce(text, F.lit("NULL"))
    quoted = F.concat(F.lit('"'), replaced(text, (("\\", "\\\\"), ('"', '\\"'))), F.lit('"'))
    return F.coalesce(quoted, F.lit("NULL"))


def with_era(value: Column, rest: str) -> Column:
    """Spark counts a year 0 and signs the years beyond 9999; PostgreSQL writes 1 BC and five digits."""
    year = F.year(value)
    era = F.when(year > 0, F.lit("")).otherwise(F.lit(" BC"))
    number = F.format_string("%04d", F.when(year > 0, year).otherwise(1 - year))
    far = F.concat(number, F.date_format(value, rest), era)
    return F.when(year.between(1, 9999), F.date_format(value, "yyyy" + rest)).otherwise(far)


def replaced(text: Column, pairs: tuple[tuple[str, str], ...]) -> Column:
    for found, put in pairs:
        text = F.replace(text, F.lit(found), F.lit(put))
    return text
