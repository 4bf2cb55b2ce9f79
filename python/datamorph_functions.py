"""SQL functions that give PostgreSQL's own answer where Spark SQL has no expression that does.

`register(spark, names)` makes them callable from SQL. Every function is null-safe: None in, None out. Where PostgreSQL
raises an error, a function whose answer is a number or a date returns the error's words as text instead: the generated
SQL casts the answer, so the error is raised only for rows whose answer is asked for (Spark calls Python before it looks
at CASE). Functions whose answer is text raise at once.
"""

from __future__ import annotations

import datetime
import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: The session settings under which the generated SQL means what PostgreSQL means.
SESSION_CONF = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    # Column names that differ in case only are different columns.
    "spark.sql.caseSensitive": "true",
    # Decimals keep their scale and fail when a value does not fit, instead of losing digits.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    # Text of the form ${...} stays what it is.
    "spark.sql.variable.substitute": "false",
}

#: Name in SQL -> (function, return type).
FUNCTIONS: dict[str, tuple[Callable[..., Any], str]] = {}

EXACT = Context(prec=2000, rounding=ROUND_HALF_UP)


def register(spark: SparkSession, names: Iterable[str]) -> None:
    """Makes the named functions callable from this session's SQL."""
    for name in names:
        function, return_type = FUNCTIONS[name]
        spark.udf.register(name, function, return_type)


class SqlError(Exception):
    """What PostgreSQL would report as an error."""


def sql_function(name: str, return_type: str = "string") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Registers a null-safe function under its name in SQL."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def null_safe(*args: Any) -> Any:
            return None if any(argument is None for argument in args) else function(*args)

        FUNCTIONS[name] = (null_safe, return_type)
        return null_safe

    return decorate


def answer_function(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Like `sql_function`, for an answer that the SQL casts: an error's words stand for the error."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def answer(*args: Any) -> str:
            try:
                return str(function(*args))
            except SqlError as error:
                return f"error: {error}"

        return sql_function(name)(answer)

    return decorate


# --- numeric -----------------------------------------------------------------------------------------------------------


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
def pg_divide(dividend: Any, divisor: Any, scale: int | None = None) -> str:
    """PostgreSQL's numeric division; with a scale, to that many digits after the point at most."""
    quotient = divide(dividend, divisor)
    return plain(quotient if scale is None or display_scale(quotient) <= scale else to_scale(quotient, scale))


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


# --- double precision --------------------------------------------------------------------------------------------------


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


# --- text ----------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def upper_character(character: str) -> str:
    """Unicode's simple mapping: one character for one."""
    for candidate in (character.upper(), character.title()):
        if len(candidate) == 1:
            return candidate
    return character


@lru_cache(maxsize=4096)
def title_character(character: str) -> str:
    for candidate in (character.title(), character.upper()):
        if len(candidate) == 1:
            return candidate
    return character


@lru_cache(maxsize=4096)
def lower_character(character: str) -> str:
    candidate = character.lower()
    return candidate if len(candidate) == 1 else candidate[0]


def is_word_character(character: str) -> bool:
    return character.isalpha() or (character.isascii() and character.isdigit()) or unicodedata.category(character) == "Nl"


@sql_function("pg_upper")
def pg_upper(value: str) -> str:
    return value.upper() if value.isascii() else "".join(map(upper_character, value))


@sql_function("pg_initcap")
def pg_initcap(value: str) -> str:
    inside = False
    result = []
    for character in value:
        result.append(lower_character(character) if inside else title_character(character))
        inside = is_word_character(character)
    return "".join(result)


@sql_function("pg_substring")
def pg_substring(value: str, start: int, length: int | None = None) -> str:
    """Positions before 1 count, but hold nothing."""
    first = max(start, 1)
    if length is None:
        return value[first - 1 :]
    return value[first - 1 : max(start + length, first) - 1]


# --- input of other types ------------------------------------------------------------------------------------------------

BLANK = " \t\n\v\f\r"
INTEGER = re.compile(r"[+-]?(?:\d(?:_?\d)*|0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+)", re.ASCII)
NUMBER = re.compile(r"[+-]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?", re.ASCII)
FLOAT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
SPECIAL = re.compile(r"([+-]?)(?:inf|infinity)|([+-]?)nan", re.IGNORECASE)


@answer_function("pg_integer")
def pg_integer(value: str) -> str:
    text = value.strip(BLANK)
    if not INTEGER.fullmatch(text):
        raise SqlError(f"invalid input syntax for an integer: {value[:80]!r}")
    digits = text.lstrip("+-").replace("_", "")
    base = {"0x": 16, "0o": 8, "0b": 2}.get(digits[:2].lower(), 10)
    number = int(digits[2:] if base != 10 else digits, base)
    return str(-number if text.startswith("-") else number)


@answer_function("pg_number")
def pg_number(value: str) -> str:
    text = value.strip(BLANK)
    if INTEGER.fullmatch(text):
        return pg_integer(text)
    if not NUMBER.fullmatch(text):
        raise SqlError(f"invalid input syntax for type numeric: {value[:80]!r}")
    number = Decimal(text.replace("_", ""))
    if abs(number.adjusted()) > 1000:
        raise SqlError("numeric field overflow") if number and number.adjusted() > 0 else SqlError("too many digits")
    return plain(number)


@answer_function("pg_float")
def pg_float(value: str) -> str:
    text = value.strip(BLANK)
    special = SPECIAL.fullmatch(text)
    if special:
        return "NaN" if "n" in text.lower() and "i" not in text.lower() else f"{'-' if text[0] == '-' else ''}Infinity"
    if not FLOAT.fullmatch(text):
        raise SqlError(f"invalid input syntax for type double precision: {value[:80]!r}")
    number = float(text)
    if math.isinf(number) or (number == 0 and Decimal(text) != 0):
        raise SqlError(f"{value[:80]!r} is out of range for type double precision")
    return repr(number)


@answer_function("pg_boolean")
def pg_boolean(value: str) -> str:
    word = value.strip(BLANK).lower()
    if word not in ("", "o"):
        if any(name.startswith(word) for name in ("true", "yes", "on", "1")):
            return "true"
        if any(name.startswith(word) for name in ("false", "no", "off", "0")):
            return "false"
    raise SqlError(f"invalid input syntax for type boolean: {value[:80]!r}")


DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{4})(\d{2})(\d{2})", re.ASCII)
TIMESTAMP = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2})(?:(?: +|T)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?(?: ?(Z|[+-]\d{2}(?::?\d{2})?))?",
    re.ASCII,
)


