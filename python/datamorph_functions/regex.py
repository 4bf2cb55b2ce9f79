"""The functions over PostgreSQL's regular expressions.

`flags` are the letters of PostgreSQL's last argument without `g`, which the generated SQL says in its own way.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from datamorph_functions.regex_match import Matcher, Span, compiled
from datamorph_functions.registry import SqlError, answer_function, sql_function

Match = list[Span | None]


def all_matches(value: str, pattern: str, flags: str, start: int = 0) -> Iterator[Match]:
    """Each match, the next from the end of the last; after an empty one from a character on."""
    matcher = Matcher(compiled(pattern, flags), value)
    while start <= len(value):
        match = matcher.search(start)
        if match is None:
            return
        yield match
        begin, end = whole(match)
        start = end + 1 if begin == end else end


def whole(match: Match) -> Span:
    span = match[0]
    if span is None:
        raise AssertionError("a match has no place")
    return span


def part(value: str, span: Span | None) -> str | None:
    return None if span is None else value[span[0] : span[1]]


def check_parameter(name: str, value: int, least: int) -> None:
    if value < least:
        raise SqlError(f'invalid value for parameter "{name}": {value}')


@answer_function("pg_regexp_like")
def pg_regexp_like(value: str, pattern: str, flags: str) -> bool:
    return compiled(pattern, flags).matches(value)


@sql_function("pg_regexp_replace")
def pg_regexp_replace(value: str, pattern: str, replacement: str, start: int, number: int, flags: str) -> str:
    """Replaces the match of that number, all of them for 0."""
    check_parameter("start", start, 1)
    check_parameter("n", number, 0)
    pieces = replacement_pieces(replacement)
    result, copied = [], 0
    for count, match in enumerate(all_matches(value, pattern, flags, start - 1), 1):
        if number in (0, count):
            begin, end = whole(match)
            result.append(value[copied:begin])
            result.extend(piece if isinstance(piece, str) else group_text(value, match, piece) for piece in pieces)
            copied = end
        if number == count:
            break
    return "".join(result) + value[copied:]


def group_text(value: str, match: Match, number: int) -> str:
    return part(value, match[number] if number < len(match) else None) or ""


@lru_cache(maxsize=256)
def replacement_pieces(replacement: str) -> tuple[str | int, ...]:
    """Text and the numbers of groups: `\\1` to `\\9`, and `\\&` for the whole match."""
    pieces: list[str | int] = []
    at = 0
    while at < len(replacement):
        character, following = replacement[at], replacement[at + 1 : at + 2]
        if character != "\\" or not following or following not in "123456789&\\":
            pieces.append(character)
            at += 1
            continue
        pieces.append("\\" if following == "\\" else 0 if following == "&" else int(following))
        at += 2
    return tuple(pieces)


@sql_function("pg_regexp_substr")
def pg_regexp_substr(value: str, pattern: str, start: int, number: int, flags: str, group: int) -> str | None:
    check_parameter("start", start, 1)
    check_parameter("n", number, 1)
    check_parameter("subexpr", group, 0)
    return part(value, numbered_span(value, pattern, flags, (start, number, group)))


def numbered_span(value: str, pattern: str, flags: str, which: tuple[int, int, int]) -> Span | None:
    """The place of a group in the match of that number; an expression without groups counts as one."""
    start, number, group = which
    for count, match in enumerate(all_matches(value, pattern, flags, start - 1), 1):
        if count == number:
            if len(match) == 1 and group == 1:
                return match[0]
            return match[group] if group < len(match) else None
    return None


@answer_function("pg_regexp_count")
def pg_regexp_count(value: str, pattern: str, start: int, flags: str) -> int:
    check_parameter("start", start, 1)
    return sum(1 for _ in all_matches(value, pattern, flags, start - 1))


@answer_function("pg_regexp_instr")
def pg_regexp_instr(value: str, pattern: str, start: int, number: int, end_option: int, flags: str, group: int) -> int:
    check_parameter("start", start, 1)
    check_parameter("n", number, 1)
    if end_option not in (0, 1):
        raise SqlError(f'invalid value for parameter "endoption": {end_option}')
    check_parameter("subexpr", group, 0)
    span = numbered_span(value, pattern, flags, (start, number, group))
    return 0 if span is None else span[end_option] + 1


@sql_function("pg_regexp_substring")
def pg_regexp_substring(value: str, pattern: str) -> str | None:
    """What the first group matches, or all of the match where there is no group."""
    match = Matcher(compiled(pattern, ""), value).search(0)
    return None if match is None else part(value, match[1] if len(match) > 1 else match[0])


@sql_function("pg_regexp_match", "array<string>")
def pg_regexp_match(value: str, pattern: str, flags: str) -> list[str | None] | None:
    match = Matcher(compiled(pattern, flags), value).search(0)
    if match is None:
        return None
    return [part(value, span) for span in match[1:] or match]


@sql_function("pg_regexp_split", "array<string>")
def pg_regexp_split(value: str, pattern: str, flags: str) -> list[str]:
    """Empty matches at the ends and straight behind another match part nothing."""
    pieces, copied, previous = [], 0, 0
    for match in all_matches(value, pattern, flags):
        begin, end = whole(match)
        if begin < len(value) and end > previous:
            pieces.append(value[copied:begin])
            copied = end
        previous = end
    return [*pieces, value[copied:]]


@sql_function("pg_similar_pattern")
def pg_similar_pattern(pattern: str, escape: str) -> str:
    """A pattern of SIMILAR TO as a regular expression."""
    if len(escape) > 1:
        raise SqlError("invalid escape string")
    return SimilarPattern(pattern, escape).translated()


class SimilarPattern:
    PLAIN = {"%": ".*", "_": ".", "(": "(?:", **{character: f"\\{character}" for character in "\\.^$"}}
    SEPARATORS = ("){1,1}?(", "){1,1}(?:")

    def __init__(self, pattern: str, escape: str) -> None:
        self.pattern = pattern
        self.escape = escape
        self.depth = 0
        #: How far inside a bracket expression: 1 behind its `[`, 2 behind `[^`, 3 further on.
        self.place = 0
        self.quotes = 0

    def translated(self) -> str:
        result = ["^(?:"]
        escaped = False
        for character in self.pattern:
            if escaped:
                result.append(self.literal(character))
                escaped = False
            elif character == self.escape:
                escaped = True
            else:
                result.append(self.bracketed(character) if self.depth else self.plain(character))
        return "".join([*result, ")$"])

    def literal(self, character: str) -> str:
        if character == '"' and self.depth < 1:
            if self.quotes == len(self.SEPARATORS):
                raise SqlError("SQL regular expression may not contain more than two escape-double-quote separators")
            self.quotes += 1
            return self.SEPARATORS[self.quotes - 1]
        self.place = 3
        return f"\\{character}"

    def plain(self, character: str) -> str:
        if character == "[":
            self.depth = self.place = 1
        return self.PLAIN.get(character, character)

    def bracketed(self, character: str) -> str:
        if character == "]" and self.place > 2:
            self.depth -= 1
        elif character == "[":
            self.depth += 1
            self.place = 3
        else:
            self.place = self.place + 1 if character == "^" else 3
        return "\\\\" if character == "\\" else character
