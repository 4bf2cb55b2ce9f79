"""Intervals computed with. In SQL an interval is the text that PostgreSQL writes for it."""

from __future__ import annotations

import calendar
import datetime
import math
from decimal import Decimal

from datamorph_functions.interval_values import (
    DAY,
    FOREVER,
    INT32,
    INT64,
    NEVER,
    Interval,
    checked,
    is_endless,
    quotient,
    read,
    text_of,
)
from datamorph_functions.registry import SqlError, answer_function, sql_function

EPOCH = datetime.datetime(1970, 1, 1)
TICK = datetime.timedelta(microseconds=1)


@sql_function("pg_interval_text")
def pg_interval_text(months: int, days: int, micros: int) -> str:
    return text_of(checked(months, days, micros))


@sql_function("pg_interval")
def pg_interval(written: str) -> str:
    return text_of(read(written))


@sql_function("pg_interval_part", "bigint")
def pg_interval_part(value: str, part: int) -> int:
    """Months, days or microseconds, for sums of them."""
    interval = read(value)
    if is_endless(interval):
        raise SqlError("an infinite interval cannot be added up in Spark")
    return interval[part]


@sql_function("pg_interval_order", "decimal(38,0)")
def pg_interval_order(value: str) -> Decimal:
    """Where the interval stands among all: by microseconds, at 30 days a month and 24 hours a day."""
    months, days, micros = read(value)
    return Decimal((months * 30 + days) * DAY + micros)


def negative(value: Interval) -> Interval:
    if is_endless(value):
        return NEVER if value == FOREVER else FOREVER
    return checked(-value.months, -value.days, -value.micros)


@sql_function("pg_interval_negative")
def pg_interval_negative(value: str) -> str:
    return text_of(negative(read(value)))


@sql_function("pg_interval_add")
def pg_interval_add(left: str, right: str) -> str:
    return text_of(_sum(read(left), read(right)))


@sql_function("pg_interval_subtract")
def pg_interval_subtract(left: str, right: str) -> str:
    first, second = read(left), read(right)
    if is_endless(first) or is_endless(second):
        return text_of(_sum(first, negative(second)))
    return text_of(checked(*(one - other for one, other in zip(first, second, strict=True))))


def _sum(first: Interval, second: Interval) -> Interval:
    if is_endless(first) or is_endless(second):
        if is_endless(first) and is_endless(second) and first != second:
            raise SqlError("interval out of range")
        return first if is_endless(first) else second
    return checked(*(one + other for one, other in zip(first, second, strict=True)))


def _tidy(value: float) -> float:
    """Rounded to microseconds, which hides what the multiplication of doubles has left."""
    return float(round(value * 1_000_000)) / 1_000_000


def _int32(value: float) -> int:
    if math.isnan(value) or not -INT32 <= value < INT32:
        raise SqlError("interval out of range")
    return int(value)


def _cascaded(value: Interval, months: float, days: float, micros: float) -> Interval:
    """Whole months and days; what is left of a month becomes days, what is left of a day becomes time."""
    whole_months, whole_days = _int32(months), _int32(days)
    rest_days = _tidy((months - whole_months) * 30)
    seconds = _tidy((days - whole_days + rest_days - int(rest_days)) * 86_400)
    if abs(seconds) >= 86_400:
        whole_days += int(seconds / 86_400)
        seconds -= int(seconds / 86_400) * 86_400
    total = micros + seconds * 1_000_000
    if math.isnan(total) or math.isinf(total) or not -INT64 <= round(total) < INT64:
        raise SqlError("interval out of range")
    return checked(whole_months, whole_days + int(rest_days), round(total))


@sql_function("pg_interval_multiply")
def pg_interval_multiply(value: str, factor: float) -> str:
    interval = read(value)
    if math.isnan(factor) or (is_endless(interval) and factor == 0):
        raise SqlError("interval out of range")
    if is_endless(interval):
        return text_of(interval if factor > 0 else negative(interval))
    if math.isinf(factor):
        order = (interval.months * 30 + interval.days) * DAY + interval.micros
        if order == 0:
            raise SqlError("interval out of range")
        return text_of(FOREVER if (order > 0) == (factor > 0) else NEVER)
    months, days, micros = interval
    return text_of(_cascaded(interval, months * factor, days * factor, micros * factor))


@sql_function("pg_interval_divide")
def pg_interval_divide(value: str, divisor: float) -> str:
    interval = read(value)
    if divisor == 0:
        raise SqlError("division by zero")
    if math.isnan(divisor) or (is_endless(interval) and math.isinf(divisor)):
        raise SqlError("interval out of range")
    if is_endless(interval):
        return text_of(interval if divisor > 0 else negative(interval))
    months, days, micros = interval
    return text_of(_cascaded(interval, months / divisor, days / divisor, micros / divisor))


def _with_one_sign(months: int, days: int, micros: int) -> Interval:
    """Months and days, and days and time, brought to the same sign."""
    if months > 0 and (days < 0 or (days == 0 and micros < 0)):
        months, days = months - 1, days + 30
    elif months < 0 and (days > 0 or (days == 0 and micros > 0)):
        months, days = months + 1, days - 30
    return _clock_with_sign(months, days, micros)


def _clock_with_sign(months: int, days: int, micros: int) -> Interval:
    if days > 0 > micros:
        days, micros = days - 1, micros + DAY
    elif days < 0 < micros:
        days, micros = days + 1, micros - DAY
    return checked(months, days, micros)


@sql_function("pg_justify_hours")
def pg_justify_hours(value: str) -> str:
    interval = read(value)
    if is_endless(interval):
        return text_of(interval)
    days = quotient(interval.micros, DAY)
    return text_of(_clock_with_sign(interval.months, interval.days + days, interval.micros - days * DAY))


