"""The template of to_char, to_date and to_timestamp taken apart, as PostgreSQL does it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

#: In the order in which they are looked for: the first that the text begins with is meant.
_UPPER = [
    "A.D.",
    "A.M.",
    "AD",
    "AM",
    "B.C.",
    "BC",
    "CC",
    "DAY",
    "DDD",
    "DD",
    "DY",
    "Day",
    "Dy",
    "D",
    "FF1",
    "FF2",
    "FF3",
    "FF4",
    "FF5",
    "FF6",
    "FX",
    "HH24",
    "HH12",
    "HH",
    "IDDD",
    "ID",
    "IW",
    "IYYY",
    "IYY",
    "IY",
    "I",
    "J",
    "MI",
    "MM",
    "MONTH",
    "MON",
    "MS",
    "Month",
    "Mon",
    "OF",
    "P.M.",
    "PM",
    "Q",
    "RM",
    "SSSSS",
    "SSSS",
    "SS",
    "TZH",
    "TZM",
    "TZ",
    "US",
    "WW",
    "W",
    "Y,YYY",
    "YYYY",
    "YYY",
    "YY",
    "Y",
]
_LOWER = [
    "a.d.",
    "a.m.",
    "ad",
    "am",
    "b.c.",
    "bc",
    "cc",
    "day",
    "ddd",
    "dd",
    "dy",
    "d",
    "ff1",
    "ff2",
    "ff3",
    "ff4",
    "ff5",
    "ff6",
    "fx",
    "hh24",
    "hh12",
    "hh",
    "iddd",
    "id",
    "iw",
    "iyyy",
    "iyy",
    "iy",
    "i",
    "j",
    "mi",
    "mm",
    "month",
    "mon",
    "ms",
    "of",
    "p.m.",
    "pm",
    "q",
    "rm",
    "sssss",
    "ssss",
    "ss",
    "tzh",
    "tzm",
    "tz",
    "us",
    "ww",
    "w",
    "y,yyy",
    "yyyy",
    "yyy",
    "yy",
    "y",
]
KEYWORDS = (*_UPPER, *_LOWER)

NUMERIC = {
    "CC",
    "DDD",
    "DD",
    "D",
    "FF1",
    "FF2",
    "FF3",
    "FF4",
    "FF5",
    "FF6",
    "HH24",
    "HH12",
    "HH",
    "IDDD",
    "ID",
    "IW",
    "IYYY",
    "IYY",
    "IY",
    "I",
    "J",
    "MI",
    "MM",
    "MS",
    "Q",
    "SSSSS",
    "SSSS",
    "SS",
    "TZM",
    "US",
    "WW",
    "W",
    "Y,YYY",
    "YYYY",
    "YYY",
    "YY",
    "Y",
}


class Node(NamedTuple):
    kind: str  # "field", "separator", "space" or "text"
    #: The keyword, or the character.
    text: str
    fill: bool = False
    #: `TH`, `th`, or nothing.
    ordinal: str = ""

    @property
    def name(self) -> str:
        return self.text.upper()


def is_separator(character: str) -> bool:
    return "!" <= character <= "~" and not character.isalnum()


@lru_cache(maxsize=1024)
def parse(template: str) -> tuple[Node, ...]:
    nodes: list[Node] = []
    position = 0
    while position < len(template):
        fill = template.startswith(("FM", "fm"), position)
        position += 2 if fill else 0
        keyword = next((word for word in KEYWORDS if template.startswith(word, position)), None)
        if keyword:
            position += len(keyword)
            ordinal = template[position : position + 2] if template.startswith(("TH", "th"), position) else ""
            # `SP` is read over.
            position += 2 if ordinal or template.startswith("SP", position) else 0
            nodes.append(Node("field", keyword, fill, ordinal))
        elif template.startswith('"', position):
            position = _quoted(template, position + 1, nodes)
        elif position < len(template):
            position += 1 if template.startswith('\\"', position) else 0
            character = template[position]
            kind = "separator" if is_separator(character) else "space" if character in " \t\n\v\f\r" else "text"
            nodes.append(Node(kind, character))
            position += 1
    return tuple(nodes)


def _quoted(template: str, position: int, nodes: list[Node]) -> int:
    while position < len(template):
        if template[position] == '"':
            return position + 1
        if template[position] == "\\" and position + 1 < len(template):
            position += 1
        nodes.append(Node("text", template[position]))
        position += 1
    return position
