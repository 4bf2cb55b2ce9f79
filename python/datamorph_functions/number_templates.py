"""to_char for numbers: templates such as `FM999,990.00` or `S9999`, read as PostgreSQL reads them."""

from __future__ import annotations

import math
import re
import struct
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from datamorph_functions.numbers import EXACT, plain, to_decimal
from datamorph_functions.registry import SqlError, sql_function

KEYWORDS = re.compile(r"FM|fm|MI|mi|PL|pl|PR|pr|SG|sg|TH|th|[,.09DdGgSs]")
LITERAL = re.compile(r'"((?:\\.|[^"\\])*\\?)"?|\\(")|(.)', re.DOTALL)
#: The significant digits of a double and of a real that are printed.
DOUBLE_DIGITS, REAL_DIGITS = 15, 6


@dataclass(frozen=True)
class Node:
    """A keyword in capitals (`th` keeps its case), or a text that stands for itself."""

    keyword: str = ""
    text: str = ""


@dataclass(frozen=True)
class Template:
    """What the whole template says: digits before and after the point, and which signs there are."""

    nodes: tuple[Node, ...] = ()
    before: int = 0
    after: int = 0
    has_point: bool = False
    has_zero: bool = False
    #: Position of the first 0, and behind the last one.
    zero_start: int = 0
    zero_end: int = 0
    fill_mode: bool = False
    #: S: before the number, or behind it.
    sign_place: str = ""
    sign_after_digits: int = 0
    minus: bool = False
    plus: bool = False
    brackets: bool = False


def spelled(keyword: str) -> str:
    return keyword if keyword in ("TH", "th") else keyword.upper()


@lru_cache(maxsize=256)
def parsed(source: str) -> Template:
    nodes: list[Node] = []
    template = Template()
    at = 0
    while at < len(source):
        keyword = KEYWORDS.match(source, at)
        if keyword:
            nodes.append(Node(keyword=spelled(keyword.group())))
            template = with_keyword(template, nodes[-1].keyword)
            at = keyword.end()
            continue
        literal = LITERAL.match(source, at)
        assert literal
        quoted, quote, other = literal.groups()
        text = re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) if quoted is not None else quote or other
        nodes += [Node(text=character) for character in text]
        at = literal.end()
    return replace(template, nodes=tuple(nodes))


def with_keyword(template: Template, keyword: str) -> Template:
    """The template with one more keyword; what does not go together is an error."""
    if keyword in ("9", "0"):
        return with_digit(template, keyword)
    if keyword in ("D", "."):
        if template.has_point:
            raise SqlError("multiple decimal points")
        return replace(template, has_point=True)
    if keyword == "FM":
        return replace(template, fill_mode=True)
    if keyword == "S":
        return with_sign(template)
    if keyword in ("MI", "PL", "SG"):
        if template.sign_place:
            raise SqlError(f'cannot use "S" and "{keyword}" together')
        return replace(template, minus=template.minus or keyword != "PL", plus=template.plus or keyword != "MI")
    if keyword == "PR":
        if template.sign_place or template.plus or template.minus:
            raise SqlError('cannot use "PR" and "S"/"PL"/"MI"/"SG" together')
        return replace(template, brackets=True)
    return template


def with_digit(template: Template, keyword: str) -> Template:
    if template.brackets:
        raise SqlError(f'"{keyword}" must be ahead of "PR"')
    before = template.before + (not template.has_point)
    after = template.after + template.has_point
    if keyword == "9":
        return replace(template, before=before, after=after)
    starts = not template.has_zero and not template.has_point
    return replace(
        template,
        before=before,
        after=after,
        has_zero=template.has_zero or starts,
        zero_start=template.before + 1 if starts else template.zero_start,
        zero_end=before + after,
    )


def with_sign(template: Template) -> Template:
    if template.sign_place:
        raise SqlError('cannot use "S" twice')
    if template.plus or template.minus or template.brackets:
        raise SqlError('cannot use "S" and "PL"/"MI"/"SG"/"PR" together')
    if template.has_point:
        return replace(template, sign_place="behind")
    return replace(template, sign_place="before", sign_after_digits=template.before)