@sql_function("pg_justify_days")
def pg_justify_days(value: str) -> str:
    interval = read(value)
    if is_endless(interval):
        return text_of(interval)
    more = quotient(interval.days, 30)
    months, days = interval.months + more, interval.days - more * 30
    if months > 0 > days:
        months, days = months - 1, days + 30
    elif months < 0 < days:
        months, days = months + 1, days - 30
    return text_of(checked(months, days, interval.micros))


@sql_function("pg_justify_interval")
def pg_justify_interval(value: str) -> str:
    interval = read(value)
    if is_endless(interval):
        return text_of(interval)
    days = interval.days + quotient(interval.micros, DAY)
    micros = interval.micros - quotient(interval.micros, DAY) * DAY
    more = quotient(days, 30)
    return text_of(_with_one_sign(interval.months + more, days - more * 30, micros))


def moment_of(micros: int) -> datetime.datetime:
    try:
        return EPOCH + datetime.timedelta(microseconds=micros)
    except OverflowError as error:
        raise SqlError("timestamp out of range") from error


def micros_of(moment: datetime.datetime) -> int:
    return (moment - EPOCH) // TICK


def moved(micros: int, interval: Interval) -> int:
    """Months first, cut to the month's last day, then days, then the clock."""
    if is_endless(interval):
        raise SqlError("timestamp out of range")
    moment = moment_of(micros)
    try:
        if interval.months:
            year, month = divmod(moment.year * 12 + moment.month - 1 + interval.months, 12)
            last = calendar.monthrange(year, month + 1)[1]
            moment = moment.replace(year=year, month=month + 1, day=min(moment.day, last))
        moment += datetime.timedelta(days=interval.days)
        moment += datetime.timedelta(microseconds=interval.micros)
    except (OverflowError, ValueError) as error:
        raise SqlError("timestamp out of range") from error
    return micros_of(moment)


@answer_function("pg_timestamp_add")
def pg_timestamp_add(micros: int, interval: str) -> int:
    return moved(micros, read(interval))


@answer_function("pg_timestamp_subtract")
def pg_timestamp_subtract(micros: int, interval: str) -> int:
    return moved(micros, negative(read(interval)))


@sql_function("pg_age")
def pg_age(later: int, earlier: int) -> str:
    """Counted in years, months and days of the calendar, from the earlier to the later."""
    turned = later < earlier
    first, second = moment_of(later), moment_of(earlier)
    if turned:
        first, second = second, first
    clock = micros_of(first) % DAY - micros_of(second) % DAY
    days = first.day - second.day
    months = (first.year - second.year) * 12 + first.month - second.month
    if clock < 0:
        clock, days = clock + DAY, days - 1
    # Days are borrowed from the month in which the count begins.
    while days < 0:
        days += calendar.monthrange(second.year, second.month)[1]
        months -= 1
    return text_of(Interval(-months, -days, -clock) if turned else Interval(months, days, clock))


FIELD_UNITS = {"microseconds": 1, "milliseconds": 1000, "second": 1_000_000}


@answer_function("pg_interval_field")
def pg_interval_field(value: str, field: str) -> str:
    """`extract`: a number as text."""
    interval = read(value)
    if is_endless(interval):
        raise SqlError("an infinite interval has no such number in Spark")
    months, days, micros = interval
    years = quotient(months, 12)
    month = months - years * 12
    clock = micros - quotient(micros, 60_000_000) * 60_000_000
    if field == "epoch":
        quarters = 1461 * years + 120 * month + 4 * days
        return str(Decimal(quarters * 21_600 * 1_000_000 + micros).scaleb(-6))
    if field in FIELD_UNITS:
        digits = len(str(FIELD_UNITS[field])) - 1
        return format(Decimal(clock).scaleb(-digits), "f")
    whole = {
        "minute": quotient(micros, 60_000_000) - quotient(micros, 3_600_000_000) * 60,
        "hour": quotient(micros, 3_600_000_000),
        "day": days,
        "month": month,
        "quarter": quotient(month, 3) + 1,
        "year": years,
        "decade": quotient(years, 10),
        "century": quotient(years, 100),
        "millennium": quotient(years, 1000),
    }
    return str(whole[field])


@sql_function("pg_interval_double", "double")
def pg_interval_double(value: str, field: str) -> float:
    """`date_part`: put together in double precision, part by part."""
    months, days, micros = read(value)
    if field == "epoch":
        years = quotient(months, 12)
        return micros / 1_000_000 + 31_557_600.0 * years + 2_592_000.0 * (months - years * 12) + 86_400.0 * days
    if field in ("second", "milliseconds"):
        # What is left of a second is added by itself.
        unit = FIELD_UNITS[field]
        seconds = quotient(micros, 1_000_000)
        rest = micros - seconds * 1_000_000
        return float((seconds - quotient(seconds, 60) * 60) * (1_000_000 // unit)) + rest / unit
    return float(pg_interval_field(value, field))


@sql_function("pg_interval_trunc")
def pg_interval_trunc(field: str, value: str) -> str:
    """`date_trunc`: what is smaller than the unit is cut off."""
    interval = read(value)
    if is_endless(interval):
        return text_of(interval)
    months, days, micros = interval
    by_month = {"millennium": 12_000, "century": 1200, "decade": 120, "year": 12, "quarter": 3, "month": 1}
    by_clock = {"day": DAY, "hour": 3_600_000_000, "minute": 60_000_000, "second": 1_000_000, "milliseconds": 1000}
    if field in by_month:
        return text_of(checked(quotient(months, by_month[field]) * by_month[field], 0, 0))
    unit = by_clock.get(field, 1)
    return text_of(checked(months, days, 0 if field == "day" else quotient(micros, unit) * unit))
