"""The words of a regular expression, as PostgreSQL's regc_lex.c reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from datamorph_functions.characters import is_alpha, is_digit, is_space
from datamorph_functions.registry import SqlError


def fail(what: str) -> NoReturn:
    raise SqlError(f"invalid regular expression: {what}")


BAD_ESCAPE = "invalid escape \\ sequence"
BAD_BRACKETS = "brackets [] not balanced"
BAD_COUNT = "invalid repetition count(s)"
BAD_OPERAND = "quantifier operand invalid"


@dataclass
class Options:
    quote: bool = False
    ignore_case: bool = False
    expanded: bool = False
    #: A line's end ends what `.` and `[^...]` match.
    newline_stops: bool = False
    #: `^` and `$` match at lines' ends too.
    newline_anchors: bool = False

    def set(self, letter: str) -> bool:
        """False where the letter is none."""
        changes = OPTION_LETTERS.get(letter)
        if changes is None:
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        return True

    @property
    def flavour(self) -> Options:
        """A literal text has no use for the options that change what characters mean."""
        return Options(quote=True, ignore_case=self.ignore_case) if self.quote else self


OPTION_LETTERS = {
    "c": {"ignore_case": False},
    "i": {"ignore_case": True},
    "m": {"newline_stops": True, "newline_anchors": True},
    "n": {"newline_stops": True, "newline_anchors": True},
    "p": {"newline_stops": True, "newline_anchors": False},
    "q": {"quote": True},
    "s": {"newline_stops": False, "newline_anchors": False},
    "t": {"expanded": False},
    "w": {"newline_stops": False, "newline_anchors": True},
    "x": {"expanded": True},
}


@dataclass
class Token:
    #: The character itself for `|()*+?{`; `end`, `plain`, `[`, `[^`, `constraint`, `class`, `not class`, `backref`, `look`.
    kind: str
    value: str = ""
    code: int = 0
    #: A quantifier's; `(?:` has it too.
    lazy: bool = False


CONSTRAINT_ESCAPES = "AZmMyY"
CLASS_ESCAPES = {"d": "digit", "s": "space", "w": "word"}
PLAIN_ESCAPES = {"a": 7, "b": 8, "B": 92, "e": 27, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
HEX_ESCAPES = {"u": (4, 4), "U": (8, 8), "x": (1, 255)}


class Lexer:
    def __init__(self, pattern: str, options: Options) -> None:
        self.pattern = pattern
        self.options = options.flavour
        self.at = 0
        #: How many groups have been opened: an escape of two digits is a reference where there are that many.
        self.groups = 0
        if not self.options.quote:
            self.prefixes()

    def prefixes(self) -> None:
        start = self.pattern[:4]
        if start.startswith("***") and len(start) == 4:
            if start == "***=":
                self.options = Options(quote=True, ignore_case=self.options.ignore_case)
                self.at = 4
                return
            if start != "***:":
                fail("invalid regexp (reg version 0.8)" if start == "***?" else BAD_OPERAND)
            self.at = 4
        if self.pattern.startswith("(?", self.at) and is_alpha(self.pattern[self.at + 2 : self.at + 3] or " "):
            self.at += 2
            self.embedded_options()

    def embedded_options(self) -> None:
        while is_alpha(self.peek() or " "):
            letter = self.take()
            if letter in "be":
                fail(f"the option {letter} is not translated")
            if not self.options.set(letter):
                fail("invalid embedded option")
        if self.peek() != ")":
            fail("invalid embedded option")
        self.at += 1
        self.options = self.options.flavour

    def peek(self, ahead: int = 0) -> str:
        return self.pattern[self.at + ahead : self.at + ahead + 1]

    def take(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1]

    def eat(self, text: str) -> bool:
        if not self.pattern.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def skip(self) -> None:
        """White space and comments of the expanded syntax."""
        while self.options.expanded:
            while is_space(self.peek() or "x"):
                self.at += 1
            if self.peek() != "#":
                return
            end = self.pattern.find("\n", self.at)
            self.at = len(self.pattern) if end < 0 else end

    def next(self) -> Token:
        if self.options.quote:
            return Token("plain", code=ord(self.take())) if self.peek() else Token("end")
        self.skip()
        while self.eat("(?#"):
            end = self.pattern.find(")", self.at)
            self.at = len(self.pattern) if end < 0 else end + 1
            self.skip()
        if not self.peek():
            return Token("end")
        return self.token(self.take())

    def token(self, character: str) -> Token:
        if character in "|)":
            return Token(character)
        if character in "*+?":
            return Token(character, lazy=self.eat("?"))
        if character in ".^$":
            return Token("constraint" if character != "." else ".", character)
        if character == "{":
            self.skip()
            return Token("{") if is_digit(self.peek() or " ") else Token("plain", code=ord("{"))
        if character == "(":
            return self.parenthesis()
        if character == "[":
            return self.bracket()
        if character == "\\":
            return self.escape()
        return Token("plain", code=ord(character))

    def parenthesis(self) -> Token:
        if not self.eat("?"):
            return Token("(")
        if self.eat(":"):
            return Token("(", lazy=True)
        for look in ("=", "!", "<=", "<!"):
            if self.eat(look):
                return Token("look", look)
        fail(BAD_OPERAND)

    def bracket(self) -> Token:
        for edge in "<>":
            if self.eat(f"[:{edge}:]]"):
                return Token("constraint", "m" if edge == "<" else "M")
        return Token("[", lazy=self.eat("^"))

    def escape(self) -> Token:
        if not self.peek():
            fail(BAD_ESCAPE)
        letter = self.take()
        if not (letter.isascii() and letter.isalnum()):
            return Token("plain", code=ord(letter))
        if letter in CONSTRAINT_ESCAPES:
            return Token("constraint", letter)
        if letter.lower() in CLASS_ESCAPES:
            return Token("class" if letter.islower() else "not class", CLASS_ESCAPES[letter.lower()])
        if letter in PLAIN_ESCAPES:
            return Token("plain", code=PLAIN_ESCAPES[letter])
        return self.number_escape(letter)

    def number_escape(self, letter: str) -> Token:
        if letter == "c":
            if not self.peek():
                fail(BAD_ESCAPE)
            return Token("plain", code=ord(self.take()) & 31)
        if letter in HEX_ESCAPES:
            code = self.digits(16, *HEX_ESCAPES[letter]) & 0xFFFFFFFF
            return Token("plain", code=code) if code < 0x7FFFFFFF else fail(BAD_ESCAPE)
        if not letter.isdigit():
            fail(BAD_ESCAPE)
        self.at -= 1
        start = self.at
        if letter != "0":
            number = self.digits(10, 1, 255)
            if self.at == start + 1 or 0 < number <= self.groups:
                return Token("backref", code=number)
            self.at = start
        code = self.digits(8, 1, 3)
        if code > 255:
            self.at -= 1
            code >>= 3
        return Token("plain", code=code)

    def digits(self, base: int, least: int, most: int) -> int:
        number = length = 0
        while length < most and self.peek().isascii() and self.peek().isalnum():
            digit = int(self.peek(), 36)
            if digit >= base:
                break
            number = number * base + digit
            self.at += 1
            length += 1
        if length < least:
            fail(BAD_ESCAPE)
        return number
