"""Moments and intervals made of numbers."""

from __future__ import annotations

import datetime
import math

from datamorph_functions.interval_arithmetic import EPOCH, INT64, moment_of
from datamorph_functions.interval_values import DAY, checked, read, text_of
from datamorph_functions.registry import SqlError, answer_function, sql_function

MILLENNIUM = datetime.datetime(2000, 1, 1)


@answer_function("pg_epoch_to_timestamp")
def pg_epoch_to_timestamp(seconds: float) -> str:
    """PostgreSQL counts from the year 2000 and rounds there, half to even."""
    if math.isnan(seconds) or math.isinf(seconds) or abs(seconds) > 1e12:
        raise SqlError("timestamp out of range")
    micros = round((seconds - 946_684_800.0) * 1_000_000)
    return moment_of(micros + (MILLENNIUM - EPOCH) // datetime.timedelta(microseconds=1)).isoformat(sep=" ")


@answer_function("pg_make_timestamp")
def pg_make_timestamp(year: int, month: int, day: int, hour: int, minute: int, second: float) -> str:
    try:
        date = datetime.datetime(year, month, day)
    except (ValueError, OverflowError) as error:
        raise SqlError("date field value out of range") from error
    if math.isnan(second) or math.isinf(second):
        raise SqlError("time field value out of range")
    micros = round(second * 1_000_000)
    clock = (hour * 60 + minute) * 60_000_000 + micros
    if not (0 <= hour <= 24 and 0 <= minute < 60 and 0 <= micros <= 60_000_000 and clock <= DAY):
        raise SqlError("time field value out of range")
    try:
        return (date + datetime.timedelta(microseconds=clock)).isoformat(sep=" ")
    except OverflowError as error:
        raise SqlError("timestamp out of range") from error


@sql_function("pg_make_interval")
def pg_make_interval(years: int, months: int, weeks: int, days: int, hours: int, minutes: int, seconds: float) -> str:
    if math.isnan(seconds) or math.isinf(seconds):
        raise SqlError("interval out of range")
    clock = (hours * 60 + minutes) * 60_000_000 + round(seconds * 1_000_000)
    return text_of(checked(years * 12 + months, weeks * 7 + days, clock))


@answer_function("pg_date_bin")
def pg_date_bin(stride: str, micros: int, origin: int) -> int:
    months, days, clock = read(stride)
    if months:
        raise SqlError("timestamps cannot be binned into intervals containing months or years")
    size = days * DAY + clock
    if not 0 < size < INT64:
        raise SqlError("stride must be greater than zero")
    start = origin + (micros - origin) // size * size
    moment_of(start)
    return start
