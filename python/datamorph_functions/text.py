"""Text: characters are code points, and case is mapped one character for one."""

from __future__ import annotations

from functools import lru_cache

from datamorph_functions.characters import is_alnum
from datamorph_functions.registry import sql_function


@lru_cache(maxsize=4096)
def upper_character(character: str) -> str:
    """Unicode's simple mapping: one character for one."""
    for candidate in (character.upper(), character.title()):
        if len(candidate) == 1:
            return candidate
    return character


@lru_cache(maxsize=4096)
def title_character(character: str) -> str:
    for candidate in (character.title(), character.upper()):
        if len(candidate) == 1:
            return candidate
    return character


@lru_cache(maxsize=4096)
def lower_character(character: str) -> str:
    candidate = character.lower()
    return candidate if len(candidate) == 1 else candidate[0]


def lower_text(value: str) -> str:
    return value.lower() if value.isascii() else "".join(map(lower_character, value))


@sql_function("pg_upper")
def pg_upper(value: str) -> str:
    return value.upper() if value.isascii() else "".join(map(upper_character, value))


@sql_function("pg_initcap")
def pg_initcap(value: str) -> str:
    inside = False
    result = []
    for character in value:
        result.append(lower_character(character) if inside else title_character(character))
        inside = is_alnum(character)
    return "".join(result)


@sql_function("pg_substring")
def pg_substring(value: str, start: int, length: int | None = None) -> str:
    """Positions before 1 count, but hold nothing."""
    first = max(start, 1)
    if length is None:
        return value[first - 1 :]
    return value[first - 1 : max(start + length, first) - 1]
