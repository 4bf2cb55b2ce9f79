"""to_date and to_timestamp: text read by a template, as leniently as PostgreSQL reads it."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable

from datamorph_functions.date_patterns import NUMERIC, Node, is_separator, parse
from datamorph_functions.date_templates import DAYS, MONTHS, ROMAN
from datamorph_functions.registry import SqlError, answer_function

MILLENNIUM = datetime.datetime(2000, 1, 1)
SPACE = " \t\n\v\f\r"
WHOLE = re.compile(r"[ \t\n\v\f\r]*([+-]?\d+)", re.ASCII)
THOUSANDS = re.compile(r"[ \t\n\v\f\r]*([+-]?\d+),[ \t\n\v\f\r]*([+-]\d{1,2}|\d{1,3})", re.ASCII)
ISO_WEEK = {"IDDD", "ID", "IW", "IYYY", "IYY", "IY", "I"}
GREGORIAN = {"DDD", "DD", "D", "MM", "MONTH", "MON", "RM", "WW", "W", "Y,YYY", "YYYY", "YYY", "YY", "Y"}
WORDS = {
    "MONTH": ("month", MONTHS),
    "MON": ("month", [month[:3] for month in MONTHS]),
    "DAY": ("weekday", DAYS),
    "DY": ("weekday", [day[:3] for day in DAYS]),
    # The longest first: `VIII` begins with `V`.
    "RM": ("roman", ROMAN[::-1]),
    **{name: ("half", ["AM", "PM"]) for name in ("AM", "PM")},
    **{name: ("half", ["A.M.", "P.M."]) for name in ("A.M.", "P.M.")},
    **{name: ("era", ["AD", "BC"]) for name in ("AD", "BC")},
    **{name: ("era", ["A.D.", "B.C."]) for name in ("A.D.", "B.C.")},
}
#: Keyword -> what it says; its length is that of its name unless it stands in WIDTHS.
COUNTS = {
    "HH": "hour", "HH12": "hour", "HH24": "hour", "MI": "minute", "SS": "second", "SSSS": "clock", "SSSSS": "clock",
    "MS": "ms", "US": "us", **{f"FF{n}": "us" for n in range(1, 7)}, "MM": "month", "DD": "day", "DDD": "yday",
    "IDDD": "yday", "D": "weekday", "ID": "weekday", "WW": "week", "IW": "week", "W": "month_week", "CC": "century",
    "Q": "", "J": "julian", "TZM": "zone_minutes",
    **dict.fromkeys(("YYYY", "YYY", "YY", "Y", "IYYY", "IYY", "IY", "I"), "year"),
}  # fmt: skip
WIDTHS = {"HH12": 2, "HH24": 2, "MS": 3, "US": 6, "IDDD": 3, "ID": 1, "TZM": 2, **{f"FF{n}": n for n in range(1, 7)}}


@answer_function("pg_to_date")
def pg_to_date(text: str, template: str) -> str:
    return _Reading(text, template).moment().date().isoformat()


@answer_function("pg_to_timestamp")
def pg_to_timestamp(text: str, template: str) -> str:
    reading = _Reading(text, template)
    return _within(lambda: _rounded(reading.moment() - reading.zone(), reading.precision)).isoformat(sep=" ")


def _rounded(moment: datetime.datetime, digits: int) -> datetime.datetime:
    """To so many digits of a second, half away from the year 2000, where PostgreSQL counts from."""
    unit = 10 ** (6 - digits)
    micros = (moment - MILLENNIUM) // datetime.timedelta(microseconds=1)
    whole = (abs(micros) + unit // 2) // unit * unit
    return MILLENNIUM + datetime.timedelta(microseconds=whole if micros >= 0 else -whole)


class _Reading:
    """What the fields of a text say, and the moment that they make together."""

    def __init__(self, text: str, template: str) -> None:
        self.text = text
        self.position = 0
        self.skipped = 0
        self.exact = False
        self.said: dict[str, int] = {}
        self.iso: bool | None = None
        self.twelve_hours = False
        self.year_digits = 0
        self.precision = 6
        nodes = parse(template)
        for index, node in enumerate(nodes):
            if self.position >= len(self.text):
                break
            self._read(node, nodes[index + 1 : index + 2], first=index == 0)

    @property
    def rest(self) -> str:
        return self.text[self.position :]

    def _skip_blank(self) -> None:
        while self.position < len(self.text) and self.text[self.position] in SPACE:
            self.position += 1
            self.skipped += 1

    def _read(self, node: Node, following: tuple[Node, ...], *, first: bool) -> None:
        is_field = node.kind == "field"
        if not self.exact and (is_field or first) and node.name != "FX":
            self._skip_blank()
        if is_field:
            self._field(node, following)
        elif self.exact:
            self.position += 1
        elif node.kind != "text":
            self.skipped -= 1
            if self.rest and (self.rest[0] in SPACE or is_separator(self.rest[0])):
                self.position += 1
                self.skipped += 1
        elif self.skipped > 0:
            # Of the blanks that were skipped, one stands for the character.
            self.skipped -= 1
        else:
            self.position += 1

    def _field(self, node: Node, following: tuple[Node, ...]) -> None:
        name = node.name
        if name == "FX":
            self.exact = True
        else:
            self._convention(name)
            if name in WORDS:
                self._word(node)
            elif name == "Y,YYY":
                self._thousands()
            elif name == "TZH":
                self._zone_hours(node, following)
            else:
                self._count(node, following)
        if node.ordinal and (name in NUMERIC and name != "TZM"):
            self.position = min(self.position + 2, len(self.text))
        if not self.exact:
            self.skipped = 0
            self._skip_blank()

    def _convention(self, name: str) -> None:
        iso = True if name in ISO_WEEK else False if name in GREGORIAN else None
        if iso is None:
            return
        if self.iso is not None and self.iso != iso:
            raise SqlError("invalid combination of date conventions")
        self.iso = iso

    def _say(self, what: str, value: int) -> None:
        if self.said.get(what, 0) not in (0, value):
            raise SqlError(f"conflicting values for {what!r}")
        self.said[what] = value

    def _word(self, node: Node) -> None:
        what, words = WORDS[node.name]
        rest = self.rest.lower()
        found = next((index for index, word in enumerate(words) if rest.startswith(word.lower())), None)
        if found is None:
            raise SqlError(f"invalid value {self.rest[:20]!r} for {node.text!r}")
        self.position += len(words[found])
        if what == "weekday":
            self._say("weekday", found)
            self.said["weekday"] += 1
            return
        self.twelve_hours = self.twelve_hours or what == "half"
        value = {"month": found + 1, "roman": 12 - found}.get(what, found)
        self._say("month" if what == "roman" else what, value)

    def _whole(self, node: Node, width: int, following: tuple[Node, ...]) -> tuple[int, int]:
        """The number, and how many characters it took."""
        begin = self.position
        digits_begin = begin + len(self.rest) - len(self.rest.lstrip(SPACE))
        if node.fill or _ends_digits(node, following):
            match = WHOLE.match(self.text, begin)
            end = match.end() if match else begin
            value = int(match[1]) if match else 0
        else:
            piece = self.text[digits_begin : digits_begin + width]
            if len(self.text) - digits_begin < width:
                raise SqlError(f"source string too short for {node.text!r} formatting field")
            match = WHOLE.match(piece)
            used = match.end() if match else 0
            if 0 < used < width:
                raise SqlError(f"invalid value {piece!r} for {node.text!r}")
            end, value = digits_begin + used, int(match[1]) if match else 0
        if end == begin:
            raise SqlError(f"invalid value {self.text[begin : begin + width]!r} for {node.text!r}")
        if not -(2**31) <= value < 2**31:
            raise SqlError(f"value for {node.text!r} in source string is out of range")
        self.position = end
        return value, end - begin

    def _count(self, node: Node, following: tuple[Node, ...]) -> None:
        name = node.name
        value, length = self._whole(node, WIDTHS.get(name, len(name)), following)
        what = COUNTS[name]
        if what == "":
            return
        if what == "year":
            self.year_digits = len(name)
            self._say("year", value)
            if self.year_digits < 4 and length < 4:
                self.said["year"] = _full_year(value)
            return
        self._say(what, value)
        if what in ("ms", "us"):
            width = 3 if what == "ms" else 6
            if name.startswith("FF"):
                self.precision = int(name[2])
            self.said[what] = value * 10 ** max(width - length, 0) if length < width else value
        self.twelve_hours = self.twelve_hours or name in ("HH", "HH12")
        if name == "ID":
            self.said["weekday"] = value + 1 if value < 7 else 1

    def _thousands(self) -> None:
        match = THOUSANDS.match(self.text, self.position)
        if not match:
            raise SqlError("invalid input string for 'Y,YYY'")
        self._say("year", int(match[1]) * 1000 + int(match[2]))
        self.year_digits = 4
        self.position = match.end()

    def _zone_hours(self, node: Node, following: tuple[Node, ...]) -> None:
        sign = self.rest[:1]
        if sign and sign in "+- ":
            self.said["zone_sign"] = -1 if sign == "-" else 1
            self.position += 1
        else:
            before = self.text[self.position - 1 : self.position]
            self.said["zone_sign"] = -1 if self.skipped > 0 and before == "-" else 1
        value, _ = self._whole(node, 2, following)
        self._say("zone_hours", value)

    def zone(self) -> datetime.timedelta:
        hours, minutes = self.said.get("zone_hours", 0), self.said.get("zone_minutes", 0)
        if not ("zone_sign" in self.said or "zone_minutes" in self.said):
            return datetime.timedelta(0)
        if not 0 <= hours <= 15 or not 0 <= minutes < 60:
            raise SqlError("time zone displacement out of range")
        return datetime.timedelta(hours=hours, minutes=minutes) * self.said.get("zone_sign", 1)

    def moment(self) -> datetime.datetime:
        self.zone()
        year, month, day = self._date()
        hour, minute, second, micros = self._time()
        if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60 and 0 <= micros < 1_000_000):
            raise SqlError("date/time field value out of range")
        clock = datetime.timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micros)
        return _within(lambda: datetime.datetime(year, month, 1) + datetime.timedelta(days=day - 1) + clock)

    def _time(self) -> tuple[int, int, int, int]:
        said = self.said
        hour, rest = divmod(said.get("clock", 0), 3600)
        minute, second = divmod(rest, 60)
        second, minute, hour = (
            said.get("second") or second,
            said.get("minute") or minute,
            said.get("hour") or hour,
        )
        if self.twelve_hours:
            if not 1 <= hour <= 12:
                raise SqlError(f"hour {hour} is invalid for the 12-hour clock")
            hour = hour % 12 + (12 if said.get("half") else 0)
        return hour, minute, second, said.get("ms", 0) * 1000 + said.get("us", 0)

    def _year(self) -> int | None:
        """In the astronomers' count, where 1 BC is 0."""
        year, century, bc = self.said.get("year", 0), self.said.get("century", 0), bool(self.said.get("era"))
        if not year and not century:
            return None
        century = -century if bc else century
        if not year:
            return (century - 1) * 100 + 1 if century >= 0 else century * 100 + 1
        if not century or self.year_digits > 2:
            year = -year if bc else year
            return year + 1 if year < 0 else year
        year = int(year - 100 * int(year / 100))
        if not year:
            return century * 100 + (0 if century >= 0 else 1)
        return (century - 1) * 100 + year if century >= 0 else (century + 1) * 100 - year + 1

    def _date(self) -> tuple[int, int, int]:
        said = self.said
        known = self._year()
        year, month, day = known or 0, 1, 1
        has_month = has_day = False
        yday = said.get("yday", 0)
        has_year = known is not None
        if said.get("julian"):
            year, month, day = _of_julian(said["julian"])
            has_year = has_month = has_day = True
        if said.get("week"):
            if self.iso:
                weekday = said.get("weekday", 0)
                # Monday is 2; a day before it is taken for Sunday.
                offset = 0 if weekday == 0 else weekday - 2 if weekday > 1 else 6
                year, month, day = _plus_days(_iso_start(year), (said["week"] - 1) * 7 + offset)
                has_year = has_month = has_day = True
            else:
                yday = (said["week"] - 1) * 7 + 1
        written_day = (said["month_week"] - 1) * 7 + 1 if said.get("month_week") else said.get("day", 0)
        if written_day:
            day, has_day = written_day, True
        if said.get("month"):
            month, has_month = said["month"], True
        if yday and (month <= 1 or day <= 1):
            if not year and not said.get("era"):
                raise SqlError("cannot calculate day of year without year information")
            if self.iso:
                year, month, day = _plus_days(_iso_start(year), yday - 1)
                has_year = has_month = has_day = True
            else:
                month, day = _of_year_day(yday, year, month, day)
                has_month = has_day = True
        return _validated((year, month, day), (has_year, has_month, has_day))


