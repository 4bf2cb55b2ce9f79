"""A DynamicFrame over a DataFrame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from awsglue import gluetypes, records
from awsglue.missing import missing
from awsglue.paths import Tree, column, dropped, quoted, replaced, selected, steps, type_at
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import NullType, StructType


class DynamicFrame:
    def __init__(self, frame: DataFrame, glue_ctx: Any, name: str = "") -> None:
        if not isinstance(frame, DataFrame):
            missing(
                "A DynamicFrame made from an object of the JVM", "Use DynamicFrame.fromDF(data_frame, context, name)."
            )
        self.frame = frame
        self.glue_ctx = glue_ctx
        self.name = name

    @classmethod
    def fromDF(cls, dataframe: DataFrame, glue_ctx: Any, name: str = "") -> DynamicFrame:
        return cls(dataframe, glue_ctx, name)

    def with_frame(self, frame: DataFrame, name: str = "") -> DynamicFrame:
        return DynamicFrame(frame, self.glue_ctx, name or self.name)

    def toDF(self, options: Sequence[Any] | None = None) -> DataFrame:
        if options:
            missing("toDF with options", "No column has several types here: use toDF() alone.")
        return self.frame

    def count(self) -> int:
        return self.frame.count()

    def schema(self) -> gluetypes.StructType:
        return gluetypes.of_spark(self.frame.schema)

    def printSchema(self) -> None:
        print("root\n" + gluetypes.tree_text(self.schema()))

    def show(self, num_rows: int = 20) -> None:
        for text in self.frame.toJSON().take(num_rows):
            print(text)

    def getNumPartitions(self) -> int:
        return self.frame.rdd.getNumPartitions()

    def repartition(self, num_partitions: int, transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        return self.with_frame(self.frame.repartition(num_partitions), transformation_ctx)

    def coalesce(self, num_partitions: int, shuffle: bool = False, transformation_ctx: str = "", *_: Any, **__: Any):
        frame = self.frame.repartition(num_partitions) if shuffle else self.frame.coalesce(num_partitions)
        return self.with_frame(frame, transformation_ctx)

    def errorsCount(self) -> int:
        """What fails for a record fails the job, so there are never error records."""
        return 0

    def stageErrorsCount(self) -> int:
        return 0

    def assertErrorThreshold(self) -> None:
        pass

    def errorsAsDynamicFrame(self) -> DynamicFrame:
        return self.with_frame(self.frame.limit(0))

    def select_fields(self, paths: Sequence[str], transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        return self.with_frame(selected(self.frame, one_or_more(paths)), transformation_ctx)

    def drop_fields(self, paths: Sequence[str], transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        return self.with_frame(dropped(self.frame, one_or_more(paths)), transformation_ctx)

    def rename_field(
        self, oldName: str, newName: str, transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrame:
        names, target = steps(oldName), steps(newName)
        if type_at(self.frame.schema, names) is None:
            return self.with_frame(self.frame, transformation_ctx)
        if len(names) == len(target) == 1:
            return self.with_frame(self.frame.withColumnRenamed(names[0], target[0]), transformation_ctx)
        copied = replaced(self.frame, newName, column(names))
        return self.with_frame(dropped(copied, [oldName]), transformation_ctx)

    def apply_mapping(
        self, mappings: Iterable[Any], case_sensitive: bool = False, transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrame:
        """Keeps what is mapped; a source that is not there maps to nothing, as on AWS Glue."""
        tree = Tree()
        for mapping in mappings:
            source, target, kind = mapped(mapping)
            names = steps(source)
            if type_at(self.frame.schema, names) is None:
                continue
            value = column(names)
            tree.put(steps(target), value.cast(kind) if kind else value)
        return self.with_frame(self.frame.select(*tree.columns()), transformation_ctx)

    def resolveChoice(
        self,
        specs: Iterable[tuple[str, str]] | None = None,
        choice: str = "",
        database: str | None = None,
        table_name: str | None = None,
        transformation_ctx: str = "",
        *_: Any,
        **__: Any,
    ) -> DynamicFrame:
        """Casts; every column has one type already, so the other actions have nothing to do."""
        if specs and choice:
            raise ValueError("resolveChoice takes specs or choice, not both.")
        frame = self.frame
        for path, action in [*(specs or []), *([("", choice)] if choice else [])]:
            verb, _colon, kind = action.partition(":")
            if verb not in ("cast", "project", "make_cols", "make_struct"):
                missing(
                    f"The action {action} of resolveChoice", "It asks the Data Catalog: name the types by cast:type."
                )
            if verb in ("cast", "project") and path and type_at(frame.schema, steps(path)) is not None:
                ddl = gluetypes.spark_type(kind)
                frame = replaced(frame, path, column(steps(path)).cast(ddl)) if ddl else frame
        return self.with_frame(frame, transformation_ctx)

    def filter(self, f: Callable[[Any], bool], transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        return self.with_frame(records.kept(self.frame, f), transformation_ctx)

    def map(
        self,
        f: Callable[[Any], Any],
        preservesPartitioning: bool = False,
        transformation_ctx: str = "",
        *_: Any,
        **__: Any,
    ) -> DynamicFrame:
        return self.with_frame(records.mapped(self.frame, f), transformation_ctx)

    def join(
        self,
        paths1: Sequence[str],
        paths2: Sequence[str],
        frame2: DynamicFrame,
        transformation_ctx: str = "",
        *_: Any,
        **__: Any,
    ) -> DynamicFrame:
        """An equality join; what is called the same on the right gets a point before its name."""
        left, right = self.frame, frame2.frame
        names = set(left.columns)
        right = right.toDF(*(f".{name}" if name in names else name for name in right.columns))
        keys = zip(one_or_more(paths1), one_or_more(paths2), strict=True)
        condition = F.lit(True)
        for one, other in keys:
            first, *inner = steps(other)
            condition &= column(steps(one)) == column([f".{first}" if first in names else first, *inner])
        return self.with_frame(left.join(right, condition), transformation_ctx)

    def union(self, frame2: DynamicFrame, transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        return self.with_frame(self.frame.unionByName(frame2.frame, allowMissingColumns=True), transformation_ctx)

    def unnest(self, transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        """Structs become top-level columns with the whole path as their name."""
        return self.with_frame(self.frame.select(*leaves(self.frame.schema, [])), transformation_ctx)

    def drop_null_fields(self, transformation_ctx: str = "") -> DynamicFrame:
        empty = [field.name for field in self.frame.schema.fields if isinstance(field.dataType, NullType)]
        return self.with_frame(self.frame.drop(*empty), transformation_ctx)

    def split_fields(
        self, paths: Sequence[str], name1: str, name2: str, transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrameCollection:
        taken, rest = self.select_fields(paths), self.drop_fields(paths)
        return DynamicFrameCollection({name1: taken, name2: rest}, self.glue_ctx)

    def split_rows(
        self,
        comparison_dict: Mapping[str, Mapping[str, Any]],
        name1: str,
        name2: str,
        transformation_ctx: str = "",
        *_: Any,
        **__: Any,
    ) -> DynamicFrameCollection:
        condition = F.coalesce(records.comparison(comparison_dict), F.lit(False))
        both = {name1: self.frame.where(condition), name2: self.frame.where(~condition)}
        return DynamicFrameCollection({name: self.with_frame(f, name) for name, f in both.items()}, self.glue_ctx)

    def mergeDynamicFrame(
        self,
        stage_dynamic_frame: DynamicFrame,
        primary_keys: Sequence[str],
        transformation_ctx: str = "",
        *_: Any,
        **__: Any,
    ) -> DynamicFrame:
        """The staged records, and ours that no staged record has the key of."""
        staged = stage_dynamic_frame.frame
        kept = self.frame.join(staged.select(*primary_keys).distinct(), list(primary_keys), "left_anti")
        merged = kept.select(*self.frame.columns).unionByName(staged, allowMissingColumns=True)
        return self.with_frame(merged, transformation_ctx)

    def write(
        self,
        connection_type: str,
        connection_options: Mapping[str, Any],
        format: str | None = None,
        format_options: Any = None,
        *_: Any,
    ) -> DynamicFrame:
        return self.glue_ctx.write_dynamic_frame_from_options(
            self, connection_type, connection_options, format, format_options or {}
        )

    def relationalize(self, *_: Any, **__: Any) -> DynamicFrameCollection:
        return missing("relationalize", "Use unnest() for structs, and Spark's explode for each array.")

    def unbox(self, *_: Any, **__: Any) -> DynamicFrame:
        return missing("unbox", "Use toDF() and Spark's from_json or from_csv, then fromDF().")

    def spigot(self, *_: Any, **__: Any) -> DynamicFrame:
        return missing("spigot", "Use show(), or write a sample with toDF().limit(10).write.json(path).")


class DynamicFrameCollection:
    def __init__(self, dynamic_frames: Mapping[str, DynamicFrame], glue_ctx: Any) -> None:
        self._df_dict = dict(dynamic_frames)
        self._glue_context = glue_ctx

    def __getitem__(self, key: str) -> DynamicFrame:
        return self._df_dict[key]

    def __len__(self) -> int:
        return len(self._df_dict)

    def __iter__(self) -> Iterator[str]:
        return iter(self._df_dict)

    def keys(self) -> Iterable[str]:
        return self._df_dict.keys()

    def values(self) -> Iterable[DynamicFrame]:
        return self._df_dict.values()

    def select(self, key: str, transformation_ctx: str = "") -> DynamicFrame:
        return self._df_dict[key]

    def map(self, callable: Callable[..., DynamicFrame], transformation_ctx: str = "") -> DynamicFrameCollection:
        changed = {key: callable(frame, transformation_ctx) for key, frame in self._df_dict.items()}
        return DynamicFrameCollection(changed, self._glue_context)


def one_or_more(paths: str | Sequence[str]) -> list[str]:
    return [paths] if isinstance(paths, str) else list(paths)


def mapped(mapping: Any) -> tuple[str, str, str | None]:
    """Source, target and its type; without types the value is moved as it is."""
    if len(mapping) == 4:
        source, _source_type, target, kind = mapping
        return source, target, gluetypes.spark_type(kind)
    if len(mapping) == 2:
        return mapping[0], mapping[1], None
    raise ValueError(f"A mapping is (source, source type, target, target type), and not {mapping!r}.")


def leaves(schema: StructType, above: list[str]) -> list[Any]:
    found = []
    for field in schema.fields:
        names = [*above, field.name]
        if isinstance(field.dataType, StructType):
            found += leaves(field.dataType, names)
        else:
            found.append(F.col(".".join(quoted(name) for name in names)).alias(".".join(names)))
    return found
