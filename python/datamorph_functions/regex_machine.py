"""A language as a machine that reads a text character by character; its states are made when they are first met."""

from __future__ import annotations

from functools import cached_property

from datamorph_functions.regex_tree import (
    Characters,
    Choice,
    Constraint,
    Language,
    Look,
    Repeat,
    Sequence,
)
from datamorph_functions.registry import SqlError

#: More than any pattern that a person writes; PostgreSQL gives up at a similar size.
MOST_STATES = 100_000


Key = str | tuple[str, int]


class State:
    """Where the machine may be after some text."""

    __slots__ = ("accepts", "following", "is_fresh", "places")

    def __init__(self, places: frozenset[int], accepts: bool, is_fresh: bool) -> None:
        self.places = places
        self.accepts = accepts
        #: No match has begun that is not over: what is still to be found begins here or later.
        self.is_fresh = is_fresh
        #: By the next character, and by what holds after it where the machine asks for that.
        self.following: dict[Key, State | None] = {}


#: Stands for a state that has not been looked for.
UNKNOWN = State(frozenset(), False, False)


class Machine:
    """One that `searches` begins anew at each character; what has begun is told apart by places behind all others."""

    def __init__(self, language: Language, *, searches: bool = False) -> None:
        self.searches = searches
        #: For each place the ways on: a character of a set, nothing at all, or a condition that holds.
        self.readers: list[list[tuple[Characters, int]]] = []
        self.steps: list[list[tuple[int, int]]] = []
        self.conditions: list[Constraint | Look] = []
        self.start = self.place()
        self.final = self.place()
        self.build(language, self.start, self.final)
        self.states: dict[tuple[frozenset[int], int], State] = {}

    def place(self) -> int:
        if len(self.readers) >= MOST_STATES:
            raise SqlError("invalid regular expression: regular expression is too complex")
        self.readers.append([])
        self.steps.append([])
        return len(self.readers) - 1

    def build(self, language: Language, start: int, end: int) -> None:
        match language:
            case Characters():
                self.readers[start].append((language, end))
            case Sequence(parts):
                for part in parts:
                    following = self.place()
                    self.build(part, start, following)
                    start = following
                self.step(start, end)
            case Choice(branches):
                for branch in branches:
                    self.build(branch, start, end)
            case Repeat(part, least, most):
                self.repeat(part, least, most, (start, end))
            case Constraint() | Look():
                self.steps[start].append((end, self.condition(language)))

    def step(self, start: int, end: int) -> None:
        self.steps[start].append((end, 0))

    def repeat(self, part: Language, least: int, most: int | None, ends: tuple[int, int]) -> None:
        start, end = ends
        for _ in range(least):
            following = self.place()
            self.build(part, start, following)
            start = following
        if most is None:
            loop = self.place()
            self.step(start, loop)
            back = self.place()
            self.build(part, loop, back)
            self.step(back, loop)
            self.step(loop, end)
            return
        for _ in range(most - least):
            self.step(start, end)
            following = self.place()
            self.build(part, start, following)
            start = following
        self.step(start, end)

    def condition(self, condition: Constraint | Look) -> int:
        """Its bit."""
        for number, known in enumerate(self.conditions):
            if known is condition:
                return 1 << number
        self.conditions.append(condition)
        return 1 << (len(self.conditions) - 1)

    def initial(self, holding: int) -> State:
        return self.state(frozenset([self.start]), holding)

    def state(self, places: frozenset[int], holding: int) -> State:
        """The state at these places, where the conditions of `holding` hold."""
        key = (places, holding)
        state = self.states.get(key)
        if state is None:
            size = len(self.readers)
            reached = self.reached(places, holding)
            accepts = self.final in reached or self.final + size in reached
            reading = frozenset(place for place in reached if self.readers[place % size])
            state = State(reading, accepts, max(reached) < size)
            self.states[key] = state
        return state

    def reached(self, places: frozenset[int], holding: int) -> set[int]:
        """The places and those to be had from them without reading."""
        size = len(self.readers)
        reached = set(places)
        waiting = list(places)
        while waiting:
            copy, place = divmod(waiting.pop(), size)
            for target, needed in self.steps[place]:
                copied = target + copy * size
                if copied not in reached and needed & holding == needed:
                    reached.add(copied)
                    waiting.append(copied)
        return reached

    def after(self, state: State, character: str, holding: int) -> State | None:
        """The state behind the character; None where no text can follow that matches."""
        size = len(self.readers)
        places = {
            target + size
            for place in state.places
            for characters, target in self.readers[place % size]
            if characters.has(character)
        }
        if self.searches:
            places.add(self.start)
        return self.state(frozenset(places), holding) if places else None


class Automaton:
    """The machines of one language: for matches that begin at a place, and for those that begin anywhere before one."""

    def __init__(self, language: Language) -> None:
        self.language = language

    @cached_property
    def anchored(self) -> Machine:
        return Machine(self.language)

    @cached_property
    def searching(self) -> Machine:
        return Machine(self.language, searches=True)
