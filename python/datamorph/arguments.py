"""The arguments of a run. Connections are named here, never described: no secret is ever an argument."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import uuid
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

UTC = datetime.UTC


@dataclass(frozen=True)
class Kept:
    step: str
    #: Stands in the place of a target's name; no such table is made.
    table: str
    #: Column -> PostgreSQL type.
    columns: dict[str, str]
    connection: str | None = None


@dataclass(frozen=True)
class Arguments:
    run_id: str
    #: The one instant of the run: what now() and current_date mean, on both sides.
    instant: datetime.datetime
    #: `later` stages the rows and leaves the publication to somebody else; `never` writes nothing at all.
    publish: str = "now"
    #: Counts and fingerprints every step.
    trace: bool = False
    #: A step whose rows are staged as they are, so that PostgreSQL can look at them.
    keep: Kept | None = None
    #: By source: the mark of the last finished run.
    marks: dict[str, str] = field(default_factory=dict)
    #: By connection: the ARN of the secret that describes it, where the environment cannot.
    secrets: dict[str, str] = field(default_factory=dict)
    #: By connection: the JDBC URL, for a secret that says user and password only.
    addresses: dict[str, str] = field(default_factory=dict)


def read_arguments(argv: list[str] | None = None) -> Arguments:
    """Both `--run-id x` and Glue's `--run_id x` are understood; arguments of other people are left alone."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--run-id", "--run_id", default=str(uuid.uuid4()))
    parser.add_argument("--instant", type=instant, default=None)
    parser.add_argument("--publish", choices=("now", "later", "never"), default="now")
    parser.add_argument("--trace", choices=("yes", "no"), default="no")
    parser.add_argument("--keep", default=None, type=kept, metavar="{...}")
    parser.add_argument("--mark", action="append", default=[], type=mark, metavar="SOURCE=VALUE")
    # On Glue an argument stands once only, and nothing can be set in the environment.
    parser.add_argument("--marks", default=[], type=parse_qsl, metavar="SOURCE=VALUE&...")
    parser.add_argument("--connection", default=[], type=secrets, metavar="NAME=ARN,...")
    parser.add_argument("--address", default=[], type=parse_qsl, metavar="NAME=URL&...")
    known, _ = parser.parse_known_args(sys.argv[1:] if argv is None else argv)
    return Arguments(
        run_id=known.run_id,
        instant=known.instant or datetime.datetime.now(UTC),
        publish=known.publish,
        trace=known.trace == "yes",
        keep=known.keep,
        marks=dict(known.marks + known.mark),
        secrets=dict(known.connection),
        addresses=dict(known.address),
    )


def instant(text: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def kept(text: str) -> Kept:
    described = json.loads(text)
    return Kept(described["step"], described["table"], dict(described["columns"]), described.get("connection"))


def mark(text: str) -> tuple[str, str]:
    source, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError("a mark is written SOURCE=VALUE")
    return source, value


def secrets(text: str) -> list[tuple[str, str]]:
    return [secret(each) for each in text.split(",")]


def secret(text: str) -> tuple[str, str]:
    name, _, arn = text.partition("=")
    if not arn.startswith("arn:"):
        raise argparse.ArgumentTypeError("a connection is written NAME=ARN, with the ARN of its secret")
    return name, arn
