"""Roots, logarithms and powers of numeric, digit for digit as PostgreSQL has them.

The number of digits follows from the values: at least 16 significant ones, and no fewer than the operands show.
"""

from __future__ import annotations

import math
from typing import Any

from datamorph_functions.digit_groups import (
    Number,
    add,
    divide,
    from_decimal,
    from_int,
    from_scaled,
    less_or_equal,
    multiply,
    negated,
    rounded,
    square_root,
    to_plain,
)
from datamorph_functions.numbers import to_decimal
from datamorph_functions.registry import SqlError, answer_function

SIGNIFICANT_DIGITS = 16
MOST_DIGITS = 1000
MOST_RESULT_DIGITS = 2000
#: A power with more digits than this before its point is an error at once: Spark holds 38.
MOST_WHOLE_DIGITS = 1000
#: log10(e), log10(2) and ln(10) with the digits that PostgreSQL's source gives them.
LOG10_E = 0.434294481903252
LOG10_2 = 0.301029995663981
LN_10 = 2.302585092994046

ONE = from_int(1)
NEARLY_ONE = from_scaled(9, 1)
OVER_ONE = from_scaled(11, 1)
OVERFLOW = "value overflows numeric format"


def operand(value: Any) -> Number:
    return from_decimal(to_decimal(value))


def result_scale(weight: int, *operands: Number) -> int:
    """For a result whose first digit stands at 10^weight."""
    return min(max(SIGNIFICANT_DIGITS - weight, 0, *(number.scale for number in operands)), MOST_DIGITS)


def zero(scale: int) -> Number:
    return Number(0, 0, scale)


@answer_function("pg_numeric_sqrt")
def pg_numeric_sqrt(value: Any) -> str:
    number = operand(value)
    if number.units < 0:
        raise SqlError("cannot take square root of a negative number")
    return to_plain(square_root(number, result_scale(2 * number.weight + 1, number)))


@answer_function("pg_numeric_exp")
def pg_numeric_exp(value: Any) -> str:
    number = operand(value)
    weight = min(max(number.approximate() * LOG10_E, -MOST_RESULT_DIGITS), MOST_RESULT_DIGITS)
    return to_plain(exponential(number, result_scale(int(weight), number)))


@answer_function("pg_numeric_ln")
def pg_numeric_ln(value: Any) -> str:
    number = operand(value)
    return to_plain(logarithm(number, result_scale(logarithm_weight(number), number)))


@answer_function("pg_numeric_log")
def pg_numeric_log(base: Any, value: Any) -> str:
    number, radix = operand(value), operand(base)
    weights = [logarithm_weight(one) for one in (number, radix)]
    weight = weights[0] - weights[1]
    scale = result_scale(weight, radix, number)
    of_number, of_base = (max(scale + weight - own + 8, 0) for own in weights)
    denominator = logarithm(radix, of_base)
    numerator = logarithm(number, of_number)
    if not denominator.units:
        raise SqlError("division by zero")
    return to_plain(divide(numerator, denominator, scale))


@answer_function("pg_numeric_power")
def pg_numeric_power(base: Any, exponent: Any) -> str:
    number, power = operand(base), operand(exponent)
    if not number.units and power.units < 0:
        raise SqlError("zero raised to a negative power is undefined")
    if power.is_whole and -(2**31) <= power.units * 10000**power.exponent < 2**31:
        return to_plain(whole_power(number, power.units * 10000**power.exponent, power))
    return to_plain(broken_power(number, power))


def exponential(number: Number, scale: int) -> Number:
    """A Taylor series for an argument halved until it is small, squared as often as it was halved."""
    approximate = number.approximate()
    if abs(approximate) >= MOST_RESULT_DIGITS * 3:
        if approximate > 0:
            raise SqlError(OVERFLOW)
        return zero(scale)
    weight = int(approximate * LOG10_E)
    halvings = 0
    while abs(approximate) > 0.01:
        halvings += 1
        approximate /= 2
    reduced = divide(number, from_int(1 << halvings), number.scale + halvings) if halvings else number
    digits = max(1 + weight + scale + int(halvings * LOG10_2), 0) + 8
    result = exponential_series(reduced, digits - 1)
    for _ in range(halvings):
        result = multiply(result, result, max(digits - result.weight * 8, 0))
    return rounded(result, scale)


def exponential_series(number: Number, scale: int) -> Number:
    result = add(ONE, number)
    count = 2
    term = divide(multiply(number, number, scale), from_int(count), scale)
    while term.units:
        result = add(result, term)
        count += 1
        term = divide(multiply(term, number, scale), from_int(count), scale)
    return result


