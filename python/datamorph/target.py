"""The target of a job as data: what statements.py needs to know of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

MARKER = "datamorph"
#: Types that Spark writes as they are; anything else is staged as text and cast by PostgreSQL itself.
NATIVE = {
    "boolean": "boolean",
    "smallint": "smallint",
    "integer": "integer",
    "bigint": "bigint",
    "real": "real",
    "double precision": "double precision",
    "numeric": "numeric",
    "text": "text",
    "character varying": "text",
    "date": "date",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
    "bytea": "bytea",
}
ARRAY_ELEMENTS = {"boolean", "smallint", "integer", "bigint", "real", "double precision", "text", "character varying"}


@dataclass(frozen=True)
class History:
    """Columns that say from when until when a version was true; `current` may be left out."""

    valid_from: str
    valid_to: str
    current: str | None = None


@dataclass(frozen=True)
class Target:
    #: As SQL, quoted where it needs to be.
    table: str
    mode: str
    #: Column -> PostgreSQL type as `format_type` writes it.
    columns: dict[str, str]
    keys: Sequence[str] = ()
    required: Sequence[str] = ()
    history: History | None = None
    #: The run's instant, for versions that bring no moment of their own.
    instant: str = "now"
    schema: str | None = None
    run_id: str = ""

    @property
    def own_columns(self) -> dict[str, str]:
        """The history's own columns, where the rows do not bring them."""
        if self.history is None:
            return {}
        wanted = {self.history.valid_from: "timestamptz", self.history.valid_to: "timestamptz"}
        if self.history.current:
            wanted[self.history.current] = "boolean"
        moment = self.columns.get(self.history.valid_from)
        if moment:
            wanted[self.history.valid_to] = moment
        return {name: kind for name, kind in wanted.items() if name not in self.columns}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def base_type(kind: str) -> str:
    """`numeric(12,2)` -> `numeric`; an array stays one."""
    return re.sub(r"\(.*?\)", "", kind)


def staged_type(kind: str) -> str:
    base = base_type(kind)
    if base.endswith("[]"):
        return base if base[:-2] in ARRAY_ELEMENTS else "text"
    return NATIVE.get(base, "text")


def staged_name(target: Target, name: str) -> str:
    """Columns are staged under names of their own: Spark's JDBC writer does not escape the quotes in a name."""
    return f"c{list(target.columns).index(name) + 1}"
