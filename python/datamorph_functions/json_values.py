"""json and jsonb: kept as text in Spark, with their numbers as they were written."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

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


def as_text(value: Any) -> str | None:
    """The unquoted text of a value; NULL for JSON's null."""
    if value is None:
        return None
    return value if isinstance(value, str) and not isinstance(value, Number) else jsonb_text(value)


@sql_function("pg_jsonb")
def pg_jsonb(value: str) -> str:
    text = jsonb_text(parse_json(value))
    refuse_unstorable(text)
    return text


def refuse_unstorable(text: str) -> None:
    """json keeps what a text cannot hold as it was escaped; jsonb and the text of a value cannot."""
    if "\\u0000" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise SqlError("unsupported Unicode escape sequence")


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
