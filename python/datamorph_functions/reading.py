"""Text read as a number, a boolean, a date or a time."""

from __future__ import annotations

import datetime
import math
import re
from decimal import Decimal
from zoneinfo import ZoneInfo

from datamorph_functions.numbers import plain
from datamorph_functions.registry import SqlError, answer_function, sql_function

BLANK = " \t\n\v\f\r"
INTEGER = re.compile(r"[+-]?(?:\d(?:_?\d)*|0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+)", re.ASCII)
NUMBER = re.compile(r"[+-]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?", re.ASCII)
FLOAT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
SPECIAL = re.compile(r"([+-]?)(?:inf|infinity)|([+-]?)nan", re.IGNORECASE)


@answer_function("pg_integer")
def pg_integer(value: str) -> str:
    text = value.strip(BLANK)
    if not INTEGER.fullmatch(text):
        raise SqlError(f"invalid input syntax for an integer: {value[:80]!r}")
    digits = text.lstrip("+-").replace("_", "")
    base = {"0x": 16, "0o": 8, "0b": 2}.get(digits[:2].lower(), 10)
    number = int(digits[2:] if base != 10 else digits, base)
    return str(-number if text.startswith("-") else number)


@answer_function("pg_number")
def pg_number(value: str) -> str:
    text = value.strip(BLANK)
    if INTEGER.fullmatch(text):
        return pg_integer(text)
    if not NUMBER.fullmatch(text):
        raise SqlError(f"invalid input syntax for type numeric: {value[:80]!r}")
    number = Decimal(text.replace("_", ""))
    if abs(number.adjusted()) > 1000:
        raise SqlError("numeric field overflow") if number and number.adjusted() > 0 else SqlError("too many digits")
    return plain(number)


@answer_function("pg_float")
def pg_float(value: str) -> str:
    text = value.strip(BLANK)
    special = SPECIAL.fullmatch(text)
    if special:
        return "NaN" if "n" in text.lower() and "i" not in text.lower() else f"{'-' if text[0] == '-' else ''}Infinity"
    if not FLOAT.fullmatch(text):
        raise SqlError(f"invalid input syntax for type double precision: {value[:80]!r}")
    number = float(text)
    if math.isinf(number) or (number == 0 and Decimal(text) != 0):
        raise SqlError(f"{value[:80]!r} is out of range for type double precision")
    return repr(number)


@answer_function("pg_boolean")
def pg_boolean(value: str) -> str:
    word = value.strip(BLANK).lower()
    if word not in ("", "o"):
        if any(name.startswith(word) for name in ("true", "yes", "on", "1")):
            return "true"
        if any(name.startswith(word) for name in ("false", "no", "off", "0")):
            return "false"
    raise SqlError(f"invalid input syntax for type boolean: {value[:80]!r}")


DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{4})(\d{2})(\d{2})", re.ASCII)
TIMESTAMP = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2})(?:(?: +|T)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?(?: ?(Z|[+-]\d{2}(?::?\d{2})?))?",
    re.ASCII,
)


def parse_date(text: str) -> datetime.date:
    match = DATE.fullmatch(text)
    if not match:
        raise SqlError(f"not a date of the form 2026-01-31: {text[:80]!r}")
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise SqlError(f"date/time field value out of range: {text!r}") from error


@answer_function("pg_date")
def pg_date(value: str) -> str:
    """Dates of the form 2026-01-31 or 20260131; PostgreSQL reads many more, which are errors here."""
    return parse_date(value.strip(BLANK)).isoformat()


def parse_timestamp(text: str, with_zone: bool) -> str:
    match = TIMESTAMP.fullmatch(text.strip(BLANK))
    if not match:
        raise SqlError(f"not a timestamp of the form 2026-01-31 23:59:59: {text[:80]!r}")
    day, hour, minute, second, fraction, zone = match.groups(default="")
    moment = datetime.datetime.combine(parse_date(day), datetime.time())
    clock = [int(part or 0) for part in (hour, minute, second)]
    if clock[0] > 24 or clock[1] > 59 or clock[2] > 60 or (clock[0] == 24 and any(clock[1:] + [int(fraction or 0)])):
        raise SqlError(f"date/time field value out of range: {text[:80]!r}")
    hours, minutes, seconds = clock
    moment += datetime.timedelta(
        hours=hours, minutes=minutes, seconds=seconds, microseconds=int(fraction.ljust(6, "0"))
    )
    if with_zone and zone not in ("", "Z"):
        offset = datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[3:].lstrip(":") or 0))
        moment += offset if zone[0] == "-" else -offset
    return moment.isoformat(sep=" ")


@answer_function("pg_timestamp")
def pg_timestamp(value: str) -> str:
    return parse_timestamp(value, with_zone=False)


@answer_function("pg_timestamptz")
def pg_timestamptz(value: str) -> str:
    return parse_timestamp(value, with_zone=True)


EPOCH = datetime.datetime(1970, 1, 1)


@sql_function("pg_zone_to_utc", "bigint")
def pg_zone_to_utc(microseconds: int, zone: str) -> int:
    """A wall clock's instant: of an hour that comes twice the later, of one that is skipped by the rule before it."""
    wall = EPOCH + datetime.timedelta(microseconds=microseconds)
    readings = [wall.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1)]
    offset = min(reading for reading in readings if reading is not None)
    return microseconds - offset // datetime.timedelta(microseconds=1)
