"""PostgreSQL's own arithmetic for numeric: groups of four digits, and the places where it rounds or cuts off.

The functions of `transcendental.py` have to end on the digit on which PostgreSQL ends, also where that is one unit off:
they compute with these, which keep as many digits at each step as PostgreSQL does.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import NamedTuple

GROUP = 10000


class Number(NamedTuple):
    """`units` * 10000^`exponent`; the last group is not zero. `scale` is how many digits PostgreSQL would show."""

    units: int
    exponent: int
    scale: int

    @property
    def groups(self) -> int:
        return group_count(self.units)

    @property
    def weight(self) -> int:
        """Which group the first one is, counted from the point."""
        return self.groups - 1 + self.exponent if self.units else 0

    @property
    def is_whole(self) -> bool:
        return self.exponent >= 0

    def leading_groups(self, count: int) -> list[int]:
        """The first groups, as many of `count` as there are."""
        return group_list(abs(self.units))[:count]

    def approximate(self) -> float:
        return float(to_plain(self))

    def without_sign(self) -> Number:
        return self._replace(units=abs(self.units))


def group_count(units: int) -> int:
    return (len(str(abs(units))) + 3) // 4 if units else 0


def group_list(units: int) -> list[int]:
    digits = str(units)
    digits = digits.zfill((len(digits) + 3) // 4 * 4)
    return [int(digits[at : at + 4]) for at in range(0, len(digits), 4)]


def stripped(units: int, exponent: int, scale: int) -> Number:
    if not units:
        return Number(0, 0, scale)
    while units % GROUP == 0:
        units //= GROUP
        exponent += 1
    return Number(units, exponent, scale)


def from_decimal(value: Decimal) -> Number:
    sign, digits, power = value.as_tuple()
    exponent = int(power) // 4
    units = int("".join(map(str, digits))) * 10 ** (int(power) - 4 * exponent)
    return stripped(-units if sign else units, exponent, max(0, -int(power)))


def from_int(value: int) -> Number:
    return stripped(value, 0, 0)


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded half away from zero."""
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -quotient if numerator < 0 else quotient


def from_scaled(units: int, scale: int) -> Number:
    """`units` * 10^-`scale`."""
    exponent = -scale // 4
    return stripped(units * 10 ** (-scale - 4 * exponent), exponent, scale)


def to_plain(number: Number) -> str:
    """The digits that PostgreSQL shows."""
    scale = max(number.scale, 0)
    shift = 4 * number.exponent + scale
    units = abs(number.units) * 10**shift if shift >= 0 else half_up(abs(number.units), 10**-shift)
    digits = str(units).zfill(scale + 1)
    text = f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits
    return f"-{text}" if number.units < 0 and units else text


def rounded(number: Number, scale: int) -> Number:
    shift = 4 * number.exponent + scale
    if shift >= 0:
        return number._replace(scale=scale)
    return from_scaled(half_up(number.units, 10**-shift), scale)


def add(left: Number, right: Number) -> Number:
    exponent = min(left.exponent, right.exponent)
    units = sum(number.units * GROUP ** (number.exponent - exponent) for number in (left, right))
    return stripped(units, exponent, max(left.scale, right.scale))


def negated(number: Number) -> Number:
    return number._replace(units=-number.units)


def less_or_equal(left: Number, right: Number) -> bool:
    return add(left, negated(right)).units <= 0


def multiply(left: Number, right: Number, scale: int) -> Number:
    """Groups that cannot reach the digits wanted, nor the two groups after them, are left out, as in `mul_var`."""
    if not left.units or not right.units:
        return Number(0, 0, scale)
    weight = left.weight + right.weight + 2
    wanted = weight + 1 + int((scale + 3) / 4) + 2
    exact = left.groups + right.groups + 1
    if wanted >= exact:
        product = stripped(left.units * right.units, left.exponent + right.exponent, scale)
        return rounded(product, scale)
    if wanted < 3:
        return Number(0, 0, scale)
    units = truncated_product(left, right, wanted)
    return rounded(stripped(units, weight - wanted + 1, scale), scale)


def truncated_product(left: Number, right: Number, wanted: int) -> int:
    short, long = sorted((left, right), key=lambda number: number.groups)
    length, digits = long.groups, abs(long.units)
    total = 0
    for position, group in enumerate(group_list(abs(short.units))[: wanted - 2]):
        used = min(length, wanted - position - 2)
        part = digits // GROUP ** (length - used)
        total += group * part * GROUP ** (wanted - position - used - 2)
    return total if (left.units < 0) == (right.units < 0) else -total


def divide(dividend: Number, divisor: Number, scale: int) -> Number:
    shift = 4 * (dividend.exponent - divisor.exponent) + scale
    numerator = dividend.units if divisor.units > 0 else -dividend.units
    denominator = abs(divisor.units)
    if shift >= 0:
        numerator *= 10**shift
    else:
        denominator *= 10**-shift
    return from_scaled(half_up(numerator, denominator), scale)


def square_root(number: Number, scale: int) -> Number:
    """Cut off one digit after those wanted, then rounded."""
    shift = 4 * number.exponent + 2 * (scale + 1)
    units = number.units * 10**shift if shift >= 0 else number.units // 10**-shift
    return from_scaled(half_up(math.isqrt(units), 10), scale)