def logarithm_weight(number: Number) -> int:
    """About where the first digit of the logarithm stands."""
    if number.units <= 0:
        return 0
    if less_or_equal(NEARLY_ONE, number) and less_or_equal(number, OVER_ONE):
        above_one = add(number, negated(ONE))
        if not above_one.units:
            return 0
        return above_one.weight * 4 + int(math.log10(above_one.leading_groups(1)[0]))
    first, *second = number.leading_groups(2)
    weight = number.weight * 4
    if second:
        first, weight = first * 10000 + second[0], weight - 4
    size = abs(math.log(first) + weight * LN_10)
    return int(math.log10(size))


def logarithm(number: Number, scale: int) -> Number:
    """ln(x) = 2 artanh((x - 1) / (x + 1)), for an argument whose root was taken until it is near 1."""
    if not number.units:
        raise SqlError("cannot take logarithm of zero")
    if number.units < 0:
        raise SqlError("cannot take logarithm of a negative number")
    roots = 0
    while less_or_equal(number, NEARLY_ONE) or less_or_equal(OVER_ONE, number):
        number = square_root(number, scale - 2 * number.weight + 8)
        roots += 1
    own_scale = scale + int((roots + 1) * LOG10_2) + 8
    ratio = divide(add(number, negated(ONE)), add(number, ONE), own_scale)
    result = logarithm_series(ratio, own_scale)
    return multiply(result, from_int(2 ** (roots + 1)), scale)


def logarithm_series(ratio: Number, scale: int) -> Number:
    square = multiply(ratio, ratio, scale)
    result, power, count = ratio, ratio, 1
    while True:
        count += 2
        power = multiply(power, square, scale)
        term = divide(power, from_int(count), scale)
        if not term.units:
            return result
        result = add(result, term)
        if term.weight < result.weight - scale * 2 // 4:
            return result


def broken_power(base: Number, power: Number) -> Number:
    """x^y = e^(y ln x), after a rough look at how large it will be."""
    if not base.units:
        return zero(SIGNIFICANT_DIGITS)
    if base.units < 0 and not power.is_whole:
        raise SqlError("a negative number raised to a non-integer power yields a complex result")
    is_negative = base.units < 0 and power.exponent == 0 and power.units % 2 == 1
    size = base.without_sign()
    weight = logarithm_weight(size)
    rough_scale = max(8 - weight, 0)
    rough = multiply(logarithm(size, rough_scale), power, rough_scale).approximate()
    if abs(rough) > MOST_RESULT_DIGITS * 3.01:
        if rough > 0:
            raise SqlError(OVERFLOW)
        return zero(MOST_DIGITS)
    result_weight = int(rough * LOG10_E)
    scale = result_scale(result_weight, size, power)
    own_scale = max(max(scale + result_weight, 0) - weight + 8, 0)
    result = exponential(multiply(logarithm(size, own_scale), power, own_scale), scale)
    return negated(result) if is_negative else result


def whole_power(base: Number, power: int, written: Number) -> Number:
    weight = power_weight(base, power)
    if weight > MOST_WHOLE_DIGITS:
        raise SqlError(OVERFLOW)
    if weight + 1 < -MOST_DIGITS:
        return zero(MOST_DIGITS)
    scale = result_scale(int(weight), base, written)
    if power == 0:
        return ONE._replace(scale=scale)
    if power == 1:
        return rounded(base, scale)
    if power == -1:
        return divide(ONE, base, scale)
    if power == 2:
        return multiply(base, base, scale)
    if not base.units:
        return zero(scale)
    result = repeated_product(base, abs(power), 1 + scale + int(weight) + int(math.log(abs(power))) + 8)
    return divide(ONE, result, scale) if power < 0 else rounded(result, scale)


def power_weight(base: Number, power: int) -> float:
    if not base.units:
        return 0
    groups = base.leading_groups(4)
    leading = 0.0
    for group in groups:
        leading = leading * 10000 + group
    return power * (math.log10(leading) + (base.weight - len(groups) + 1) * 4)


def repeated_product(base: Number, power: int, digits: int) -> Number:
    """By squaring, with so many significant digits."""
    result = base if power & 1 else ONE
    square = base
    while power := power >> 1:
        scale = max(min(digits - 2 * square.weight * 4, 2 * square.scale), 0)
        square = multiply(square, square, scale)
        if power & 1:
            scale = max(min(digits - (square.weight + result.weight) * 4, square.scale + result.scale), 0)
            result = multiply(square, result, scale)
    return result
