"""The digits of a numeric, common divisors, factorials, and the statistics that PostgreSQL computes in numeric."""

from __future__ import annotations

import math
from bisect import bisect_right
from decimal import Decimal
from typing import Any

from datamorph_functions.digit_groups import divide, from_decimal, square_root, to_plain
from datamorph_functions.numbers import EXACT, display_scale, plain, quotient_scale, to_decimal
from datamorph_functions.registry import SqlError, answer_function

#: 34! has 39 digits, and Spark holds 38.
LARGEST_FACTORIAL = 33


def least_scale(value: Decimal) -> int:
    return display_scale(value.normalize(EXACT)) if value else 0


@answer_function("pg_scale")
def pg_scale(value: Any) -> int:
    return display_scale(to_decimal(value))


@answer_function("pg_min_scale")
def pg_min_scale(value: Any) -> int:
    return least_scale(to_decimal(value))


@answer_function("pg_trim_scale")
def pg_trim_scale(value: Any) -> str:
    number = to_decimal(value)
    return plain(number.quantize(Decimal(1).scaleb(-least_scale(number)), context=EXACT))


def in_units(*values: Any) -> tuple[list[int], int]:
    """The numbers as whole counts of the smallest unit that one of them shows, and that unit's place."""
    numbers = [to_decimal(value) for value in values]
    scale = max(map(display_scale, numbers))
    return [int(number.scaleb(scale, EXACT)) for number in numbers], scale


@answer_function("pg_numeric_gcd")
def pg_numeric_gcd(left: Any, right: Any) -> str:
    units, scale = in_units(left, right)
    return plain(Decimal(math.gcd(*units)).scaleb(-scale, EXACT))


@answer_function("pg_numeric_lcm")
def pg_numeric_lcm(left: Any, right: Any) -> str:
    units, scale = in_units(left, right)
    return plain(Decimal(math.lcm(*units)).scaleb(-scale, EXACT))


@answer_function("pg_factorial")
def pg_factorial(value: int) -> int:
    if value < 0:
        raise SqlError("factorial of a negative number is undefined")
    if value > LARGEST_FACTORIAL:
        raise SqlError("value overflows numeric format")
    return math.factorial(value)


@answer_function("pg_threshold_bucket")
def pg_threshold_bucket(value: Any, thresholds: list[Any]) -> int:
    """How many of the thresholds, which ascend, the value has reached."""
    if any(threshold is None for threshold in thresholds):
        raise SqlError("thresholds array must not contain NULLs")
    return bisect_right(thresholds, value)


def deviation(count: int, total: Decimal, squares: Decimal, name: str) -> str:
    """PostgreSQL's numeric_stddev_internal, over the count, the sum and the sum of squares."""
    numerator = EXACT.subtract(EXACT.multiply(Decimal(count), squares), EXACT.multiply(total, total))
    if numerator <= 0:
        return "0"
    denominator = Decimal(count * (count - 1 if name.endswith("samp") else count))
    numerator = numerator.quantize(Decimal(1).scaleb(-2 * display_scale(total)), context=EXACT)
    scale = quotient_scale(numerator, denominator)
    variance = divide(from_decimal(numerator), from_decimal(denominator), scale)
    return to_plain(variance if name.startswith("var") else square_root(variance, scale))


@answer_function("pg_deviation")
def pg_deviation(count: int, total: Any, squares: Any, name: str) -> str:
    """`name` is stddev_samp, stddev_pop, var_samp or var_pop."""
    return deviation(count, to_decimal(total), to_decimal(squares), name)


@answer_function("pg_deviation_of")
def pg_deviation_of(count: int, values: list[Any], name: str) -> str:
    """The same over values that are all at hand."""
    numbers = [to_decimal(value) for value in values]
    total, squares = Decimal(0), Decimal(0)
    for number in numbers:
        total, squares = EXACT.add(total, number), EXACT.add(squares, EXACT.multiply(number, number))
    return deviation(count, total, squares, name)
