"""What a regular expression is made of: the sets of texts that its parts match, and the tree that finds the groups.

A `Language` says which texts a part matches. A `Node` is a part whose place in the match has to be known, because it
is a group, a back reference, or because what stands beside it prefers another length.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from datamorph_functions.characters import CLASSES


@dataclass(frozen=True, eq=False)
class Characters:
    """One character of a set."""

    codes: frozenset[int] = frozenset()
    ranges: tuple[tuple[int, int], ...] = ()
    classes: tuple[Callable[[str], bool], ...] = ()
    not_classes: tuple[Callable[[str], bool], ...] = ()
    negated: bool = False

    def has(self, character: str) -> bool:
        code = ord(character)
        found = (
            code in self.codes
            or any(low <= code <= high for low, high in self.ranges)
            or any(is_member(character) for is_member in self.classes)
            or any(not is_member(character) for is_member in self.not_classes)
        )
        return found != self.negated


@dataclass(frozen=True, eq=False)
class Sequence:
    parts: tuple[Language, ...] = ()


@dataclass(frozen=True, eq=False)
class Choice:
    branches: tuple[Language, ...]


@dataclass(frozen=True, eq=False)
class Repeat:
    part: Language
    least: int
    #: None: without end.
    most: int | None


@dataclass(frozen=True, eq=False)
class Constraint:
    """Holds between two characters: `before` and `after` are '' at the text's ends."""

    holds: Callable[[str, str], bool]


@dataclass(frozen=True, eq=False)
class Look:
    """`(?=`, `(?!`, `(?<=`, `(?<!`"""

    part: Language
    ahead: bool
    positive: bool


Language = Characters | Sequence | Choice | Repeat | Constraint | Look

EMPTY = Sequence()
ANY = Characters(negated=True)

is_word = CLASSES["word"]


def word(character: str) -> bool:
    return character != "" and is_word(character)


TEXT_START = Constraint(lambda before, after: before == "")
TEXT_END = Constraint(lambda before, after: after == "")
LINE_START = Constraint(lambda before, after: before in ("", "\n"))
LINE_END = Constraint(lambda before, after: after in ("", "\n"))
WORD_START = Constraint(lambda before, after: not word(before) and word(after))
WORD_END = Constraint(lambda before, after: word(before) and not word(after))
WORD_EDGE = Constraint(lambda before, after: word(before) != word(after))
NOT_WORD_EDGE = Constraint(lambda before, after: word(before) == word(after))


def sequence(*parts: Language) -> Language:
    return parts[0] if len(parts) == 1 else Sequence(parts)


def unconstrained(language: Language) -> Language:
    """Without what only looks at its surroundings: the texts that a back reference may find again."""
    match language:
        case Characters():
            return language
        case Sequence(parts):
            return Sequence(tuple(map(unconstrained, parts)))
        case Choice(branches):
            return Choice(tuple(map(unconstrained, branches)))
        case Repeat(part, least, most):
            return Repeat(unconstrained(part), least, most)
    return EMPTY


#: The length that a part prefers; one that has both is mixed.
LONGER, SHORTER, MIXED = 1, 2, 4
#: What is below a node: a group, a back reference.
CAPTURE, BACKREF = 8, 16
MESSY = MIXED | CAPTURE | BACKREF


def upward(flags: int) -> int:
    """What of a part's flags the whole has too."""
    return (flags & MESSY) | ((flags << 2) & (flags << 1) & MIXED)


def preference(flags: int) -> int:
    return flags & (LONGER | SHORTER)


def combined(first: int, second: int) -> int:
    return upward(first | second) | (preference(first) or preference(second))


@dataclass(eq=False)
class Node:
    """kind: `plain`, `backref`, `concat`, `choice`, `repeat` or `wrap` (a group that is all of another one)."""

    kind: str
    flags: int
    language: Language
    children: list[Node] = field(default_factory=list)
    #: The group's number; 0 for none.
    group: int = 0
    #: The group that a back reference means.
    refers: int = 0
    least: int = 1
    most: int | None = 1

    @property
    def is_shorter(self) -> bool:
        return bool(self.flags & SHORTER)


@dataclass(frozen=True)
class Parsed:
    root: Node
    groups: int
    has_backrefs: bool
    ignores_case: bool
