"""SQL functions that give PostgreSQL's own answer where Spark SQL has no expression that does.

`register(spark, names)` makes them callable from SQL. Every function is null-safe: None in, None out. Where PostgreSQL
raises an error, a function whose answer is a number or a date returns the error's words as text instead: the generated
SQL casts the answer, so the error is raised only for rows whose answer is asked for (Spark calls Python before it looks
at CASE). Functions whose answer is text raise at once. One module a family; `registry.py` has what they share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from datamorph_functions.registry import FUNCTIONS, SqlError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["SESSION_CONF", "SqlError", "load", "register"]

FAMILIES = (
    "numbers",
    "digits",
    "transcendental",
    "number_templates",
    "template_reading",
    "doubles",
    "angles",
    "text",
    "reading",
    "json_access",
    "json_operators",
    "json_values",
    "like",
    "quoting",
    "regex",
    "interval_arithmetic",
    "date_templates",
    "date_input",
    "date_making",
)
#: The session settings under which the generated SQL means what PostgreSQL means.
SESSION_CONF = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    # Column names that differ in case only are different columns.
    "spark.sql.caseSensitive": "true",
    # Decimals keep their scale and fail when a value does not fit, instead of losing digits.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    # Text of the form ${...} stays what it is.
    "spark.sql.variable.substitute": "false",
}


def load() -> dict[str, tuple[Callable[..., Any], str]]:
    """Every function; on demand, because a worker of Spark, which is started often, needs the family that it calls only."""
    for family in FAMILIES:
        import_module(f"datamorph_functions.{family}")
    return FUNCTIONS


def register(spark: SparkSession, names: Iterable[str]) -> None:
    """Makes the named functions callable from this session's SQL."""
    functions = load()
    for name in names:
        function, return_type = functions[name]
        spark.udf.register(name, function, return_type)
