"""PostgreSQL's character classes under its builtin C.UTF-8, by Unicode's properties (PostgreSQL 17 has Unicode 15.1)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

#: Alphabetic in Unicode 15.1, but neither a letter (L*) nor a letter number (Nl) to the Python that runs this.
ALSO_ALPHABETIC = """
345 5b0-5bd 5bf 5c1-5c2 5c4-5c5 5c7 610-61a 64b-657 659-65f 670 6d6-6dc 6e1-6e4 6e7-6e8 6ed 711 730-73f 7a6-7b0
816-817 81b-823 825-827 829-82c 8d4-8df 8e3-8e9 8f0-903 93a-93b 93e-94c 94e-94f 955-957 962-963 981-983 9be-9c4
9c7-9c8 9cb-9cc 9d7 9e2-9e3 a01-a03 a3e-a42 a47-a48 a4b-a4c a51 a70-a71 a75 a81-a83 abe-ac5 ac7-ac9 acb-acc
ae2-ae3 afa-afc b01-b03 b3e-b44 b47-b48 b4b-b4c b56-b57 b62-b63 b82 bbe-bc2 bc6-bc8 bca-bcc bd7 c00-c04 c3e-c44
c46-c48 c4a-c4c c55-c56 c62-c63 c81-c83 cbe-cc4 cc6-cc8 cca-ccc cd5-cd6 ce2-ce3 cf3 d00-d03 d3e-d44 d46-d48
d4a-d4c d57 d62-d63 d81-d83 dcf-dd4 dd6 dd8-ddf df2-df3 e31 e34-e3a e4d eb1 eb4-eb9 ebb-ebc ecd f71-f83 f8d-f97
f99-fbc 102b-1036 1038 103b-103e 1056-1059 105e-1060 1062-1064 1067-106d 1071-1074 1082-108d 108f 109a-109d
1712-1713 1732-1733 1752-1753 1772-1773 17b6-17c8 1885-1886 18a9 1920-192b 1930-1938 1a17-1a1b 1a55-1a5e 1a61-1a74
1abf-1ac0 1acc-1ace 1b00-1b04 1b35-1b43 1b80-1b82 1ba1-1ba9 1bac-1bad 1be7-1bf1 1c24-1c36 1de7-1df4 24b6-24e9
2de0-2dff a674-a67b a69e-a69f a802 a80b a823-a827 a880-a881 a8b4-a8c3 a8c5 a8ff a926-a92a a947-a952 a980-a983
a9b4-a9bf a9e5 aa29-aa36 aa43 aa4c-aa4d aa7b-aa7d aab0 aab2-aab4 aab7-aab8 aabe aaeb-aaef aaf5 abe3-abea fb1e
10376-1037a 10a01-10a03 10a05-10a06 10a0c-10a0f 10d24-10d27 10eab-10eac 11000-11002 11038-11045 11073-11074
11080-11082 110b0-110b8 110c2 11100-11102 11127-11132 11145-11146 11180-11182 111b3-111bf 111ce-111cf 1122c-11234
11237 1123e-11241 112df-112e8 11300-11303 1133e-11344 11347-11348 1134b-1134c 11357 11362-11363 11435-11441
11443-11445 114b0-114c1 115af-115b5 115b8-115be 115dc-115dd 11630-1163e 11640 116ab-116b5 1171d-1172a 1182c-11838
11930-11935 11937-11938 1193b-1193c 11940 11942 119d1-119d7 119da-119df 119e4 11a01-11a0a 11a35-11a39 11a3b-11a3e
11a51-11a5b 11a8a-11a97 11c2f-11c36 11c38-11c3e 11c92-11ca7 11ca9-11cb6 11d31-11d36 11d3a 11d3c-11d3d 11d3f-11d41
11d43 11d47 11d8a-11d8e 11d90-11d91 11d93-11d96 11ef3-11ef6 11f00-11f10 11f12-11f3a 11f3e-11f40 1342f 13441-13446
16f4f 16f51-16f87 16f8f-16f92 16ff0-16ff1 1b132 1b155 1bc9e 1df25-1df2a 1e000-1e006 1e008-1e018 1e01b-1e021
1e023-1e024 1e026-1e02a 1e030-1e06d 1e08f 1e4d0-1e4eb 1e947 1f130-1f149 1f150-1f169 1f170-1f189 2b739 2ebf0-2ee5d
31350-323af
"""
ALSO_LOWER = "10fc a7f2-a7f4 ab69 1df25-1df2a 1e030-1e06d"
WHITE_SPACE = "9-d 20 85 a0 1680 2000-200a 2028-2029 202f 205f 3000"


def code_points(ranges: str) -> frozenset[int]:
    bounds = [[int(bound, 16) for bound in item.split("-")] for item in ranges.split()]
    return frozenset(code for pair in bounds for code in range(pair[0], pair[-1] + 1))


also_alphabetic = code_points(ALSO_ALPHABETIC)
also_lower = code_points(ALSO_LOWER)
white_space = code_points(WHITE_SPACE)


def is_alpha(character: str) -> bool:
    return character.isalpha() or unicodedata.category(character) == "Nl" or ord(character) in also_alphabetic


def is_digit(character: str) -> bool:
    return "0" <= character <= "9"


def is_alnum(character: str) -> bool:
    return is_digit(character) or is_alpha(character)


def is_word(character: str) -> bool:
    return character == "_" or is_alnum(character)


def is_space(character: str) -> bool:
    return ord(character) in white_space


def is_lower(character: str) -> bool:
    return character.islower() or ord(character) in also_lower


def is_punct(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS" and not is_alpha(character)


def is_graph(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cn", "Cs") and not is_space(character)


def is_print(character: str) -> bool:
    return is_graph(character) or unicodedata.category(character) == "Zs"


#: By their names in `[[:name:]]`.
CLASSES: dict[str, Callable[[str], bool]] = {
    "alnum": lru_cache(4096)(is_alnum),
    "alpha": lru_cache(4096)(is_alpha),
    "ascii": str.isascii,
    "blank": "\t ".__contains__,
    "cntrl": lambda character: unicodedata.category(character) == "Cc",
    "digit": is_digit,
    "graph": is_graph,
    "lower": is_lower,
    "print": is_print,
    "punct": is_punct,
    "space": is_space,
    "upper": str.isupper,
    "xdigit": "0123456789abcdefABCDEF".__contains__,
    "word": lru_cache(4096)(is_word),
}

#: The names of the first characters, from NUL to @.
ASCII_NAMES = """
NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC IS4 IS3 IS2 IS1
space exclamation-mark quotation-mark number-sign dollar-sign percent-sign ampersand apostrophe left-parenthesis
right-parenthesis asterisk plus-sign comma hyphen period slash zero one two three four five six seven eight nine colon
semicolon less-than-sign equals-sign greater-than-sign question-mark commercial-at
"""

#: By their names in `[[.name.]]`; a single character stands for itself.
NAMES = {name: code for code, name in enumerate(ASCII_NAMES.split())}
NAMES |= {
    "alert": 7,
    "backspace": 8,
    "tab": 9,
    "newline": 10,
    "vertical-tab": 11,
    "form-feed": 12,
    "carriage-return": 13,
    "FS": 28,
    "GS": 29,
    "RS": 30,
    "US": 31,
    "hyphen-minus": 45,
    "full-stop": 46,
    "solidus": 47,
    "left-square-bracket": 91,
    "backslash": 92,
    "reverse-solidus": 92,
    "right-square-bracket": 93,
    "circumflex": 94,
    "circumflex-accent": 94,
    "underscore": 95,
    "low-line": 95,
    "grave-accent": 96,
    "left-brace": 123,
    "left-curly-bracket": 123,
    "vertical-line": 124,
    "right-brace": 125,
    "right-curly-bracket": 125,
    "tilde": 126,
    "DEL": 127,
}
