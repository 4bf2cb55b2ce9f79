"""A regular expression -> the tree that PostgreSQL's regcomp.c makes of it."""

from __future__ import annotations

from functools import lru_cache

from datamorph_functions import regex_tree as tree
from datamorph_functions.characters import CLASSES, NAMES, is_digit
from datamorph_functions.regex_lexer import (
    BAD_BRACKETS,
    BAD_COUNT,
    BAD_ESCAPE,
    BAD_OPERAND,
    Lexer,
    Options,
    Token,
    fail,
)
from datamorph_functions.regex_tree import Characters, Language, Node, Parsed, combined, sequence, upward
from datamorph_functions.text import lower_character, upper_character

MOST_REPEATS = 255
#: No character from here on has another case.
CASED_END = 0x1FFFF

CONSTRAINTS = {
    "A": tree.TEXT_START,
    "Z": tree.TEXT_END,
    "m": tree.WORD_START,
    "M": tree.WORD_END,
    "y": tree.WORD_EDGE,
    "Y": tree.NOT_WORD_EDGE,
}


@lru_cache(maxsize=256)
def parse(pattern: str, flags: str) -> Parsed:
    """`flags` are the letters of the functions' last argument."""
    options = Options()
    for letter in flags:
        options.set(letter)
    if options.quote and (options.expanded or options.newline_stops or options.newline_anchors):
        fail("invalid argument to regex function")
    parser = Parser(Lexer(pattern, options))
    root = parser.choice(nested=False, looking=False)
    return Parsed(root, parser.lexer.groups, parser.has_backrefs, parser.options.ignore_case)


class Parser:
    def __init__(self, lexer: Lexer) -> None:
        self.lexer = lexer
        self.options = lexer.options
        self.groups: dict[int, Node] = {}
        self.has_backrefs = False
        self.token = lexer.next()

    def advance(self) -> None:
        self.token = self.lexer.next()

    def at_end(self, nested: bool) -> bool:
        return self.token.kind in ("|", "end") or (nested and self.token.kind == ")")

    def choice(self, *, nested: bool, looking: bool) -> Node:
        flags = tree.LONGER
        branches: list[Node] = []
        while True:
            branch = self.branch(nested=nested, looking=looking)
            branches.append(branch)
            flags |= upward(flags | branch.flags)
            if self.token.kind != "|":
                break
            self.advance()
        if nested and self.token.kind != ")":
            fail("parentheses () not balanced")
        if len(branches) == 1:
            return branches[0]
        language = tree.Choice(tuple(branch.language for branch in branches))
        return Node("choice", flags, language, branches) if flags & tree.MESSY else Node("plain", flags, language)

    def branch(self, *, nested: bool, looking: bool) -> Node:
        """Atoms are put together in one node, until one comes whose place has to be known: then the rest follows it."""
        flags = 0
        parts: list[Language] = []
        while not self.at_end(nested):
            constraint = self.constraint()
            if constraint:
                parts.append(constraint)
                continue
            kind = self.token.kind
            silent = looking or self.token.lazy
            atom = self.atom(looking)
            quantifier = self.quantifier()
            if quantifier[:2] == (0, 0):
                parts.append(tree.EMPTY)
                continue
            least, most, prefers = quantifier
            together = flags | prefers | atom.flags
            if kind == "backref" or (kind == "(" and not silent) or upward(together) & tree.MESSY:
                repeat = repeated_reference if kind == "backref" else repeated_node
                repeated = repeat(atom, least, most, prefers)
                first = combined(prefers, atom.flags)
                rest = None if self.at_end(nested) else self.branch(nested=nested, looking=looking)
                return concatenated(Node("plain", flags, sequence(*parts)), first, repeated, rest, not parts)
            flags = together
            parts.append(repeated_language(atom.language, least, most))
        return Node("plain", flags, sequence(*parts))

    def constraint(self) -> Language | None:
        token = self.token
        if token.kind == "look":
            self.advance()
            part = self.choice(nested=True, looking=True).language
            self.advance()
            return tree.Look(part, ahead="<" not in token.value, positive="=" in token.value)
        if token.kind != "constraint":
            return None
        self.advance()
        anchored = self.options.newline_anchors
        if token.value == "^":
            return tree.LINE_START if anchored else tree.TEXT_START
        if token.value == "$":
            return tree.LINE_END if anchored else tree.TEXT_END
        return CONSTRAINTS[token.value]

    def atom(self, looking: bool) -> Node:
        token = self.token
        match token.kind:
            case "(":
                return self.group(looking or token.lazy, looking)
            case "backref":
                return self.back_reference(looking)
            case ")":
                fail("parentheses () not balanced")
            case "*" | "+" | "?" | "{":
                fail(BAD_OPERAND)
        language = self.characters(token)
        self.advance()
        return Node("plain", 0, language)

    def characters(self, token: Token) -> Characters:
        match token.kind:
            case "class":
                return Characters(classes=(CLASSES[token.value],))
            case "not class":
                return Characters(not_classes=(CLASSES[token.value],))
            case "[":
                return BracketParser(self.lexer).parse(negated=token.lazy)
            case ".":
                return Characters(frozenset([10]), negated=True) if self.options.newline_stops else tree.ANY
        return Characters(cases(token.code) if self.options.ignore_case else frozenset([token.code]))

    def group(self, silent: bool, looking: bool) -> Node:
        number = 0
        if not silent:
            self.lexer.groups += 1
            number = self.lexer.groups
        self.advance()
        node = self.choice(nested=True, looking=looking)
        self.advance()
        if not number:
            return node
        if node.group:
            node = Node("wrap", node.flags, node.language, [node])
        node.flags |= tree.CAPTURE
        node.group = number
        self.groups[number] = node
        return node

    def back_reference(self, looking: bool) -> Node:
        referred = self.groups.get(self.token.code)
        if looking or referred is None:
            fail("invalid backreference number")
        self.has_backrefs = True
        node = Node("backref", tree.BACKREF, tree.unconstrained(referred.language), refers=self.token.code)
        self.advance()
        return node

    def quantifier(self) -> tuple[int, int | None, int]:
        """How often at least and at most, and which length it prefers."""
        bounds: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        token = self.token
        if token.kind in bounds:
            self.advance()
            return (*bounds[token.kind], tree.SHORTER if token.lazy else tree.LONGER)
        if token.kind == "{":
            counts = self.counts()
            self.advance()
            return counts
        return 1, 1, 0

    def counts(self) -> tuple[int, int | None, int]:
        lexer = self.lexer
        least = self.number()
        most: int | None = least
        has_range = lexer.eat(",")
        if has_range:
            lexer.skip()
            most = self.number() if is_digit(lexer.peek() or " ") else None
        if most is not None and least > most:
            fail(BAD_COUNT)
        if not lexer.peek():
            fail("braces {} not balanced")
        if not lexer.eat("}"):
            fail(BAD_COUNT)
        prefers = tree.SHORTER if lexer.eat("?") else tree.LONGER
        return least, most, prefers if has_range else 0

    def number(self) -> int:
        number = 0
        while is_digit(self.lexer.peek() or " "):
            if number >= MOST_REPEATS:
                fail(BAD_COUNT)
            number = number * 10 + int(self.lexer.take())
            self.lexer.skip()
        if number > MOST_REPEATS:
            fail(BAD_COUNT)
        return number


