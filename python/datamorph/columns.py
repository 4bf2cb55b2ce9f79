"""How each PostgreSQL type is read: as it is, as text where JDBC would damage it, or watched for values that break."""

from __future__ import annotations

import re
from collections.abc import Iterable

from datamorph.connections import identifier, literal

#: What Spark's JDBC reader gives back exactly as it is, once the values below are ruled out.
NATIVE = {
    "boolean",
    "smallint",
    "integer",
    "bigint",
    "real",
    "double precision",
    "numeric",
    "text",
    "character varying",
    "name",
    "date",
    "timestamp without time zone",
    "timestamp with time zone",
    "bytea",
}
#: Infinity would silently become a day in the year 10000.
MOMENTS = {"date", "timestamp without time zone", "timestamp with time zone"}
#: Digits after the point that Spark keeps of a numeric without a scale; the rest would silently be rounded away.
OPEN_SCALE = 18
#: Arrays of anything else are read as arrays of text.
NATIVE_ELEMENTS = NATIVE - {"bytea", "name"}


def base_type(kind: str) -> str:
    """`numeric(12,2)[]` -> `numeric`."""
    return re.sub(r"\(.*?\)", "", kind.removesuffix("[]"))


#: Spark's JDBC reader does not escape the quotes in a name: a column with another name is selected under a plain one.
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def selected_names(columns: Iterable[str]) -> list[str]:
    """The names under which the columns are selected: their own, or `c1`, `c2`… where any of them is not plain."""
    names = list(columns)
    if all(PLAIN_NAME.fullmatch(name) for name in names):
        return names
    return [f"c{number}" for number in range(1, len(names) + 1)]


def column_sql(name: str, kind: str, alias: str) -> str:
    """The column as it is selected."""
    quoted, called = identifier(name), identifier(alias)
    base = base_type(kind)
    if kind.endswith("[]"):
        if base not in NATIVE_ELEMENTS:
            return f"cast({quoted} as text[]) as {called}"
        broken = broken_value("element", base, "(" in kind)
        condition = broken and f"exists (select from unnest({quoted}) as element where {broken})"
        return f"{watched(name, kind, condition)} as {called}"
    if base not in NATIVE:
        return f"cast({quoted} as text) as {called}"
    return f"{watched(name, kind, broken_value(quoted, base, '(' in kind))} as {called}"


def broken_value(value: str, base: str, has_scale: bool) -> str | None:
    """The condition under which Spark could not hold the value and would not say so."""
    if base in MOMENTS:
        return f"not isfinite({value})"
    if base == "numeric" and not has_scale:
        return f"scale(trim_scale({value})) > {OPEN_SCALE}"
    return None


def watched(name: str, kind: str, broken: str | None) -> str:
    quoted = identifier(name)
    if broken is None:
        return quoted
    # A cast that fails on purpose: its message names the column and the value.
    words = literal(f"{name} holds a value that Spark cannot: ")
    return f"case when {broken} then cast({words} || cast({quoted} as text) as {kind}) else {quoted} end"
