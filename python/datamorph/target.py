"""The target of a job as data, and the SQL that stages, publishes and tidies it. No connection in here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from datamorph.connections import identifier, literal

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
    def stage(self) -> str:
        """One staging table a target and run, beside the target."""
        name = "datamorph_stage_" + digest(self.table)[:8] + "_" + digest(self.run_id)[:16]
        return self.beside(name)

    @property
    def ledger(self) -> str:
        return self.beside("datamorph_publication")

    def beside(self, name: str) -> str:
        return f"{identifier(self.schema)}.{name}" if self.schema else name

    @property
    def comment(self) -> str:
        return f"{MARKER}: staging of {self.table}"

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
    return kind.split("(")[0].strip() + ("[]" if kind.endswith("[]") and "(" in kind else "")


def staged_type(kind: str) -> str:
    base = base_type(kind)
    if base.endswith("[]"):
        return base if base[:-2] in ARRAY_ELEMENTS else "text"
    return NATIVE.get(base, "text")


def create_target(target: Target) -> list[str]:
    """Makes the table that is not there yet, and marks it as ours."""
    lines = [
        f"{identifier(name)} {kind}" + (" not null" if name in target.required else "")
        for name, kind in {**target.columns, **target.own_columns}.items()
    ]
    keys = list(target.keys)
    if target.history and keys:
        keys.append(target.history.valid_from)
    if keys:
        lines.append(f"primary key ({names(keys)})")
    return [
        f"create table {target.table} ({', '.join(lines)})",
        f"comment on table {target.table} is {literal(MARKER + ': made by DataMorph')}",
    ]


def staged_name(target: Target, name: str) -> str:
    """Columns are staged under names of their own: Spark's JDBC writer does not escape the quotes in a name."""
    return f"c{list(target.columns).index(name) + 1}"


def create_stage(target: Target) -> list[str]:
    columns = ", ".join(f"{staged_name(target, name)} {staged_type(kind)}" for name, kind in target.columns.items())
    return [
        f"create unlogged table {target.stage} ({columns})",
        f"comment on table {target.stage} is {literal(target.comment)}",
    ]


def create_ledger(target: Target) -> list[str]:
    """What was published by which run, so that a run which is repeated does not double its rows."""
    return [
        f"create table if not exists {target.ledger} ("
        "run_id text not null, target text not null, mode text not null, rows bigint not null, "
        "published_at timestamptz not null default now(), primary key (run_id, target))",
        f"comment on table {target.ledger} is {literal(MARKER + ': what was published by which run')}",
    ]


def names(columns: Sequence[str]) -> str:
    return ", ".join(identifier(name) for name in columns)


def staged_columns(target: Target) -> str:
    return ", ".join(f"cast(staged.{staged_name(target, name)} as {kind})" for name, kind in target.columns.items())


def publication(target: Target) -> list[str]:
    """The statements that make the staged rows visible, to be run in one transaction under the target's lock."""
    return MODES[target.mode](target)


def replace(target: Target) -> list[str]:
    # One statement: readers see the old or the new rows, and foreign keys that point here are checked at its end.
    # TRUNCATE would show an empty table to readers with an older snapshot.
    return [
        f"with old as (delete from {target.table} returning 1), gone as (select count(*) as number from old) "
        f"insert into {target.table} ({names(list(target.columns))}) "
        f"select {staged_columns(target)} from {target.stage} as staged, gone where gone.number >= 0"
    ]


def append(target: Target) -> list[str]:
    into = f"insert into {target.table} ({names(list(target.columns))})"
    return [f"{into} select {staged_columns(target)} from {target.stage} as staged"]


def upsert(target: Target) -> list[str]:
    others = [name for name in target.columns if name not in target.keys]
    changes = ", ".join(f"{identifier(name)} = excluded.{identifier(name)}" for name in others)
    action = f"do update set {changes}" if others else "do nothing"
    return [f"{append(target)[0]} on conflict ({names(target.keys)}) {action}"]


def history(target: Target) -> list[str]:
    """Slowly changing dimension, type 2.

    The timeline of every key that came is drawn anew from the versions there are and the versions that came; a version
    equal to the one before it is none. So late, repeated and out-of-order rows end in the same table as punctual ones.
    """
    kinds = target.history
    if kinds is None:
        raise ValueError("history mode needs its columns")
    own = {kinds.valid_from, kinds.valid_to, kinds.current}
    told = [name for name in target.columns if name not in own]
    facts = [name for name in told if name not in target.keys]
    key, start, end = names(target.keys), identifier(kinds.valid_from), identifier(kinds.valid_to)
    moment_kind = target.columns.get(kinds.valid_from) or "timestamptz"
    brings_moment = kinds.valid_from in target.columns
    moment = staged_name(target, kinds.valid_from) if brings_moment else f"{literal(target.instant)}::timestamptz"
    values = f"row({', '.join('v.' + identifier(name) for name in facts)})::text" if facts else "''"
    cast_told = ", ".join(
        f"cast({staged_name(target, name)} as {target.columns[name]}) as {identifier(name)}" for name in told
    )
    same_version = f"{equal('t', 'n', target.keys)} and t.{start} = n.{start}"
    insert_names = [*told, kinds.valid_from, kinds.valid_to] + ([kinds.current] if kinds.current else [])
    current = f", n.{end} is null" if kinds.current else ""
    set_current = f", {identifier(kinds.current)} = n.{end} is null" if kinds.current else ""
    changes = "".join(f", {identifier(name)} = n.{identifier(name)}" for name in facts)
    return [
        "create temporary table datamorph_came on commit drop as "
        f"select {cast_told}, cast({moment} as {moment_kind}) as {start} from {target.stage}",
        "create temporary table datamorph_timeline on commit drop as "
        f"with versions as (select distinct on ({key}, {start}) {names(told)}, {start} from ("
        f"select {names(told)}, {start}, 1 as came from datamorph_came union all "
        f"select {qualified('t', told)}, t.{start}, 0 from {target.table} t "
        f"where exists (select from datamorph_came c where {equal('t', 'c', target.keys)})) every_version "
        f"order by {key}, {start}, came desc), "
        f"compared as (select v.*, {values} as facts, lag({values}) over timeline as before, "
        f"row_number() over timeline as number from versions v "
        f"window timeline as (partition by {key} order by {start})) "
        f"select {names(told)}, {start}, lead({start}) over (partition by {key} order by {start}) as {end} "
        "from compared where number = 1 or facts is distinct from before",
        f"delete from {target.table} t using (select distinct {key} from datamorph_came) c "
        f"where {equal('t', 'c', target.keys)} "
        f"and not exists (select from datamorph_timeline n where {same_version})",
        f"update {target.table} t set {end} = n.{end}{set_current}{changes} from datamorph_timeline n "
        f"where {same_version} and row({qualified('t', facts + [kinds.valid_to])})::text "
        f"is distinct from row({qualified('n', facts + [kinds.valid_to])})::text",
        f"insert into {target.table} ({names(insert_names)}) "
        f"select {qualified('n', told)}, n.{start}, n.{end}{current} from datamorph_timeline n "
        f"where not exists (select from {target.table} t where {same_version})",
    ]


def qualified(alias: str, columns: Sequence[str]) -> str:
    return ", ".join(f"{alias}.{identifier(name)}" for name in columns)


def equal(left: str, right: str, columns: Sequence[str]) -> str:
    return " and ".join(f"{left}.{identifier(name)} = {right}.{identifier(name)}" for name in columns)


MODES = {"replace": replace, "append": append, "upsert": upsert, "history": history}
