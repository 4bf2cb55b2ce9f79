"""How often a group is repeated over a span, and where each repetition ends: regexec.c's dissection of iterations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from datamorph_functions.regex_tree import Node


class Dissector(Protocol):
    """What a repetition asks of the matcher that it is part of."""

    def longest_end(self, node: Node, begin: int, most: int) -> int | None: ...

    def shortest_end(self, node: Node, begin: int, least: int, most: int) -> int | None: ...

    def dissect(self, node: Node, begin: int, end: int) -> bool: ...

    def forget(self, node: Node) -> None: ...


class Repetition:
    """A repeated node over a span: its repetitions' ends are chosen by the machine first, then dissected one by one."""

    def __init__(self, matcher: Dissector, node: Node, begin: int, end: int) -> None:
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
