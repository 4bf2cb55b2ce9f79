"""numeric: exact, with the digits that PostgreSQL would show."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from datamorph_functions.registry import SqlError, answer_function

EXACT = Context(prec=2000, rounding=ROUND_HALF_UP)


def to_decimal(value: Any) -> Decimal:
    """An operand: a number, or the text of another quotient (an error's words pass on)."""
    if isinstance(value, str):
        if value.startswith("error: "):
            raise SqlError(value.removeprefix("error: "))
        return Decimal(value)
    return value if isinstance(value, Decimal) else Decimal(value)


def display_scale(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def leading_group(value: Decimal) -> tuple[int, int]:
    """The first group of four digits of a number, counted from the point, and which group it is (PostgreSQL's weight)."""
    if not value:
        return 0, 0
    weight = value.adjusted() // 4
    return int(abs(value).scaleb(-4 * weight, EXACT)), weight


def quotient_scale(dividend: Decimal, divisor: Decimal) -> int:
    """PostgreSQL's select_div_scale: at least 16 significant digits, and no fewer than the operands show."""
    (first, weight), (second, other) = leading_group(dividend), leading_group(divisor)
    quotient_weight = weight - other - (1 if first <= second else 0)
    return max(16 - 4 * quotient_weight, display_scale(dividend), display_scale(divisor), 0)


def to_scale(value: Decimal, scale: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-scale), context=EXACT)


def exact_quotient(dividend: Decimal, divisor: Decimal, scale: int) -> Decimal:
    """The quotient rounded once, half away from zero."""
    shift = scale + display_scale(divisor) - display_scale(dividend)
    numerator, denominator = (abs(int(value.scaleb(display_scale(value), EXACT))) for value in (dividend, divisor))
    if shift >= 0:
        numerator *= 10**shift
    else:
        denominator *= 10**-shift
    digits = (2 * numerator + denominator) // (2 * denominator)
    sign = -1 if dividend.is_signed() != divisor.is_signed() else 1
    return Decimal(sign * digits).scaleb(-scale, EXACT)


def plain(value: Decimal) -> str:
    return format(value, "f")


def divide(dividend: Any, divisor: Any) -> Decimal:
    left, right = to_decimal(dividend), to_decimal(divisor)
    if not right:
        raise SqlError("division by zero")
    return exact_quotient(left, right, quotient_scale(left, right))


@answer_function("pg_divide")
def pg_divide(dividend: Any, divisor: Any) -> str:
    return plain(divide(dividend, divisor))


@answer_function("pg_div")
def pg_div(dividend: Any, divisor: Any) -> str:
    left, right = to_decimal(dividend), to_decimal(divisor)
    if not right:
        raise SqlError("division by zero")
    scale = max(display_scale(left), display_scale(right))
    whole = abs(int(left.scaleb(scale, EXACT))) // abs(int(right.scaleb(scale, EXACT)))
    return str(-whole if left.is_signed() != right.is_signed() else whole)


@answer_function("pg_width_bucket")
def pg_width_bucket(operand: Any, low: Any, high: Any, count: int) -> str:
    value, lower, upper = (to_decimal(argument) for argument in (operand, low, high))
    if count <= 0:
        raise SqlError("count must be greater than zero")
    if lower == upper:
        raise SqlError("lower bound cannot equal upper bound")
    if lower > upper:
        value, lower, upper = -value, -lower, -upper
    if value < lower:
        return "0"
    if value >= upper:
        return str(count + 1)
    scale = max(map(display_scale, (value, lower, upper)))
    offset, width = (int(EXACT.subtract(end, lower).scaleb(scale, EXACT)) for end in (value, upper))
    return str(offset * count // width + 1)


@answer_function("pg_gcd")
def pg_gcd(left: int, right: int) -> str:
    return str(math.gcd(left, right))


@answer_function("pg_lcm")
def pg_lcm(left: int, right: int) -> str:
    return str(math.lcm(left, right))
