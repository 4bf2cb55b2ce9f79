"""The SQL of staging and publication: the templates of publication.json, filled for one target. No connection in here.

src/services/publicationStatements.ts fills the same templates; test/spark/publicationStatements.test.ts holds that both
give the same text.
"""

from __future__ import annotations

import json
import pkgutil
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from datamorph.connections import identifier, literal
from datamorph.target import MARKER, Target, digest, staged_name, staged_type

Values = Mapping[str, Any]

HOLE = re.compile(r"\{(\w+):([^|}]*)(?:\|([^}]*))?\}|\$(\w+)")


def statements(target: Target, name: str, staged_rows: int = 0) -> list[str]:
    """The statements of this name, ready to run."""
    values = values_of(target, staged_rows)
    return [fill("\n".join(lines), values) for lines in templates()[name]]


@cache
def templates() -> dict[str, list[list[str]]]:
    # Read through the loader: on Glue the package lies in a zip.
    text = pkgutil.get_data("datamorph", "publication.json")
    if text is None:
        raise FileNotFoundError("publication.json")
    return json.loads(text)["statements"]


def fill(template: str, values: Values) -> str:
    """One pass, so that what is put in is never read as a hole."""

    def put(hole: re.Match[str]) -> str:
        each, item, separator, word = hole.groups()
        if word:
            return str(values[word])
        return (", " if separator is None else separator).join(
            fill(item, {**values, **entry}) for entry in values[each]
        )

    return HOLE.sub(put, template)


def values_of(target: Target, staged_rows: int = 0) -> Values:
    columns = [column(target, name) for name in target.columns]
    keys = [column(target, name) for name in target.keys]
    others = [each for each in columns if each["text"] not in [key["text"] for key in keys]]
    made = {**target.columns, **target.own_columns}
    name = stage_name(target)
    return {
        "table": target.table,
        "table_text": literal(target.table),
        "schema_text": literal(identifier(target.schema) if target.schema else "public"),
        "stage": beside(target, name),
        "stage_text": literal(beside(target, name)),
        "stage_name": literal(name),
        "staging_comment": literal(f"{MARKER}: staging of {target.table}"),
        "waiting_comment": literal(f"{MARKER}: {staged_rows} rows wait to be published in {target.table}"),
        "ledger": beside(target, "datamorph_publication"),
        "ledger_text": literal(beside(target, "datamorph_publication")),
        "run": literal(target.run_id),
        "mode": literal(target.mode),
        "columns": columns,
        "keys": keys,
        "inserted": [{"text": literal(each)} for each in made],
        "made": [
            {"name": identifier(each), "type": kind, "not_null": " not null" if each in target.required else ""}
            for each, kind in made.items()
        ],
        "primary": primary_key(target),
        "nothing": [] if others else [{}],
        "update": [{}] if others else [],
        "changes": ", ".join(f"{each['name']} = excluded.{each['name']}" for each in others),
        **history_values(target),
    }


def column(target: Target, name: str) -> dict[str, str]:
    kind = target.columns.get(name, "text")
    return {
        "name": identifier(name),
        "text": literal(name),
        "quoted_text": literal(identifier(name)),
        "type": kind,
        "staged": staged_name(target, name) if name in target.columns else "",
        "staged_type": staged_type(kind),
    }


def primary_key(target: Target) -> list[dict[str, str]]:
    keys = list(target.keys)
    if target.history and keys:
        keys.append(target.history.valid_from)
    return [{"names": ", ".join(identifier(name) for name in keys)}] if keys else []


def history_values(target: Target) -> dict[str, Any]:
    own = target.history
    if own is None:
        return {}
    told = [name for name in target.columns if name not in (own.valid_from, own.valid_to, own.current)]
    brings_moment = own.valid_from in target.columns
    return {
        "told": [column(target, name) for name in told],
        "facts": [column(target, name) for name in told if name not in target.keys],
        "current": [{"name": identifier(own.current)}] if own.current else [],
        "valid_from": identifier(own.valid_from),
        "valid_to": identifier(own.valid_to),
        "moment": staged_name(target, own.valid_from) if brings_moment else f"{literal(target.instant)}::timestamptz",
        "moment_type": target.columns.get(own.valid_from, "timestamptz"),
    }


def stage_name(target: Target) -> str:
    """One staging table a target and run, beside the target."""
    return f"datamorph_stage_{digest(target.table)[:8]}_{digest(target.run_id)[:16]}"


def beside(target: Target, name: str) -> str:
    return f"{identifier(target.schema)}.{name}" if target.schema else name
