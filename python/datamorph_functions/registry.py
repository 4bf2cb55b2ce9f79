"""The functions by their name in SQL, and the two ways to become one of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

#: Name in SQL -> (function, return type).
FUNCTIONS: dict[str, tuple[Callable[..., Any], str]] = {}


class SqlError(Exception):
    """What PostgreSQL would report as an error."""


def sql_function(name: str, return_type: str = "string") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Registers a null-safe function under its name in SQL."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def null_safe(*args: Any) -> Any:
            return None if any(argument is None for argument in args) else function(*args)

        FUNCTIONS[name] = (null_safe, return_type)
        return null_safe

    return decorate


def answer_function(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Like `sql_function`, for an answer that the SQL casts: an error's words stand for the error."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def answer(*args: Any) -> str:
            try:
                return str(function(*args))
            except SqlError as error:
                return f"error: {error}"

        return sql_function(name)(answer)

    return decorate
