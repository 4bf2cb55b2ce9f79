"""Finds a match, and in it the groups, by the rules of PostgreSQL's regexec.c.

The leftmost match counts; of those the longest or the shortest, as the whole expression prefers. Inside it, a part of a
sequence takes as much or as little as it prefers, the parts before those after it; of alternatives the first counts
that matches all of what is left to it; of a repeated group the last repetition.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from datamorph_functions.regex_machine import UNKNOWN, Automaton, Machine, State
from datamorph_functions.regex_parser import parse
from datamorph_functions.regex_repetition import Repetition
from datamorph_functions.regex_tree import Constraint, Look, Node
from datamorph_functions.text import lower_character

Span = tuple[int, int]


class Regex:
    """A compiled expression."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.parsed = parse(pattern, flags)
        self.groups = self.parsed.groups
        self.automata: dict[int, Automaton] = {}
        self.looks: dict[int, Automaton] = {}

    def automaton(self, node: Node) -> Automaton:
        automaton = self.automata.get(id(node))
        if automaton is None:
            automaton = self.automata[id(node)] = Automaton(node.language)
        return automaton

    def look(self, look: Look) -> Automaton:
        automaton = self.looks.get(id(look))
        if automaton is None:
            automaton = self.looks[id(look)] = Automaton(look.part)
        return automaton

    def matches(self, text: str) -> bool:
        return Matcher(self, text).is_found()


@lru_cache(maxsize=256)
def compiled(pattern: str, flags: str) -> Regex:
    return Regex(pattern, flags)


