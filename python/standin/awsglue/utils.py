"""The arguments of a job, and the one error that they may raise."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

#: AWS Glue's own: each may be there, and none has to be.
BOOKMARKS = ("job-bookmark-enable", "job-bookmark-pause", "job-bookmark-disable")
RESERVED = ("job-bookmark-option", "job-bookmark-from", "job-bookmark-to", *BOOKMARKS)
OPTIONAL = (
    "job-bookmark-from",
    "job-bookmark-to",
    "JOB_ID",
    "JOB_RUN_ID",
    "SECURITY_CONFIGURATION",
    "encryption-type",
    "enable-data-lineage",
    "RedshiftTempDir",
    "TempDir",
)


class GlueArgumentError(Exception):
    pass


class GlueArgumentParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise GlueArgumentError(message)


def getResolvedOptions(args: Sequence[str], options: Sequence[str]) -> dict[str, str | None]:
    """The values of `options`, all of which must be among the arguments; those of others are left alone."""
    reserved = [name for name in options if name.replace("_", "-") in RESERVED]
    if reserved:
        raise RuntimeError(f"Using reserved arguments {', '.join(reserved)}")
    parser = GlueArgumentParser(add_help=False)
    parser.add_argument("--job-bookmark-option", choices=BOOKMARKS, default="job-bookmark-disable")
    for name in OPTIONAL:
        parser.add_argument(f"--{name}")
    for name in dict.fromkeys(options):
        if name not in OPTIONAL:
            parser.add_argument(f"--{name}", required=True)
    known, _ = parser.parse_known_args(list(args[1:]))
    return vars(known)
