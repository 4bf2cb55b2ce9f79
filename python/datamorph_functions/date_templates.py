"""to_char of a timestamp, written by PostgreSQL's templates; the session's zone is UTC."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from datamorph_functions.date_patterns import Node, parse
from datamorph_functions.interval_arithmetic import moment_of
from datamorph_functions.registry import SqlError, sql_function

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
#: From January on, as to_char writes them.
ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]

Moment = datetime.datetime


@sql_function("pg_to_char_time")
def pg_to_char_time(micros: int, template: str, with_zone: bool) -> str:
    moment = moment_of(micros)
    return "".join(_written(node, moment, with_zone) for node in parse(template))


def ordinal(number: str, case: str) -> str:
    """The number with `st`, `nd`, `rd` or `th`."""
    if not number[-1:].isdigit():
        raise SqlError(f"{number!r} is not a number")
    teen = number[-2:-1] == "1"
    ending = "th" if teen else {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th")
    return number + (ending.upper() if case == "TH" else ending)


def _written(node: Node, moment: Moment, with_zone: bool) -> str:
    if node.kind != "field":
        return node.text
    number = _numbers.get(node.name)
    if number:
        value, width = number(moment)
        text = str(value) if node.fill else str(value).zfill(width)
        return ordinal(text, node.ordinal) if node.ordinal else text
    fixed = _fixed.get(node.name)
    if fixed:
        text = fixed(moment)
        return ordinal(text, node.ordinal) if node.ordinal else text
    return _word(node, moment, with_zone)


def _word(node: Node, moment: Moment, with_zone: bool) -> str:
    name = node.name
    if name in ("AM", "PM", "A.M.", "P.M."):
        half = "P" if moment.hour >= 12 else "A"
        return _like(node.text, half + (".M." if "." in name else "M"))
    if name in ("AD", "BC", "A.D.", "B.C."):
        return _like(node.text, "A.D." if "." in name else "AD")
    if name == "TZ":
        return _like(node.text, "UTC") if with_zone else ""
    if name == "OF":
        return "+0" if node.fill else "+00"
    if name == "TZH":
        return "+00"
    if name == "TZM":
        return "00"
    if name == "RM":
        return _padded(node, _like(node.text, ROMAN[moment.month - 1]), 4)
    if name in ("MONTH", "DAY"):
        word = MONTHS[moment.month - 1] if name == "MONTH" else DAYS[moment.isoweekday() % 7]
        return _padded(node, _like(node.text, word), 9)
    if name in ("MON", "DY"):
        word = MONTHS[moment.month - 1] if name == "MON" else DAYS[moment.isoweekday() % 7]
        return _like(node.text, word[:3])
    return ""


def _like(pattern: str, word: str) -> str:
    """The word in capitals, small letters, or as it is, as its pattern is written."""
    return word.upper() if pattern.isupper() else word.lower() if pattern.islower() else word


def _padded(node: Node, word: str, width: int) -> str:
    return word if node.fill else word.ljust(width)


def _yday(moment: Moment) -> int:
    return moment.timetuple().tm_yday


def _iso_yday(moment: Moment) -> int:
    year, week, day = moment.isocalendar()
    return (week - 1) * 7 + day


def _julian(moment: Moment) -> int:
    return moment.toordinal() + 1_721_425


def _century(moment: Moment) -> int:
    return (moment.year - 1) // 100 + 1


def _seconds(moment: Moment) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


#: Value, and the digits that zeros fill unless FM says otherwise.
_numbers: dict[str, Callable[[Moment], tuple[int, int]]] = {
    "HH": lambda moment: ((moment.hour + 11) % 12 + 1, 2),
    "HH12": lambda moment: ((moment.hour + 11) % 12 + 1, 2),
    "HH24": lambda moment: (moment.hour, 2),
    "MI": lambda moment: (moment.minute, 2),
    "SS": lambda moment: (moment.second, 2),
    "MM": lambda moment: (moment.month, 2),
    "DDD": lambda moment: (_yday(moment), 3),
    "IDDD": lambda moment: (_iso_yday(moment), 3),
    "DD": lambda moment: (moment.day, 2),
    "WW": lambda moment: ((_yday(moment) - 1) // 7 + 1, 2),
    "IW": lambda moment: (moment.isocalendar().week, 2),
    "CC": lambda moment: (_century(moment), 2),
    "YYYY": lambda moment: (moment.year, 4),
    "YYY": lambda moment: (moment.year % 1000, 3),
    "YY": lambda moment: (moment.year % 100, 2),
    "Y": lambda moment: (moment.year % 10, 1),
    "IYYY": lambda moment: (moment.isocalendar().year, 4),
    "IYY": lambda moment: (moment.isocalendar().year % 1000, 3),
    "IY": lambda moment: (moment.isocalendar().year % 100, 2),
    "I": lambda moment: (moment.isocalendar().year % 10, 1),
}

#: Written alike with and without FM.
_fixed: dict[str, Callable[[Moment], str]] = {
    **{f"FF{n}": (lambda moment, n=n: f"{moment.microsecond:06d}"[:n]) for n in range(1, 7)},
    "MS": lambda moment: f"{moment.microsecond:06d}"[:3],
    "US": lambda moment: f"{moment.microsecond:06d}",
    "SSSS": lambda moment: str(_seconds(moment)),
    "SSSSS": lambda moment: str(_seconds(moment)),
    "D": lambda moment: str(moment.isoweekday() % 7 + 1),
    "ID": lambda moment: str(moment.isoweekday()),
    "Q": lambda moment: str((moment.month - 1) // 3 + 1),
    "W": lambda moment: str((moment.day - 1) // 7 + 1),
    "J": lambda moment: str(_julian(moment)),
    "Y,YYY": lambda moment: f"{moment.year // 1000},{moment.year % 1000:03d}",
}
