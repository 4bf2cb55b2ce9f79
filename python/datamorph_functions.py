"""SQL functions that give PostgreSQL's own answer where Spark SQL has no expression that does.

`register(spark, names)` makes them callable from SQL. Every function is null-safe: None in, None out. Where PostgreSQL
raises an error, a function that returns a number returns the error's words as text instead: the generated SQL casts the
answer, so the error is raised only for rows whose answer is asked for (Spark calls Python before it looks at CASE).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: The session settings under which the generated SQL means what PostgreSQL means.
SESSION_CONF = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
}

#: Name in SQL -> (function, return type).
FUNCTIONS: dict[str, tuple[Callable[..., Any], str]] = {}


def register(spark: SparkSession, names: Iterable[str]) -> None:
    """Makes the named functions callable from this session's SQL."""
    for name in names:
        function, return_type = FUNCTIONS[name]
        spark.udf.register(name, function, return_type)
