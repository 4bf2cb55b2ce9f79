"""What local Spark does not have, said by name."""

from __future__ import annotations

from typing import NoReturn


class NotInLocalSpark(NotImplementedError):
    """Raised for whatever of AWS Glue has no counterpart here."""


def missing(what: str, way_out: str) -> NoReturn:
    raise NotInLocalSpark(f"{what} is not there in local Spark. {way_out}")