def repeated_language(language: Language, least: int, most: int | None) -> Language:
    return language if (least, most) == (1, 1) else tree.Repeat(language, least, most)


def repeated_reference(atom: Node, least: int, most: int | None, prefers: int) -> Node:
    """A back reference counts its repetitions itself."""
    flags = atom.flags | combined(prefers, atom.flags)
    language = repeated_language(atom.language, least, most)
    return Node("backref", flags, language, refers=atom.refers, least=least, most=most)


def repeated_node(atom: Node, least: int, most: int | None, prefers: int) -> Node:
    language = repeated_language(atom.language, least, most)
    own = atom.flags & (tree.LONGER | tree.SHORTER | tree.MIXED)
    if (least, most) == (1, 1) and (prefers == 0 or own in (0, prefers)):
        return atom
    flags = combined(prefers, atom.flags)
    if not atom.flags & (tree.CAPTURE | tree.BACKREF):
        return Node("plain", flags, language)
    if least > 0 and not atom.flags & tree.BACKREF:
        # Only the last repetition's groups count: all but it need no tree.
        before = repeated_language(atom.language, least - 1, None if most is None else most - 1)
        first = Node("plain", tree.preference(flags), before)
        return Node("concat", flags, sequence(before, atom.language), [first, atom])
    return Node("repeat", flags, language, [atom], least=least, most=most)


