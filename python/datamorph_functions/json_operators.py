"""jsonb compared, contained in another and put together."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from datamorph_functions.json_values import Number, jsonb_text, parse_json
from datamorph_functions.registry import sql_function


def is_scalar(value: Any) -> bool:
    return not isinstance(value, (dict, list))


def same_scalar(left: Any, right: Any) -> bool:
    """Numbers are equal by value: 1.0 is 1."""
    if isinstance(left, Number) and isinstance(right, Number):
        return Decimal(left) == Decimal(right)
    return type(left) is type(right) and left == right


def same(left: Any, right: Any) -> bool:
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return is_scalar(left) and is_scalar(right) and same_scalar(left, right)


def contains(left: Any, right: Any) -> bool:
    """`@>`: an array contains a scalar, and whatever its order and repetitions say."""
    if is_scalar(right):
        return any(same(item, right) for item in (left if isinstance(left, list) else [left]))
    return contains_container(left, right)


def contains_container(left: Any, right: Any) -> bool:
    if isinstance(left, dict) and isinstance(right, dict):
        return all(key in left and contains_value(left[key], value) for key, value in right.items())
    if isinstance(left, list) and isinstance(right, list):
        return all(any(contains_value(item, value) for item in left) for value in right)
    return False


def contains_value(left: Any, right: Any) -> bool:
    if is_scalar(left) or is_scalar(right):
        return same(left, right)
    return contains_container(left, right)


def has_key(value: Any, key: str) -> bool:
    """`?`: a member, or a text among the elements; a scalar is an array of one."""
    if isinstance(value, dict):
        return key in value
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, str) and not isinstance(item, Number) and item == key for item in items)


def concatenated(left: Any, right: Any) -> Any:
    if isinstance(left, dict) and isinstance(right, dict):
        return {**left, **right}
    return [*as_list(left), *as_list(right)]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def comparison(name: str, holds: Callable[[Any, Any], bool]) -> None:
    sql_function(name, "boolean")(lambda left, right: holds(parse_json(left), parse_json(right)))


comparison("pg_jsonb_equal", same)
comparison("pg_jsonb_contains", contains)


@sql_function("pg_jsonb_has", "boolean")
def pg_jsonb_has(document: str, key: str) -> bool:
    return has_key(parse_json(document), key)


@sql_function("pg_jsonb_has_any", "boolean")
def pg_jsonb_has_any(document: str, keys: list[str | None]) -> bool:
    value = parse_json(document)
    return any(key is not None and has_key(value, key) for key in keys)


@sql_function("pg_jsonb_has_all", "boolean")
def pg_jsonb_has_all(document: str, keys: list[str | None]) -> bool:
    value = parse_json(document)
    return all(key is None or has_key(value, key) for key in keys)


@sql_function("pg_jsonb_concat")
def pg_jsonb_concat(left: str, right: str) -> str:
    return jsonb_text(concatenated(parse_json(left), parse_json(right)))