def parse_date(text: str) -> datetime.date:
    match = DATE.fullmatch(text)
    if not match:
        raise SqlError(f"not a date of the form 2026-01-31: {text[:80]!r}")
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise SqlError(f"date/time field value out of range: {text!r}") from error


@answer_function("pg_date")
def pg_date(value: str) -> str:
    """Dates of the form 2026-01-31 or 20260131; PostgreSQL reads many more, which are errors here."""
    return parse_date(value.strip(BLANK)).isoformat()


def parse_timestamp(text: str, with_zone: bool) -> str:
    match = TIMESTAMP.fullmatch(text.strip(BLANK))
    if not match:
        raise SqlError(f"not a timestamp of the form 2026-01-31 23:59:59: {text[:80]!r}")
    day, hour, minute, second, fraction, zone = match.groups(default="")
    moment = datetime.datetime.combine(parse_date(day), datetime.time())
    clock = [int(part or 0) for part in (hour, minute, second)]
    if clock[0] > 24 or clock[1] > 59 or clock[2] > 60 or (clock[0] == 24 and any(clock[1:] + [int(fraction or 0)])):
        raise SqlError(f"date/time field value out of range: {text[:80]!r}")
    hours, minutes, seconds = clock
    moment += datetime.timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=int(fraction.ljust(6, "0")))
    if with_zone and zone not in ("", "Z"):
        offset = datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[3:].lstrip(":") or 0))
        moment += offset if zone[0] == "-" else -offset
    return moment.isoformat(sep=" ")


@answer_function("pg_timestamp")
def pg_timestamp(value: str) -> str:
    return parse_timestamp(value, with_zone=False)


@answer_function("pg_timestamptz")
def pg_timestamptz(value: str) -> str:
    return parse_timestamp(value, with_zone=True)


EPOCH = datetime.datetime(1970, 1, 1)


