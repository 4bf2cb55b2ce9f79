"""The types of a DynamicFrame's schema, and their names in mappings."""

from __future__ import annotations

import re
from typing import Any

from pyspark.sql import types as spark

#: AWS Glue's names that Spark's own parser does not know, or knows otherwise.
NAMES = {"long": "bigint", "short": "smallint", "byte": "tinyint", "decimal": "decimal(10,2)", "null": "void"}
#: Said without their elements: a value of such a type is left as it is.
OPEN = {"struct", "array", "map", "object", "choice", "entity"}


def spark_type(name: str) -> str | None:
    """A type of a mapping as Spark's DDL; None for one that leaves the value as it is."""
    plain = name.strip().lower()
    if plain in OPEN:
        return None
    return re.sub(r"\b(long|short|byte|null)\b|\bdecimal\b(?!\s*\()", lambda found: NAMES[found.group(0)], plain)


class DataType:
    def __init__(self, properties: dict[str, Any] | None = None) -> None:
        self.properties = properties or {}

    @classmethod
    def typeName(cls) -> str:
        name = cls.__name__.removesuffix("Type").lower()
        return {"integer": "int"}.get(name, name)

    def jsonValue(self) -> dict[str, Any]:
        return {"dataType": self.typeName(), **({"properties": self.properties} if self.properties else {})}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, self.__class__) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(str(self.jsonValue()))

    def __repr__(self) -> str:
        return f"{self.__class__.__name__}({self.properties})"


class AtomicType(DataType):
    pass


class NullType(AtomicType):
    pass


class BinaryType(AtomicType):
    pass


class BooleanType(AtomicType):
    pass


class ByteType(AtomicType):
    pass


class DateType(AtomicType):
    pass


class DoubleType(AtomicType):
    pass


class FloatType(AtomicType):
    pass


class IntegerType(AtomicType):
    pass


class LongType(AtomicType):
    pass


class ShortType(AtomicType):
    pass


class StringType(AtomicType):
    pass


class TimestampType(AtomicType):
    pass


class UnknownType(AtomicType):
    pass


class DecimalType(AtomicType):
    def __init__(self, precision: int = 10, scale: int = 2, properties: dict[str, Any] | None = None) -> None:
        super().__init__(properties)
        self.precision = precision
        self.scale = scale

    def jsonValue(self) -> dict[str, Any]:
        return {**super().jsonValue(), "precision": self.precision, "scale": self.scale}


class ArrayType(DataType):
    def __init__(self, elementType: DataType | None = None, properties: dict[str, Any] | None = None) -> None:
        super().__init__(properties)
        self.elementType = elementType or UnknownType()

    def jsonValue(self) -> dict[str, Any]:
        return {**super().jsonValue(), "elementType": self.elementType.jsonValue()}


class MapType(DataType):
    def __init__(self, valueType: DataType | None = None, properties: dict[str, Any] | None = None) -> None:
        super().__init__(properties)
        self.keyType = StringType()
        self.valueType = valueType or UnknownType()

    def jsonValue(self) -> dict[str, Any]:
        return {**super().jsonValue(), "valueType": self.valueType.jsonValue()}


class Field:
    def __init__(self, name: str, dataType: DataType, properties: dict[str, Any] | None = None) -> None:
        self.name = name
        self.dataType = dataType
        self.properties = properties or {}

    def jsonValue(self) -> dict[str, Any]:
        return {"name": self.name, "container": self.dataType.jsonValue(), "properties": self.properties}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Field) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(str(self.jsonValue()))

    def __repr__(self) -> str:
        return f"Field({self.name}, {self.dataType!r}, {self.properties})"


class StructType(DataType):
    def __init__(self, fields: list[Field] | None = None, properties: dict[str, Any] | None = None) -> None:
        super().__init__(properties)
        self.fields = fields or []
        self.field_map = {field.name: field for field in self.fields}

    def __iter__(self) -> Any:
        return iter(self.fields)

    def jsonValue(self) -> dict[str, Any]:
        return {**super().jsonValue(), "fields": [field.jsonValue() for field in self.fields]}

    def __repr__(self) -> str:
        return f"StructType({self.fields}, {self.properties})"


def of_spark(kind: spark.DataType) -> DataType:
    if isinstance(kind, spark.StructType):
        return StructType([Field(field.name, of_spark(field.dataType)) for field in kind.fields])
    if isinstance(kind, spark.ArrayType):
        return ArrayType(of_spark(kind.elementType))
    if isinstance(kind, spark.MapType):
        return MapType(of_spark(kind.valueType))
    if isinstance(kind, spark.DecimalType):
        return DecimalType(kind.precision, kind.scale)
    # A timestamp without a zone has no type of its own in AWS Glue.
    name = {"TimestampNTZType": "TimestampType"}.get(type(kind).__name__, type(kind).__name__)
    return globals().get(name, UnknownType)()


def tree_text(kind: DataType, indent: str = "") -> str:
    """As printSchema writes it, below `root`."""
    if isinstance(kind, StructType):
        return "".join(field_text(field.name, field.dataType, indent) for field in kind.fields)
    if isinstance(kind, ArrayType):
        return field_text("element", kind.elementType, indent)
    if isinstance(kind, MapType):
        return field_text("keyType", kind.keyType, indent) + field_text("valueType", kind.valueType, indent)
    return ""


def field_text(name: str, kind: DataType, indent: str) -> str:
    return f"{indent}|-- {name}: {kind.typeName()}\n" + tree_text(kind, indent + "|    ")
