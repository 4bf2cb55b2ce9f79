"""json and jsonb: kept as text in Spark, with their numbers as they were written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from datamorph_functions.reading import BLANK
from datamorph_functions.registry import SqlError, answer_function, sql_function


class Number(str):
    """A JSON number as it was written."""


def parse_json(text: str) -> Any:
    try:
        return json.loads(
            text,
            parse_float=Number,
            parse_int=Number,
            parse_constant=refuse_constant,
        )
    except ValueError as error:
        raise SqlError("invalid input syntax for type json") from error


def refuse_constant(name: str) -> Any:
    raise ValueError(name)


def jsonb_number(text: str) -> str:
    number = Decimal(text)
    if not number:
        return format(abs(number), "f")
    return format(number, "f")


def jsonb_text(value: Any) -> str:
    """PostgreSQL's way to write jsonb: keys by length, then by bytes; one blank after a comma and a colon."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return "{" + ", ".join(f"{json_string(key)}: {jsonb_text(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(jsonb_text, value)) + "]"
    return scalar_text(value)


def scalar_text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return jsonb_number(value) if isinstance(value, Number) else json_string(value)


ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def json_string(text: str) -> str:
    characters = (ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text)
    return '"' + "".join(characters) + '"'


class MISSING:
    """Stands for a member that is not there; a class, because Spark's workers get copies of plain objects."""


def step_into(value: Any, key: str | int) -> Any:
    """The member or element, or MISSING."""
    if isinstance(value, dict) and isinstance(key, str):
        return value.get(key, MISSING)
    if isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
        return value[key]
    return MISSING


def step_by_path(value: Any, path: str) -> Any:
    inner = path[1:-1]
    for part in inner.split(",") if inner.strip() else []:
        name = part.strip(BLANK)
        if isinstance(value, list):
            if not re.fullmatch(r"[+-]?\d{1,9}", name, re.ASCII):
                return MISSING
            value = step_into(value, int(name))
        else:
            value = step_into(value, name)
        if value is MISSING:
            return MISSING
    return value


def as_text(value: Any) -> str | None:
    """The unquoted text of a value; NULL for JSON's null."""
    if value is None:
        return None
    return value if isinstance(value, str) and not isinstance(value, Number) else jsonb_text(value)


def jsonb_accessor(name: str, step: Callable[[Any, Any], Any], write: Callable[[Any], str | None]) -> None:
    def access(document: str, key: Any) -> str | None:
        value = step(parse_json(document), key)
        return None if value is MISSING else write(value)

    sql_function(name)(access)


def element_at(value: Any, index: int) -> Any:
    """jsonb keeps a scalar as an array of one."""
    return step_into(value if isinstance(value, (dict, list)) else [value], index)


for accessor, step in {"": step_into, "_at": element_at}.items():
    jsonb_accessor(f"pg_jsonb_get{accessor}", step, jsonb_text)
    jsonb_accessor(f"pg_jsonb_text{accessor}", step, as_text)
jsonb_accessor("pg_jsonb_path", step_by_path, jsonb_text)
jsonb_accessor("pg_jsonb_path_text", step_by_path, as_text)


@sql_function("pg_jsonb")
def pg_jsonb(value: str) -> str:
    return jsonb_text(parse_json(value))


@sql_function("pg_json")
def pg_json(value: str) -> str:
    parse_json(value)
    return value


def json_kind(document: str) -> str:
    value = parse_json(document)
    kinds: dict[type, str] = {dict: "object", list: "array", bool: "boolean", Number: "number", str: "string"}
    return kinds.get(type(value), "null")


def array_length(document: str) -> str:
    value = parse_json(document)
    if not isinstance(value, list):
        raise SqlError("cannot get array length of a non-array")
    return str(len(value))


for json_type in ("json", "jsonb"):
    sql_function(f"pg_{json_type}_typeof")(json_kind)
    answer_function(f"pg_{json_type}_array_length")(array_length)