def _ends_digits(node: Node, following: tuple[Node, ...]) -> bool:
    """Whether what follows cannot be a digit of the same number."""
    if node.ordinal or not following:
        return True
    [after] = following
    return after.name not in NUMERIC if after.kind == "field" else not ("0" <= after.text <= "9")


def _full_year(year: int) -> int:
    """The year next to 2020."""
    if year < 70:
        return year + 2000
    if year < 100:
        return year + 1900
    if year < 520:
        return year + 2000
    return year + 1000 if year < 1000 else year


def _within(make: Callable[[], datetime.datetime]) -> datetime.datetime:
    try:
        return make()
    except (OverflowError, ValueError) as error:
        raise SqlError("the date lies outside of the years 1 to 9999") from error


def _iso_start(year: int) -> datetime.datetime:
    return _within(lambda: datetime.datetime.fromisocalendar(year, 1, 1))


def _plus_days(start: datetime.datetime, days: int) -> tuple[int, int, int]:
    moment = _within(lambda: start + datetime.timedelta(days=days))
    return moment.year, moment.month, moment.day


def _of_julian(day: int) -> tuple[int, int, int]:
    moment = _within(lambda: datetime.datetime.fromordinal(day - 1_721_425))
    return moment.year, moment.month, moment.day


def _of_year_day(yday: int, year: int, month: int, day: int) -> tuple[int, int]:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    before = 0
    found = 13
    for number, length in enumerate(lengths, start=1):
        if yday <= before + length:
            found = number
            break
        before += length
    return (found if month <= 1 else month), (yday - before if day <= 1 else day)


def _validated(date: tuple[int, int, int], known: tuple[bool, bool, bool]) -> tuple[int, int, int]:
    year, month, day = date
    _, has_month, has_day = known
    if (has_month and not 1 <= month <= 12) or (has_day and not 1 <= day <= 31):
        raise SqlError("date/time field value out of range")
    if year < 1 or year > 9999:
        raise SqlError("the date lies outside of the years 1 to 9999")
    if all(known) and day > calendar.monthrange(year, month)[1]:
        raise SqlError("date/time field value out of range")
    return date
