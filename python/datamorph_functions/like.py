"""LIKE and ILIKE with a pattern or an escape that is not written out, step by step as PostgreSQL's like_match.c goes.

The steps matter: a pattern that ends with its escape is an error only where the comparison gets that far.
"""

from __future__ import annotations

from datamorph_functions.registry import SqlError, answer_function
from datamorph_functions.text import lower_text


@answer_function("pg_like")
def pg_like(value: str, pattern: str, escape: str) -> bool:
    return match(value, backslashed(pattern, escape), 0, 0) is True


@answer_function("pg_ilike")
def pg_ilike(value: str, pattern: str, escape: str) -> bool:
    return match(lower_text(value), lower_text(backslashed(pattern, escape)), 0, 0) is True


def backslashed(pattern: str, escape: str) -> str:
    """The same pattern with the backslash as its escape."""
    if len(escape) > 1:
        raise SqlError("invalid escape string")
    if escape == "\\":
        return pattern
    result = []
    escaped = False
    for character in pattern:
        if character == escape and not escaped:
            result.append("\\")
            escaped = True
            continue
        result.append("\\\\" if character == "\\" and not escaped else character)
        escaped = False
    return "".join(result)


def match(text: str, pattern: str, at: int, place: int) -> bool | None:
    """None: it does not match, and would not from any later place either."""
    while at < len(text) and place < len(pattern):
        character = pattern[place]
        if character == "%":
            return match_any(text, pattern, at, place + 1)
        if character == "\\":
            place += 1
            character = escaped_character(pattern, place)
            if character != text[at]:
                return False
        elif character not in ("_", text[at]):
            return False
        at += 1
        place += 1
    if at < len(text):
        return False
    return True if not pattern[place:].strip("%") else None


def match_any(text: str, pattern: str, at: int, place: int) -> bool | None:
    while pattern[place : place + 1] in ("%", "_"):
        if pattern[place] == "_":
            if at >= len(text):
                return None
            at += 1
        place += 1
    if place == len(pattern):
        return True
    first = pattern[place]
    if first == "\\":
        first = escaped_character(pattern, place + 1)
    while (at := text.find(first, at)) >= 0:
        matched = match(text, pattern, at, place)
        if matched is not False:
            return matched
        at += 1
    return None


def escaped_character(pattern: str, place: int) -> str:
    if place == len(pattern):
        raise SqlError("LIKE pattern must not end with escape character")
    return pattern[place]
