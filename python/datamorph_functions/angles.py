"""Hyperbolic functions, and angles in degrees with PostgreSQL's exact values at the multiples of 15 degrees."""

from __future__ import annotations

import math
from collections.abc import Callable

from datamorph_functions.doubles import RADIANS_PER_DEGREE, float_text
from datamorph_functions.registry import SqlError, answer_function

OUT_OF_RANGE = "input is out of range"


def reciprocal(value: float) -> float:
    return 1 / value if value else math.copysign(math.inf, value)


def divided(left: float, right: float) -> float:
    """As C divides: by zero it is infinite, or undefined."""
    if right:
        return left / right
    return math.nan if left == 0 else math.copysign(math.inf, left) * math.copysign(1, right)


def overflowing(function: Callable[[float], float], of_negative: float) -> Callable[[float], float]:
    """Infinite where the result is too large, which is no error here."""

    def compute(value: float) -> float:
        try:
            return function(value)
        except OverflowError:
            return of_negative if value < 0 else math.inf

    return compute


def inverse_tangent_of_unit(value: float) -> float:
    return math.copysign(math.inf, value) if abs(value) == 1 else math.atanh(value)


# The quotients that make the values at 30, 45 and 60 degrees exact.
SIN_30 = math.sin(30 * RADIANS_PER_DEGREE)
ONE_MINUS_COS_60 = 1 - math.cos(60 * RADIANS_PER_DEGREE)
ASIN_HALF = math.asin(0.5)
ACOS_HALF = math.acos(0.5)
ATAN_ONE = math.atan(1.0)


def sine_to_30(value: float) -> float:
    return math.sin(value * RADIANS_PER_DEGREE) / SIN_30 / 2


def cosine_to_60(value: float) -> float:
    return 1 - (1 - math.cos(value * RADIANS_PER_DEGREE)) / ONE_MINUS_COS_60 / 2


def first_quadrant_sine(value: float) -> float:
    return sine_to_30(value) if value <= 30 else cosine_to_60(90 - value)


def first_quadrant_cosine(value: float) -> float:
    return cosine_to_60(value) if value <= 60 else sine_to_30(90 - value)


TAN_45 = first_quadrant_sine(45.0) / first_quadrant_cosine(45.0)
COT_45 = first_quadrant_cosine(45.0) / first_quadrant_sine(45.0)


def folded(value: float) -> tuple[float, int, int, bool]:
    """The angle in the first quadrant; the signs of its sine and cosine; whether it lies in the second or fourth."""
    if math.isinf(value):
        raise SqlError(OUT_OF_RANGE)
    angle = math.fmod(value, 360.0)
    sine, cosine = 1, 1
    if angle < 0:
        angle, sine = -angle, -sine
    if angle > 180:
        angle, sine = 360 - angle, -sine
    if angle > 90:
        angle, cosine = 180 - angle, -cosine
    return angle, sine, cosine, sine != cosine


def sind(value: float) -> float:
    angle, sine, _, _ = folded(value)
    return sine * first_quadrant_sine(angle)


def cosd(value: float) -> float:
    angle, _, cosine, _ = folded(value)
    return cosine * first_quadrant_cosine(angle)


def tand(value: float) -> float:
    angle, _, _, is_negative = folded(value)
    result = divided(first_quadrant_sine(angle), first_quadrant_cosine(angle)) / TAN_45
    return unsigned_zero(-result if is_negative else result)


def cotd(value: float) -> float:
    angle, _, _, is_negative = folded(value)
    result = divided(first_quadrant_cosine(angle), first_quadrant_sine(angle)) / COT_45
    return unsigned_zero(-result if is_negative else result)


def unsigned_zero(value: float) -> float:
    return value if value else 0.0


def positive_asind(value: float) -> float:
    return math.asin(value) / ASIN_HALF * 30 if value <= 0.5 else 90 - math.acos(value) / ACOS_HALF * 60


def positive_acosd(value: float) -> float:
    return 90 - math.asin(value) / ASIN_HALF * 30 if value <= 0.5 else math.acos(value) / ACOS_HALF * 60


def asind(value: float) -> float:
    return positive_asind(value) if value >= 0 else -positive_asind(-value)


def acosd(value: float) -> float:
    return positive_acosd(value) if value >= 0 else 90 + positive_asind(-value)


def atand(value: float) -> float:
    return math.atan(value) / ATAN_ONE * 45


def angle_function(name: str, function: Callable[..., float], limits: tuple[float, float] | None = None) -> None:
    def compute(*args: float) -> str:
        if any(math.isnan(argument) for argument in args):
            return "NaN"
        if limits and not limits[0] <= args[0] <= limits[1]:
            raise SqlError(OUT_OF_RANGE)
        try:
            return float_text(function(*args))
        except ValueError as error:
            raise SqlError(OUT_OF_RANGE) from error

    answer_function(name)(compute)


def cot(value: float) -> float:
    return reciprocal(math.tan(value))


def atan2d(left: float, right: float) -> float:
    return math.atan2(left, right) / ATAN_ONE * 45


angle_function("pg_cot", cot)
angle_function("pg_sinh", overflowing(math.sinh, -math.inf))
angle_function("pg_cosh", overflowing(math.cosh, math.inf))
angle_function("pg_tanh", math.tanh)
angle_function("pg_asinh", math.asinh)
angle_function("pg_acosh", math.acosh, (1, math.inf))
angle_function("pg_atanh", inverse_tangent_of_unit, (-1, 1))
angle_function("pg_sind", sind)
angle_function("pg_cosd", cosd)
angle_function("pg_tand", tand)
angle_function("pg_cotd", cotd)
angle_function("pg_asind", asind, (-1, 1))
angle_function("pg_acosd", acosd, (-1, 1))
angle_function("pg_atand", atand)
angle_function("pg_atan2d", atan2d)


@answer_function("pg_float_width_bucket")
def pg_float_width_bucket(value: float, low: float, high: float, count: int) -> int:
    if count <= 0:
        raise SqlError("count must be greater than zero")
    if math.isnan(value) or math.isnan(low) or math.isnan(high):
        raise SqlError("operand, lower bound, and upper bound cannot be NaN")
    if math.isinf(low) or math.isinf(high):
        raise SqlError("lower and upper bounds must be finite")
    if low == high:
        raise SqlError("lower bound cannot equal upper bound")
    if low > high:
        value, low, high = -value, -low, -high
    if value < low:
        return 0
    if value >= high:
        return count + 1
    if math.isinf(high - low):
        value, low, high = value / 2, low / 2, high / 2
    return min(int(count * ((value - low) / (high - low))), count - 1) + 1
