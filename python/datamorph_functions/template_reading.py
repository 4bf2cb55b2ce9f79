"""to_number: text read by a template, place by place, as PostgreSQL reads it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from datamorph_functions.number_templates import Template, parsed
from datamorph_functions.numbers import EXACT, plain
from datamorph_functions.reading import NUMBER
from datamorph_functions.registry import SqlError, answer_function


@dataclass
class Reader:
    """One text being read by a template; `at` is where the reading stands.

    PostgreSQL steps over a place byte by byte: each character of `text` is a byte.
    """

    template: Template
    text: str
    at: int = 0
    sign: str = " "
    digits: str = ""
    before: int = 0
    after: int = 0
    has_point: bool = False

    def read(self) -> str:
        for node in self.template.nodes:
            if self.at >= len(self.text):
                break
            if node.keyword:
                self.read_keyword(node.keyword)
            else:
                self.at += self.character_length
        return self.sign + self.digits.removesuffix(".")

    @property
    def character(self) -> str:
        return self.text[self.at : self.at + 1]

    @property
    def character_length(self) -> int:
        """How many bytes the character has that begins here."""
        lead = ord(self.character)
        return 4 if lead >= 0xF0 else 3 if lead >= 0xE0 else 2 if lead >= 0xC0 else 1

    def read_keyword(self, keyword: str) -> None:
        if keyword in ("9", "0", ".", "D"):
            self.read_place(keyword)
            self.at += 1
        elif keyword in (",", "G"):
            # FM is not looked at where a number begins.
            if not self.template.fill_mode and self.character == ",":
                self.at += 1
        elif keyword in ("MI", "PL", "SG"):
            signs = {"MI": "-", "PL": "+", "SG": "+-"}[keyword]
            if self.character in signs:
                self.sign = self.character
                self.at += 1
            else:
                self.skip(1)
        elif keyword in ("TH", "th") and not self.template.has_point:
            self.skip(2)

    def skip(self, count: int) -> None:
        """Over characters that belong to no number."""
        while count > 0 and self.character and self.character not in "0123456789.,+-":
            self.at += self.character_length
            count -= 1

    def read_place(self, keyword: str) -> None:
        if self.character == " ":
            self.at += 1
        if not self.character:
            return
        if self.sign == " " and keyword in ("9", "0") and self.before + self.after == 0:
            self.read_leading_sign()
        if not self.character:
            return
        is_read = self.read_digit()
        if is_read is None or self.at >= len(self.text):
            return
        if self.sign == " " and self.before + self.after > 0:
            self.read_trailing_sign(is_read)

    def read_leading_sign(self) -> None:
        if self.character in "+-":
            self.sign = self.character
            self.at += 1
        elif self.template.brackets and self.character == "<":
            self.sign = "-"
            self.at += 1

    def read_digit(self) -> bool | None:
        """Whether a digit or the point was read; nothing where there are enough digits."""
        if self.character.isascii() and self.character.isdigit():
            if self.has_point and self.after == self.template.after:
                return None
            self.digits += self.character
            self.after += self.has_point
            self.before += not self.has_point
            return True
        if self.template.has_point and not self.has_point and self.character == ".":
            self.digits += "."
            self.has_point = True
            return True
        return False

    def read_trailing_sign(self, is_read: bool) -> None:
        follows = self.text[self.at + 1 : self.at + 2]
        if self.template.sign_place and is_read and follows and not (follows.isascii() and follows.isdigit()):
            if follows in "+-":
                self.sign = follows
                self.at += 1
        elif not is_read and (self.template.plus or self.template.minus) and self.character in "+-":
            self.sign = self.character


@answer_function("pg_to_number")
def pg_to_number(value: str, template: str) -> str:
    read = parsed(template)
    reader = Reader(read, value.encode().decode("latin-1"))
    text = reader.read().strip()
    if not NUMBER.fullmatch(text):
        raise SqlError(f"invalid input syntax for type numeric: {text[:80]!r}")
    number = Decimal(text)
    whole = plain(abs(number)).split(".")[0].lstrip("0")
    if len(whole) > read.before:
        raise SqlError("numeric field overflow")
    return plain(
        number.quantize(Decimal(1).scaleb(-reader.after), context=EXACT) if number else Decimal(0).scaleb(-reader.after)
    )
