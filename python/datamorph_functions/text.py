"""Text: characters are code points, and case is mapped one character for one."""

from __future__ import annotations

from functools import lru_cache

from datamorph_functions.characters import is_alnum
from datamorph_functions.registry import FUNCTIONS, SqlError, sql_function


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


@sql_function("pg_overlay")
def pg_overlay(value: str, replacement: str, start: int, length: int) -> str:
    """A negative length repeats what stands before the start."""
    if start <= 0:
        raise SqlError("negative substring length not allowed")
    if start + length > 2**31 - 1:
        raise SqlError("integer out of range")
    return pg_substring(value, 1, start - 1) + replacement + pg_substring(value, start + length)


@sql_function("pg_chr")
def pg_chr(code: int) -> str:
    if code < 1 or code > 0x10FFFF or 0xD800 <= code < 0xE000:
        raise SqlError(f"requested character not valid for encoding: {code}")
    return chr(code)


@sql_function("pg_base64")
def pg_base64(digits: str) -> str:
    """In lines of 76 characters; Spark may have broken them already, in its own way."""
    whole = "".join(digits.split())
    return "\n".join(whole[at : at + 76] for at in range(0, len(whole), 76))


def pg_string_to_array(value: str | None, delimiter: str | None, null_text: str | None) -> list[str | None] | None:
    """No delimiter parts all characters, an empty one none; an empty text has no parts."""
    if value is None:
        return None
    if value == "":
        return []
    parts = list(value) if delimiter is None else value.split(delimiter) if delimiter else [value]
    return [None if part == null_text else part for part in parts]


FUNCTIONS["pg_string_to_array"] = (pg_string_to_array, "array<string>")