class Matcher:
    """One expression over one text."""

    def __init__(self, regex: Regex, text: str) -> None:
        self.regex = regex
        self.text = text
        self.end = len(text)
        self.spans: dict[int, Span] = {}
        self.held: dict[tuple[int, int], bool] = {}
        self.lookbehinds: dict[int, set[int]] = {}

    def search(self, start: int) -> list[Span | None] | None:
        """The spans of the first match that begins there or behind, and of its groups."""
        root = self.regex.parsed.root
        self.spans.clear()
        if start > self.end:
            return None
        if self.regex.parsed.has_backrefs:
            span = self.search_with_backrefs(root, start)
        else:
            span = self.search_plainly(root, start)
        if span is None:
            return None
        return [span, *(self.spans.get(group) for group in range(1, self.regex.groups + 1))]

    def is_found(self) -> bool:
        if self.regex.parsed.has_backrefs:
            return self.search(0) is not None
        return self.first_range(self.regex.parsed.root, 0) is not None

    def search_plainly(self, root: Node, start: int) -> Span | None:
        found = self.first_range(root, start)
        for begin in found or ():
            end = self.best_end(root, begin, begin, self.end)
            if end is not None:
                if self.regex.groups:
                    self.dissect(root, begin, end)
                return begin, end
        return None

    def search_with_backrefs(self, root: Node, start: int) -> Span | None:
        """What the machine takes for a match is one only if the groups bear it out."""
        while True:
            found = self.first_range(root, start)
            if found is None:
                return None
            for begin in found:
                span = self.match_with_backrefs(root, begin)
                if span:
                    return span
            start = found.stop
            # As in PostgreSQL, which looks no further even where an empty match at the end could be had.
            if start >= self.end:
                return None

    def match_with_backrefs(self, root: Node, begin: int) -> Span | None:
        low, high = begin, self.end
        while low <= high:
            end = self.best_end(root, begin, low, high)
            if end is None:
                return None
            self.spans.clear()
            if self.dissect(root, begin, end):
                return begin, end
            if root.is_shorter:
                low = end + 1
            else:
                high = end - 1
        return None

    # The machines

    def holding(self, machine: Machine, at: int) -> int:
        """Which of the machine's conditions hold between two characters, as bits."""
        if not machine.conditions:
            return 0
        return sum(1 << number for number, one in enumerate(machine.conditions) if self.holds(one, at))

    def holds(self, condition: Constraint | Look, at: int) -> bool:
        if isinstance(condition, Constraint):
            return condition.holds(self.text[at - 1 : at] if at else "", self.text[at : at + 1])
        if condition.ahead:
            key = (id(condition), at)
            if key not in self.held:
                machine = self.regex.look(condition).anchored
                self.held[key] = self.run(machine, at, self.end, at) is not None
            return self.held[key] == condition.positive
        if id(condition) not in self.lookbehinds:
            self.lookbehinds[id(condition)] = set(self.ends(self.regex.look(condition).searching))
        return (at in self.lookbehinds[id(condition)]) == condition.positive

    def ends(self, machine: Machine) -> Iterator[int]:
        """Where a match ends, wherever it begins."""
        return (at for at, state in self.states(machine, 0) if state.accepts)

    def states(self, machine: Machine, at: int) -> Iterator[tuple[int, State]]:
        """The machine's states between the characters from there on."""
        state = machine.initial(self.holding(machine, at))
        while True:
            yield at, state
            if at == self.end:
                return
            following = self.step(machine, state, at)
            if following is None:
                return
            at, state = at + 1, following

    def step(self, machine: Machine, state: State, at: int) -> State | None:
        character = self.text[at]
        holding = self.holding(machine, at + 1) if machine.conditions else 0
        key = (character, holding) if machine.conditions else character
        following = state.following.get(key, UNKNOWN)
        if following is UNKNOWN:
            following = state.following[key] = machine.after(state, character, holding)
        return following

    def run(self, machine: Machine, begin: int, stop: int, first_from: int | None = None) -> int | None:
        """The last place up to `stop` where a match ends, or the first from `first_from` on."""
        state = machine.initial(self.holding(machine, begin))
        best = None
        at = begin
        while True:
            if state.accepts:
                if first_from is None:
                    best = at
                elif at >= first_from:
                    return at
            if at == stop:
                return best
            following = self.step(machine, state, at)
            at += 1
            if following is None:
                return best
            state = following

    def first_range(self, root: Node, start: int) -> range | None:
        """Where the match may begin that ends first, or one that begins before it and ends later."""
        fresh = start
        for at, state in self.states(self.regex.automaton(root).searching, start):
            if state.is_fresh:
                fresh = at
            if state.accepts:
                return range(fresh, at + 1)
        return None

    def best_end(self, node: Node, begin: int, least: int, most: int) -> int | None:
        return self.shortest_end(node, begin, least, most) if node.is_shorter else self.longest_end(node, begin, most)

    def longest_end(self, node: Node, begin: int, most: int) -> int | None:
        if node.kind == "backref" and node.refers in self.spans:
            return self.referred_end(node, begin, begin, most, shortest=False)
        return self.run(self.regex.automaton(node).anchored, begin, most)

    def shortest_end(self, node: Node, begin: int, least: int, most: int) -> int | None:
        if node.kind == "backref" and node.refers in self.spans:
            return self.referred_end(node, begin, least, most, shortest=True)
        return self.run(self.regex.automaton(node).anchored, begin, most, least)

    def fits(self, node: Node, begin: int, end: int) -> bool:
        return self.longest_end(node, begin, end) == end

    # Back references

    def referred_end(self, node: Node, begin: int, least: int, most: int, *, shortest: bool) -> int | None:
        start, stop = self.spans[node.refers]
        length = stop - start
        if length == 0:
            # An empty text is there as often as is wanted.
            return begin if least == begin else None
        fewest = max((least - begin + length - 1) // length if least > begin else 0, node.least)
        most_often = (most - begin) // length
        if node.most is not None:
            most_often = min(most_often, node.most)
        if most_often < fewest:
            return None
        count, at = 0, begin
        while count < most_often and not (shortest and count >= fewest) and self.same(start, at, length):
            at += length
            count += 1
        return at if count >= fewest else None

    def same(self, first: int, second: int, length: int) -> bool:
        left, right = self.text[first : first + length], self.text[second : second + length]
        if left == right:
            return True
        if not self.regex.parsed.ignores_case:
            return False
        return len(left) == len(right) and all(
            a == b or lower_character(a) == lower_character(b) for a, b in zip(left, right, strict=True)
        )

    def is_reference(self, node: Node, begin: int, end: int) -> bool:
        if node.refers not in self.spans:
            return False
        start, stop = self.spans[node.refers]
        length = stop - start
        if length == 0:
            return begin == end
        if begin == end:
            return node.least == 0
        count, rest = divmod(end - begin, length)
        if rest or count < node.least or (node.most is not None and count > node.most):
            return False
        return all(self.same(start, begin + number * length, length) for number in range(count))

    # Dissection

    def forget(self, node: Node) -> None:
        self.spans.pop(node.group, None)
        for child in node.children:
            self.forget(child)

    def dissect(self, node: Node, begin: int, end: int) -> bool:
        """Finds the groups of a node that is known to match the span; only a back reference can make it fail."""
        found = self.dissect_kind(node, begin, end)
        if found and node.group:
            self.spans[node.group] = (begin, end)
        return found

    def dissect_kind(self, node: Node, begin: int, end: int) -> bool:
        match node.kind:
            case "backref":
                return self.is_reference(node, begin, end)
            case "wrap":
                return self.dissect(node.children[0], begin, end)
            case "concat":
                return self.dissect_concat(node, begin, end)
            case "choice":
                return any(
                    self.fits(branch, begin, end) and self.dissect(branch, begin, end) for branch in node.children
                )
            case "repeat":
                return Repetition(self, node, begin, end).dissect()
        return True

    def dissect_concat(self, node: Node, begin: int, end: int) -> bool:
        left, right = node.children
        low, high = begin, end
        while low <= high:
            middle = self.best_end(left, begin, low, high)
            if middle is None:
                return False
            if self.fits(right, middle, end) and self.dissect(left, begin, middle):
                if self.dissect(right, middle, end):
                    return True
                self.forget(left)
            if left.is_shorter:
                low = middle + 1
            else:
                high = middle - 1
        return False
