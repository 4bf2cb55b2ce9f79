"""`->`, `->>`, `#>`, `#>>` and the elements of arrays: of jsonb as PostgreSQL writes it, of json as it was written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from json.decoder import scanstring
from typing import Any

from datamorph_functions.json_values import Number, as_text, jsonb_text, parse_json, refuse_constant, refuse_unstorable
from datamorph_functions.reading import BLANK
from datamorph_functions.registry import SqlError, sql_function

DECODER = json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=refuse_constant)
JSON_SPACE = " \t\n\r"
SPACES = re.compile(f"[{JSON_SPACE}]*")


def raw_parts(document: str) -> dict[str, str] | list[str] | None:
    """The members or elements of a JSON text, each cut out as it stands; None of a scalar. Of a repeated key the last counts."""
    at = after_spaces(document, 0)
    opening = document[at]
    if opening not in "{[":
        return None
    at = after_spaces(document, at + 1)
    keys, values = [], []
    while document[at] not in "}]":
        if opening == "{":
            key, at = scanstring(document, at + 1)
            keys.append(key)
            at = after_spaces(document, after_spaces(document, at) + 1)
        _, end = DECODER.raw_decode(document, at)
        values.append(document[at:end])
        at = after_spaces(document, end)
        if document[at] == ",":
            at = after_spaces(document, at + 1)
    return dict(zip(keys, values, strict=True)) if opening == "{" else values


def after_spaces(document: str, at: int) -> int:
    found = SPACES.match(document, at)
    return found.end() if found else at


def raw_as_text(document: str) -> str | None:
    if not document.startswith('"'):
        return None if document == "null" else document
    value = parse_json(document)
    refuse_unstorable(jsonb_text(value))
    return str(value)


@dataclass(frozen=True)
class Form:
    """How one of the two types is read, opened and written."""

    read: Callable[[str], Any]
    parts: Callable[[Any], Any]
    write: Callable[[Any], str]
    write_text: Callable[[Any], str | None]
    #: jsonb keeps a scalar as an array of one.
    scalar_is_array: bool


def trimmed(document: str) -> str:
    return document.strip(JSON_SPACE)


FORMS = {
    "json": Form(trimmed, raw_parts, str, raw_as_text, scalar_is_array=False),
    "jsonb": Form(parse_json, lambda value: value, jsonb_text, as_text, scalar_is_array=True),
}


class MISSING:
    """Stands for a member that is not there; a class, because Spark's workers get copies of plain objects."""


def member(form: Form, value: Any, key: str) -> Any:
    parts = form.parts(value)
    return parts.get(key, MISSING) if isinstance(parts, dict) else MISSING


def element(form: Form, value: Any, index: int) -> Any:
    parts = form.parts(value)
    if form.scalar_is_array and not isinstance(parts, (dict, list)):
        parts = [parts]
    return parts[index] if isinstance(parts, list) and -len(parts) <= index < len(parts) else MISSING


INDEX = re.compile(r"[+-]?\d{1,9}", re.ASCII)


def along(form: Form, value: Any, names: Iterable[str]) -> Any:
    for name in names:
        if isinstance(form.parts(value), list):
            index = name.lstrip(BLANK)
            value = element(form, value, int(index)) if INDEX.fullmatch(index) else MISSING
        else:
            value = member(form, value, name)
        if value is MISSING:
            return MISSING
    return value


def along_path(form: Form, value: Any, path: str) -> Any:
    """A path such as `{a,0,b}`."""
    inner = path[1:-1]
    return along(form, value, [part.strip(BLANK) for part in inner.split(",")] if inner.strip() else [])


def accessor(name: str, form: Form, step: Callable[[Form, Any, Any], Any], write: Callable[[Any], str | None]) -> None:
    def access(document: str, key: Any) -> str | None:
        value = step(form, form.read(document), key)
        return None if value is MISSING else write(value)

    sql_function(name)(access)


def extractor(name: str, form: Form, write: Callable[[Any], str | None]) -> None:
    def extract(document: str, *names: str) -> str | None:
        value = along(form, form.read(document), names)
        return None if value is MISSING else write(value)

    sql_function(name)(extract)


def elements(name: str, form: Form, write: Callable[[Any], str | None]) -> None:
    def list_elements(document: str) -> list[str | None]:
        value = form.parts(form.read(document))
        if not isinstance(value, list):
            raise SqlError("cannot extract elements from " + ("an object" if isinstance(value, dict) else "a scalar"))
        return [write(part) for part in value]

    sql_function(name, "array<string>")(list_elements)


for json_type, form in FORMS.items():
    for kind, write in (("get", form.write), ("text", form.write_text)):
        accessor(f"pg_{json_type}_{kind}", form, member, write)
        accessor(f"pg_{json_type}_{kind}_at", form, element, write)
        accessor(f"pg_{json_type}_{kind}_path", form, along_path, write)
        extractor(f"pg_{json_type}_{kind}_along", form, write)
        elements(f"pg_{json_type}_{kind}_elements", form, write)
