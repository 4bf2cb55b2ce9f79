"""double precision: the C library's results, with PostgreSQL's errors for overflow, underflow and arguments out of range."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from datamorph_functions.numbers import plain, to_decimal
from datamorph_functions.registry import SqlError, answer_function


def checked(result: float, *operands: float, zero_allowed: bool = True) -> str:
    """PostgreSQL's rule: infinity may come from infinity only, and zero not from an underflow."""
    if math.isinf(result) and not any(math.isinf(operand) for operand in operands):
        raise SqlError("value out of range: overflow")
    if result == 0 and not zero_allowed:
        raise SqlError("value out of range: underflow")
    return float_text(result)


def float_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return ("Infinity" if value > 0 else "-Infinity") if math.isinf(value) else repr(value)


@answer_function("pg_float_add")
def pg_float_add(left: float, right: float) -> str:
    return checked(left + right, left, right)


@answer_function("pg_float_subtract")
def pg_float_subtract(left: float, right: float) -> str:
    return checked(left - right, left, right)


@answer_function("pg_float_multiply")
def pg_float_multiply(left: float, right: float) -> str:
    return checked(left * right, left, right, zero_allowed=left == 0 or right == 0)


@answer_function("pg_float_divide")
def pg_float_divide(left: Any, right: float) -> str:
    if isinstance(left, str):
        left = float(to_decimal(left))
    if right == 0 and not math.isnan(left):
        raise SqlError("division by zero")
    if right == 0:
        return "NaN"
    return checked(left / right, left, zero_allowed=left == 0 or math.isinf(right))


@answer_function("pg_float_total")
def pg_float_total(total: float, largest: float) -> str:
    """A sum of doubles, whose largest addend is known: infinite or undefined only where an addend was."""
    if not math.isfinite(total) and math.isfinite(largest):
        raise SqlError("value out of range: overflow")
    return float_text(total)


@answer_function("pg_float_digits")
def pg_float_digits(value: float) -> str:
    """A double as numeric: PostgreSQL takes 15 significant digits."""
    if not math.isfinite(value):
        raise SqlError(f"{float_text(value)} does not fit a numeric with a precision")
    return plain(Decimal(f"{value:.15g}"))


@answer_function("pg_float_to_bigint")
def pg_float_to_bigint(value: float) -> str:
    if not math.isfinite(value):
        raise SqlError("bigint out of range")
    return str(round(value))


def float_function(name: str, function: Callable[..., float]) -> None:
    """A function of the C library with PostgreSQL's errors instead of exceptions."""

    def compute(*args: float) -> str:
        if any(math.isnan(argument) for argument in args) and name != "pg_power":
            return "NaN"
        try:
            result = function(*args)
        except ValueError as error:
            raise SqlError("input is out of range") from error
        except OverflowError as error:
            raise SqlError("value out of range: overflow") from error
        return checked(result, *args)

    answer_function(name)(compute)


def logarithm(function: Callable[[float], float]) -> Callable[[float], float]:
    def compute(value: float) -> float:
        if value <= 0:
            raise SqlError("cannot take logarithm of zero or of a negative number")
        return function(value)

    return compute


def exponential(value: float) -> float:
    result = math.exp(value)
    if result == 0 and not math.isinf(value):
        raise SqlError("value out of range: underflow")
    return result


def power(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:
        raise SqlError("zero raised to a negative power is undefined")
    if base < 0 and not math.isinf(exponent) and exponent != math.floor(exponent):
        raise SqlError("a negative number raised to a non-integer power yields a complex result")
    result = math.pow(base, exponent)
    if result == 0 and base != 0 and not math.isinf(base) and not math.isinf(exponent):
        raise SqlError("value out of range: underflow")
    return result


RADIANS_PER_DEGREE = 0.0174532925199432957692


def angle(convert: Callable[[float], float]) -> Callable[[float], float]:
    def compute(value: float) -> float:
        result = convert(value)
        if result == 0 and value != 0:
            raise SqlError("value out of range: underflow")
        return result

    return compute


for sql_name, implementation in {
    "sqrt": math.sqrt,
    "cbrt": math.cbrt,
    "exp": exponential,
    "ln": logarithm(math.log),
    "log10": logarithm(math.log10),
    "power": power,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "atan2": math.atan2,
    "degrees": angle(lambda value: value / RADIANS_PER_DEGREE),
    "radians": angle(lambda value: value * RADIANS_PER_DEGREE),
}.items():
    float_function(f"pg_{sql_name}", implementation)
