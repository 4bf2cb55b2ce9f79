"""What an interval is to PostgreSQL: three counts that do not mix, read from text and written as text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from datamorph_functions.registry import SqlError

DAY = 86_400_000_000
INT32 = 2**31
INT64 = 2**63
BLANK = " \t\n\v\f\r"


class Interval(NamedTuple):
    months: int
    days: int
    micros: int


FOREVER = Interval(INT32 - 1, INT32 - 1, INT64 - 1)
NEVER = Interval(-INT32, -INT32, -INT64)


def is_endless(value: Interval) -> bool:
    return value in (FOREVER, NEVER)


def checked(months: int, days: int, micros: int) -> Interval:
    """The interval, where its parts fit and are not those that stand for infinity."""
    value = Interval(months, days, micros)
    if not (-INT32 <= months < INT32 and -INT32 <= days < INT32 and -INT64 <= micros < INT64) or is_endless(value):
        raise SqlError("interval out of range")
    return value


def quotient(value: int, divisor: int) -> int:
    """As C divides: towards zero."""
    whole = abs(value) // divisor
    return whole if value >= 0 else -whole


def text_of(value: Interval) -> str:
    """In the intervalstyle `postgres`."""
    if is_endless(value):
        return "infinity" if value == FOREVER else "-infinity"
    years = quotient(value.months, 12)
    parts = []
    after_negative = False
    for count, unit in ((years, "year"), (value.months - years * 12, "mon"), (value.days, "day")):
        if count:
            sign = "+" if after_negative and count > 0 else ""
            parts.append(f"{sign}{count} {unit}{'' if count == 1 else 's'}")
            after_negative = count < 0
    if value.micros or not parts:
        seconds, fraction = divmod(abs(value.micros), 1_000_000)
        sign = "-" if value.micros < 0 else "+" if after_negative else ""
        clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        parts.append(sign + clock + (f".{fraction:06d}".rstrip("0") if fraction else ""))
    return " ".join(parts)


CLOCK = re.compile(r"([+-]?)(\d+):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6}))?)?", re.ASCII)
COUNT = re.compile(r"([+-]?)(\d+)(?:\.(\d{1,15}))?\s*([a-zA-Z]+)", re.ASCII)
FRACTION = re.compile(r"\.\d+\s*[a-z]", re.ASCII)
GAP = re.compile(r"\s+", re.ASCII)

#: Every name of a unit -> the unit.
UNITS = {
    name: unit
    for unit, names in {
        "microsecond": "us usec usecs usecond useconds microsecon microsecond microseconds",
        "millisecond": "ms msec msecs msecond mseconds millisecon millisecond milliseconds",
        "second": "s sec secs second seconds",
        "minute": "m min mins minute minutes",
        "hour": "h hr hrs hour hours",
        "day": "d day days",
        "week": "w week weeks",
        "month": "mon mons month months",
        "year": "y yr yrs year years",
        "decade": "dec decs decade decades",
        "century": "c cent century centuries",
        "millennium": "mil mils millennia millennium",
    }.items()
    for name in names.split()
}
#: What a clock says.
CLOCK_UNITS = {"hour", "minute", "second", "millisecond", "microsecond"}
MONTHS = {"month": 1, "year": 12, "decade": 120, "century": 1200, "millennium": 12_000}
DAYS = {"day": 1, "week": 7}
MICROS = {"microsecond": 1, "millisecond": 1000, "second": 1_000_000, "minute": 60_000_000, "hour": 3_600_000_000}


@lru_cache(maxsize=4096)
def read(written: str) -> Interval:
    """Counts with their units, then a clock, then `ago`; PostgreSQL reads more forms, which are errors here."""
    text = written.strip(BLANK).lower()
    endless = {"infinity": FOREVER, "+infinity": FOREVER, "-infinity": NEVER}.get(text)
    if endless:
        return endless
    text, ago = (text[:-3].rstrip(BLANK), True) if text.endswith("ago") else (text, False)
    position, parts, seen = 0, [0, 0, 0], set[str]()
    if not text:
        raise SqlError(f"invalid input syntax for type interval: {written[:80]!r}")
    while position < len(text):
        match = CLOCK.match(text, position) or COUNT.match(text, position)
        gap = GAP.match(text, match.end()) if match else None
        if not match or (match.end() < len(text) and not gap and match.re is CLOCK):
            raise SqlError(f"not an interval of the form 1 year 2 mons 3 days 04:05:06: {written[:80]!r}")
        units = _clock(match, parts) if match.re is CLOCK else _count(match, parts)
        if units & seen:
            raise SqlError(f"invalid input syntax for type interval: {written[:80]!r}")
        seen |= units
        position = gap.end() if gap else match.end()
    if CLOCK.search(text) and FRACTION.search(text):
        # PostgreSQL keeps the fraction or loses it, as the order has it.
        raise SqlError(f"a fraction of a day cannot stand beside a clock: {written[:80]!r}")
    return checked(*(-part if ago else part for part in parts))


def _clock(match: re.Match[str], parts: list[int]) -> set[str]:
    sign, hours, minutes, seconds, fraction = match.groups(default="")
    if int(minutes) > 59 or int(seconds or 0) > 59:
        raise SqlError("interval field value out of range")
    micros = ((int(hours) * 60 + int(minutes)) * 60 + int(seconds or 0)) * 1_000_000 + int(fraction.ljust(6, "0"))
    parts[2] += -micros if sign == "-" else micros
    return CLOCK_UNITS


def _count(match: re.Match[str], parts: list[int]) -> set[str]:
    sign, digits, fraction, word = match.groups(default="")
    unit = UNITS.get(word)
    if unit is None:
        raise SqlError(f"not a unit of intervals: {word[:20]!r}")
    count = int(sign + digits)
    rest = float(f"{sign}0.{fraction}") if fraction else 0.0
    if unit in MICROS:
        parts[2] += count * MICROS[unit] + _rounded(rest * MICROS[unit])
    elif unit in DAYS:
        parts[1] += count * DAYS[unit]
        _add_days(rest * DAYS[unit], parts) if unit == "week" else _add_micros(rest, parts)
    else:
        parts[0] += count * MONTHS[unit] + (round(rest * MONTHS[unit]) if unit != "month" else 0)
        if unit == "month":
            _add_days(rest * 30, parts)
    return {"second", "millisecond", "microsecond"} if fraction and unit == "second" else {unit}


def _rounded(micros: float) -> int:
    """Half of a microsecond is cut off, more is counted."""
    whole = int(micros)
    rest = micros - whole
    return whole + (1 if rest > 0.5 else -1 if rest < -0.5 else 0)


def _add_days(days: float, parts: list[int]) -> None:
    parts[1] += int(days)
    _add_micros(days - int(days), parts)


def _add_micros(days: float, parts: list[int]) -> None:
    parts[2] += _rounded(days * DAY)