@dataclass
class Writer:
    """One number being written: `digits` without sign, after `spaces` places that it leaves free."""

    template: Template
    digits: str
    sign: str
    spaces: int
    out: list[str] = field(default_factory=list)
    at: int = 0
    place: int = 0
    inside: bool = False
    sign_written: bool = False
    last_relevant: int | None = None
    places: int = 0
    brackets: bool = False
    sign_place: str = ""
    zero_start: int = 0

    def write(self) -> str:
        self.prepare()
        for node in self.template.nodes:
            if node.keyword:
                self.write_keyword(node.keyword)
            else:
                self.out.append(node.text)
        # A place behind the last digit writes an end of text: nothing after it is seen.
        return "".join(self.out).split("\0")[0]

    def prepare(self) -> None:
        template = self.template
        self.zero_start = max(template.zero_start - 1, 0)
        self.brackets, self.sign_place = template.brackets, template.sign_place
        if template.plus or template.minus:
            self.sign_written = template.minus
        else:
            if self.sign != "-" and template.fill_mode:
                self.brackets = False
            self.sign_written = self.sign == "+" and template.fill_mode and not self.sign_place
            if self.sign_place == "before" and template.before == template.sign_after_digits:
                self.sign_place = "behind"
        self.places = template.after + template.before - 1
        if template.fill_mode and template.has_point:
            self.last_relevant = self.find_last_relevant()
        if not self.sign_written and self.spaces == 0:
            self.places += 1

    def find_last_relevant(self) -> int | None:
        """FM drops zeroes at the end, but for those that a 0 of the template asks for."""
        point = self.digits.find(".")
        if point < 0:
            return None
        last = point + len(self.digits[point:].rstrip("0")) - 1
        if self.template.zero_end > self.spaces:
            last = max(last, min(len(self.digits) - 1, self.template.zero_end - self.spaces))
        return last

    def write_keyword(self, keyword: str) -> None:
        if keyword in ("9", "0", ".", "D"):
            self.write_place(keyword)
        elif keyword in (",", "G"):
            self.write_or_blank("," if self.inside else "")
        elif keyword == "MI":
            self.write_or_blank("-" if self.sign == "-" else "")
        elif keyword == "PL":
            self.write_or_blank("+" if self.sign == "+" else "")
        elif keyword == "SG":
            self.out.append(self.sign)
        elif keyword in ("TH", "th") and self.digits[:1] != "#" and self.sign != "-" and not self.template.has_point:
            self.out.append(ordinal(self.digits, keyword))

    def write_or_blank(self, text: str) -> None:
        if text or not self.template.fill_mode:
            self.out.append(text or " ")

    @property
    def is_blank_zero(self) -> bool:
        """The 0 before the point of a number below 1 is left out, unless the template has a 0."""
        template = self.template
        return not template.has_zero and self.at == 0 and self.digits[:1] == "0" and self.after != 0

    @property
    def after(self) -> int:
        return self.template.after

    @property
    def ends_at_point(self) -> bool:
        return self.last_relevant is not None and self.digits[self.last_relevant] == "."

    def write_place(self, keyword: str) -> None:
        template = self.template
        self.inside = False
        begins = self.place >= self.spaces or (template.has_zero and self.zero_start == self.place)
        if not self.sign_written and begins and (not self.is_blank_zero or self.ends_at_point):
            self.write_leading_sign()
        if self.place < self.spaces and (self.zero_start > self.place or not template.has_zero):
            self.write_or_blank("")
        elif self.place < self.spaces and template.has_zero:
            self.out.append("0")
            self.inside = True
        else:
            self.write_digit(keyword)
        end = self.places + (self.spaces > 0) + template.has_point
        if self.last_relevant is not None and self.last_relevant == self.at:
            end = self.place
        if self.place + 1 == end:
            self.write_trailing_sign()
        self.place += 1

    def write_leading_sign(self) -> None:
        if self.sign_place:
            if self.sign_place == "before":
                self.out.append(self.sign)
                self.sign_written = True
            return
        if self.brackets:
            self.out.append(" " if self.sign == "+" else "<")
        elif self.sign == "-":
            self.out.append("-")
        elif not self.template.fill_mode:
            self.out.append(" ")
        self.sign_written = True

    def write_digit(self, keyword: str) -> None:
        digit = self.digits[self.at : self.at + 1]
        if digit == ".":
            if not self.ends_at_point or self.template.fill_mode:
                self.out.append(".")
        elif self.last_relevant is not None and self.at > self.last_relevant and keyword != "0":
            pass
        elif self.is_blank_zero:
            if not self.template.fill_mode:
                self.out.append(" ")
            elif self.ends_at_point:
                self.out.append("0")
        else:
            self.out.append(digit or "\0")
            self.inside = True
        self.at += digit != ""

    def write_trailing_sign(self) -> None:
        if self.sign_written and self.brackets:
            self.out.append(" " if self.sign == "+" else ">")
        elif self.sign_place == "behind":
            self.out.append(self.sign)


def ordinal(digits: str, case: str) -> str:
    last = digits[-1:]
    if not last.isdigit():
        raise SqlError(f'"{digits}" is not a number')
    ending = "th" if digits[-2:-1] == "1" else {"1": "st", "2": "nd", "3": "rd"}.get(last, "th")
    return ending.upper() if case == "TH" else ending


def written(text: str, template: Template) -> str:
    """`text` in plain digits, as many after the point as the template has; `#` where it has too many before it."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("+", text)
    whole = len(digits.split(".")[0])
    if whole > template.before:
        digits = "#" * template.before + "." + "#" * template.after
    return Writer(template, digits, sign, max(template.before - whole, 0)).write()


@sql_function("pg_integer_to_char")
def pg_integer_to_char(value: int, template: str) -> str:
    read = parsed(template)
    return written(f"{value}.{'0' * read.after}" if read.after else str(value), read) if template else ""


@sql_function("pg_numeric_to_char")
def pg_numeric_to_char(value: Any, template: str) -> str:
    if not template:
        return ""
    read = parsed(template)
    rounded = to_decimal(value).quantize(Decimal(1).scaleb(-read.after), rounding=ROUND_HALF_UP, context=EXACT)
    text = plain(rounded)
    return written(text if rounded else text.lstrip("-"), read)


@sql_function("pg_float_to_char")
def pg_float_to_char(value: float, template: str) -> str:
    return float_to_char(value, template, DOUBLE_DIGITS)


@sql_function("pg_real_to_char")
def pg_real_to_char(value: float, template: str) -> str:
    return float_to_char(struct.unpack("f", struct.pack("f", value))[0], template, REAL_DIGITS)


def float_to_char(value: float, template: str, significant: int) -> str:
    if not template:
        return ""
    read = parsed(template)
    after = max(min(read.after, significant - len(fixed(abs(value), 0))), 0)
    return written(fixed(value, after), replace(read, after=after))


def fixed(value: float, after: int) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return f"{value:.{after}f}"