def concatenated(before: Node, first: int, atom: Node, rest: Node | None, is_first: bool) -> Node:
    """`first` are the flags of the atom as far as its quantifier goes."""
    if rest is None:
        if is_first:
            return atom
        flags = before.flags | combined(before.flags, atom.flags)
        return Node("concat", flags, sequence(before.language, atom.language), [before, atom])
    tail_flags = first | combined(first, rest.flags)
    flags = before.flags | combined(before.flags, tail_flags)
    tail = Node("concat", tail_flags, sequence(atom.language, rest.language), [atom, rest])
    if is_first:
        return Node("concat", flags, tail.language, [atom, rest])
    is_plain = atom.kind == rest.kind == "plain" and not (atom.group or rest.group)
    if is_plain and not upward(atom.flags | rest.flags) & tree.MESSY:
        tail = Node("plain", combined(atom.flags, rest.flags), tail.language)
    return Node("concat", flags, sequence(before.language, tail.language), [before, tail])


def cases(code: int) -> frozenset[int]:
    """What stands for a character where case is ignored; the character itself is not among it where it is a title case."""
    if code > CASED_END:
        return frozenset([code])
    character = chr(code)
    return frozenset([ord(lower_character(character)), ord(upper_character(character))])


class BracketParser:
    def __init__(self, lexer: Lexer) -> None:
        self.lexer = lexer
        self.codes: set[int] = set()
        self.ranges: list[tuple[int, int]] = []
        self.classes: list[str] = []
        self.not_classes: list[str] = []

    def parse(self, *, negated: bool) -> Characters:
        token = self.next(is_first=True)
        while token.kind != "]":
            token = self.item(token)
        if negated and self.lexer.options.newline_stops:
            self.codes.add(10)
        return Characters(
            frozenset(self.codes),
            tuple(self.ranges),
            tuple(CLASSES[name] for name in self.classes),
            tuple(CLASSES[name] for name in self.not_classes),
            negated,
        )

    def item(self, token: Token) -> Token:
        """Reads what the token begins; the token after it."""
        if token.kind == "plain":
            following = self.next()
            if following.kind == "-":
                return self.range(token.code)
            self.add(token.code)
            return following
        if token.kind == "[.":
            low = self.element()
            following = self.next()
            if following.kind == "-":
                return self.range(low)
            self.add_range(low, low)
            return following
        if token.kind == "[=":
            self.add(self.element())
        elif token.kind == "[:":
            self.classes.append(self.class_name(self.named(":")))
        elif token.kind == "class":
            self.classes.append(self.class_name(token.value))
        elif token.kind == "not class":
            self.not_classes.append(self.class_name(token.value))
        else:
            fail("invalid character range")
        return self.next()

    def range(self, low: int) -> Token:
        token = self.next()
        if token.kind == "[.":
            high = self.element()
        elif token.kind in ("plain", "-"):
            high = token.code
        else:
            fail("invalid character range")
        if low > high:
            fail("invalid character range")
        self.add_range(low, high)
        return self.next()

    def add(self, code: int) -> None:
        self.codes |= cases(code) if self.lexer.options.ignore_case else {code}

    def add_range(self, low: int, high: int) -> None:
        self.ranges.append((low, high))
        if self.lexer.options.ignore_case:
            for code in range(low, min(high, CASED_END) + 1):
                self.codes |= cases(code)

    def class_name(self, name: str) -> str:
        if name not in CLASSES:
            fail("invalid character class")
        return "alpha" if self.lexer.options.ignore_case and name in ("lower", "upper") else name

    def element(self) -> int:
        name = self.named(self.lexer.pattern[self.lexer.at - 1])
        if len(name) == 1:
            return ord(name)
        code = NAMES.get(name)
        return fail("invalid collating element") if code is None else code

    def named(self, mark: str) -> str:
        """The text up to `.]`, `=]` or `:]`."""
        end = self.lexer.pattern.find(f"{mark}]", self.lexer.at)
        if end < 0:
            fail(BAD_BRACKETS)
        name = self.lexer.pattern[self.lexer.at : end]
        self.lexer.at = end + 2
        if not name:
            fail("invalid character class" if mark == ":" else "invalid collating element")
        return name

    def next(self, *, is_first: bool = False) -> Token:
        lexer = self.lexer
        if not lexer.peek():
            fail(BAD_BRACKETS)
        character = lexer.take()
        if character == "]" and not is_first:
            return Token("]")
        if character == "\\":
            token = lexer.escape()
            return token if token.kind in ("plain", "class", "not class") else fail(BAD_ESCAPE)
        if character == "-" and not is_first and lexer.peek() != "]":
            return Token("-", code=ord("-"))
        if character == "[":
            if not lexer.peek():
                fail(BAD_BRACKETS)
            if lexer.peek() in ".=:":
                return Token(f"[{lexer.take()}")
        return Token("plain", code=ord(character))
