"""Finds a match, and in it the groups, by the rules of PostgreSQL's regexec.c.

The leftmost match counts; of those the longest or the shortest, as the whole expression prefers. Inside it, a part of a
sequence takes as much or as little as it prefers, the parts before those after it; of alternatives the first counts
that matches all of what is left to it; of a repeated group the last repetition.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from datamorph_functions.regex_machine import Automaton, Machine
from datamorph_functions.regex_parser import parse
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
        return self.first_end(self.regex.parsed.root, 0) is not None

    def search_plainly(self, root: Node, start: int) -> Span | None:
        close = self.first_end(root, start)
        if close is None:
            return None
        for begin in range(start, close + 1):
            end = self.best_end(root, begin, begin, self.end)
            if end is not None:
                if self.regex.groups:
                    self.dissect(root, begin, end)
                return begin, end
        return None

    def search_with_backrefs(self, root: Node, start: int) -> Span | None:
        """What the machine takes for a match is one only if the groups bear it out."""
        close = start
        while True:
            open_at = close
            found = self.first_end(root, open_at)
            if found is None:
                return None
            close = found
            for begin in range(open_at, close + 1):
                span = self.match_with_backrefs(root, begin)
                if span:
                    return span
            close += 1
            # As in PostgreSQL, which looks no further even where an empty match at the end could be had.
            if close >= self.end:
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
                self.held[key] = self.shortest(machine, at, at, self.end) is not None
            return self.held[key] == condition.positive
        if id(condition) not in self.lookbehinds:
            self.lookbehinds[id(condition)] = set(self.ends(self.regex.look(condition).searching))
        return (at in self.lookbehinds[id(condition)]) == condition.positive

    def ends(self, machine: Machine) -> list[int]:
        """Where a match ends, wherever it begins."""
        found = []
        state = machine.initial(self.holding(machine, 0))
        for at in range(self.end + 1):
            if state.accepts:
                found.append(at)
            following = machine.after(state, self.text[at], self.holding(machine, at + 1)) if at < self.end else None
            if following is None:
                break
            state = following
        return found

    def longest(self, machine: Machine, begin: int, stop: int) -> int | None:
        state = machine.initial(self.holding(machine, begin))
        best = begin if state.accepts else None
        text, conditions, at = self.text, machine.conditions, begin
        while at < stop:
            character = text[at]
            at += 1
            holding = self.holding(machine, at) if conditions else 0
            key = (character, holding) if conditions else character
            if key in state.following:
                following = state.following[key]
            else:
                following = state.following[key] = machine.after(state, character, holding)
            if following is None:
                break
            state = following
            if state.accepts:
                best = at
        return best

    def shortest(self, machine: Machine, begin: int, least: int, most: int) -> int | None:
        state = machine.initial(self.holding(machine, begin))
        if state.accepts and begin >= least:
            return begin
        text, conditions, at = self.text, machine.conditions, begin
        while at < most:
            character = text[at]
            at += 1
            holding = self.holding(machine, at) if conditions else 0
            key = (character, holding) if conditions else character
            if key in state.following:
                following = state.following[key]
            else:
                following = state.following[key] = machine.after(state, character, holding)
            if following is None:
                return None
            state = following
            if state.accepts and at >= least:
                return at
        return None

    def first_end(self, root: Node, start: int) -> int | None:
        """Where the match ends that ends first."""
        return self.shortest(self.regex.automaton(root).searching, start, start, self.end)

    def best_end(self, node: Node, begin: int, least: int, most: int) -> int | None:
        return self.shortest_end(node, begin, least, most) if node.is_shorter else self.longest_end(node, begin, most)

    def longest_end(self, node: Node, begin: int, most: int) -> int | None:
        if node.kind == "backref" and node.refers in self.spans:
            return self.referred_end(node, begin, begin, most, shortest=False)
        return self.longest(self.regex.automaton(node).anchored, begin, most)

    def shortest_end(self, node: Node, begin: int, least: int, most: int) -> int | None:
        if node.kind == "backref" and node.refers in self.spans:
            return self.referred_end(node, begin, least, most, shortest=True)
        return self.shortest(self.regex.automaton(node).anchored, begin, least, most)

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


class Repetition:
    """A repeated node over a span: its repetitions' ends are chosen by the machine first, then dissected one by one."""

    def __init__(self, matcher: Matcher, node: Node, begin: int, end: int) -> None:
        self.matcher = matcher
        self.node = node
        self.child = node.children[0]
        self.begin = begin
        self.end = end
        self.least = max(node.least, 1)
        length = end - begin
        self.most = max(length if node.most is None else min(length, node.most), self.least)
        self.ends = [begin] + [begin] * self.most
        self.verified = 0
        self.limit = begin if self.child.is_shorter else end

    def dissect(self) -> bool:
        if self.node.least == 0 and self.begin == self.end and self.child.is_shorter:
            return True
        number = 1
        while number > 0:
            number = self.shorter(number) if self.child.is_shorter else self.longer(number)
            if number > self.most:
                return True
        return self.node.least == 0 and self.begin == self.end and not self.child.is_shorter

    def needs_empty(self, number: int, at: int) -> bool:
        """Whether the fewest repetitions can only be had with empty ones."""
        return number < self.least and self.least - number >= self.end - at

    def longer(self, number: int) -> int:
        """The repetition to look at next; 0 for none, more than there may be for success."""
        previous = self.ends[number - 1]
        found = self.matcher.longest_end(self.child, previous, self.limit) if self.limit >= previous else None
        if found is None:
            return self.shorten(number - 1)
        self.ends[number] = found
        self.verified = min(self.verified, number - 1)
        if found != self.end:
            if number >= self.most:
                return self.shorten(number - 1)
            if found == previous and not self.needs_empty(number, found):
                return self.shorten(number)
            self.limit = self.end
            return number + 1
        return self.shorten(number) if number < self.least else self.verify(number, self.shorten)

    def shorten(self, number: int) -> int:
        while number > 0:
            previous = self.ends[number - 1]
            if self.ends[number] > previous:
                self.limit = self.ends[number] - 1
                if self.limit > previous or self.needs_empty(number, previous):
                    return number
            number -= 1
        return 0

    def shorter(self, number: int) -> int:
        previous = self.ends[number - 1]
        if self.limit == previous and self.limit != self.end and not self.needs_empty(number, self.limit):
            self.limit += 1
        if number >= self.most:
            self.limit = self.end
        found = self.matcher.shortest_end(self.child, previous, self.limit, self.end)
        if found is None:
            return self.lengthen(number - 1)
        self.ends[number] = found
        self.verified = min(self.verified, number - 1)
        if found != self.end:
            if number >= self.most:
                return self.lengthen(number - 1)
            self.limit = found
            return number + 1
        return self.lengthen(number) if number < self.least else self.verify(number, self.lengthen)

    def lengthen(self, number: int) -> int:
        while number > 0:
            if self.ends[number] < self.end:
                self.limit = self.ends[number] + 1
                return number
            number -= 1
        return 0

    def verify(self, count: int, retry: Callable[[int], int]) -> int:
        for number in range(self.verified + 1, count + 1):
            self.matcher.forget(self.child)
            if not self.matcher.dissect(self.child, self.ends[number - 1], self.ends[number]):
                return retry(number)
            self.verified = number
        return self.most + 1