@sql_function("pg_zone_to_utc", "bigint")
def pg_zone_to_utc(microseconds: int, zone: str) -> int:
    """A wall clock's instant: of an hour that comes twice the later, of one that is skipped by the rule before it."""
    wall = EPOCH + datetime.timedelta(microseconds=microseconds)
    readings = [wall.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1)]
    offset = min(reading for reading in readings if reading is not None)
    return microseconds - offset // datetime.timedelta(microseconds=1)


# --- json ----------------------------------------------------------------------------------------------------------------


class Number(str):
    """A JSON number as it was written."""


def parse_json(text: str) -> Any:
    try:
        return json.loads(
            text,
            parse_float=Number,
            parse_int=Number,
            parse_constant=refuse_constant,
        )
    except ValueError as error:
        raise SqlError("invalid input syntax for type json") from error


def refuse_constant(name: str) -> Any:
    raise ValueError(name)


def jsonb_number(text: str) -> str:
    number = Decimal(text)
    if not number:
        return format(abs(number), "f")
    return format(number, "f")


def jsonb_text(value: Any) -> str:
    """PostgreSQL's way to write jsonb: keys by length, then by bytes; one blank after a comma and a colon."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return "{" + ", ".join(f"{json_string(key)}: {jsonb_text(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(jsonb_text, value)) + "]"
    return scalar_text(value)


def scalar_text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return jsonb_number(value) if isinstance(value, Number) else json_string(value)


ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def json_string(text: str) -> str:
    characters = (ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text)
    return '"' + "".join(characters) + '"'


class MISSING:
    """Stands for a member that is not there; a class, because Spark's workers get copies of plain objects."""


def step_into(value: Any, key: str | int) -> Any:
    """The member or element, or MISSING."""
    if isinstance(value, dict) and isinstance(key, str):
        return value.get(key, MISSING)
    if isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
        return value[key]
    return MISSING


def step_by_path(value: Any, path: str) -> Any:
    inner = path[1:-1]
    for part in inner.split(",") if inner.strip() else []:
        name = part.strip(BLANK)
        if isinstance(value, list):
            if not re.fullmatch(r"[+-]?\d{1,9}", name, re.ASCII):
                return MISSING
            value = step_into(value, int(name))
        else:
            value = step_into(value, name)
        if value is MISSING:
            return MISSING
    return value


def as_text(value: Any) -> str | None:
    """The unquoted text of a value; NULL for JSON's null."""
    if value is None:
        return None
    return value if isinstance(value, str) and not isinstance(value, Number) else jsonb_text(value)


def jsonb_accessor(name: str, step: Callable[[Any, Any], Any], write: Callable[[Any], str | None]) -> None:
    def access(document: str, key: Any) -> str | None:
        value = step(parse_json(document), key)
        return None if value is MISSING else write(value)

    sql_function(name)(access)


def element_at(value: Any, index: int) -> Any:
    """jsonb keeps a scalar as an array of one."""
    return step_into(value if isinstance(value, (dict, list)) else [value], index)


for accessor, step in {"": step_into, "_at": element_at}.items():
    jsonb_accessor(f"pg_jsonb_get{accessor}", step, jsonb_text)
    jsonb_accessor(f"pg_jsonb_text{accessor}", step, as_text)
jsonb_accessor("pg_jsonb_path", step_by_path, jsonb_text)
jsonb_accessor("pg_jsonb_path_text", step_by_path, as_text)


@sql_function("pg_jsonb")
def pg_jsonb(value: str) -> str:
    return jsonb_text(parse_json(value))


@sql_function("pg_json")
def pg_json(value: str) -> str:
    parse_json(value)
    return value


def json_kind(document: str) -> str:
    value = parse_json(document)
    kinds: dict[type, str] = {dict: "object", list: "array", bool: "boolean", Number: "number", str: "string"}
    return kinds.get(type(value), "null")


def array_length(document: str) -> str:
    value = parse_json(document)
    if not isinstance(value, list):
        raise SqlError("cannot get array length of a non-array")
    return str(len(value))


for json_type in ("json", "jsonb"):
    sql_function(f"pg_{json_type}_typeof")(json_kind)
    answer_function(f"pg_{json_type}_array_length")(array_length)
