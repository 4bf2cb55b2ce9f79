"""The transforms as AWS Glue's scripts call them: `ApplyMapping.apply(frame = ..., mappings = [...])`."""

from __future__ import annotations

from typing import Any

from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection
from awsglue.missing import missing

__all__ = [
    "ApplyMapping",
    "DropFields",
    "DropNullFields",
    "ErrorsAsDynamicFrame",
    "Filter",
    "FlatMap",
    "GlueTransform",
    "Join",
    "Map",
    "MapToCollection",
    "MergeFrames",
    "Relationalize",
    "RenameField",
    "ResolveChoice",
    "SelectFields",
    "SelectFromCollection",
    "Spigot",
    "SplitFields",
    "SplitRows",
    "Unbox",
    "Union",
    "UnnestFrame",
]


class GlueTransform:
    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        return cls()(*args, **kwargs)

    @classmethod
    def name(cls) -> str:
        return cls.__name__


class ApplyMapping(GlueTransform):
    def __call__(
        self,
        frame: DynamicFrame,
        mappings: Any,
        case_sensitive: bool = False,
        transformation_ctx: str = "",
        *_: Any,
        **__: Any,
    ) -> DynamicFrame:
        return frame.apply_mapping(mappings, case_sensitive, transformation_ctx)


class SelectFields(GlueTransform):
    def __call__(
        self, frame: DynamicFrame, paths: Any, transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrame:
        return frame.select_fields(paths, transformation_ctx)


class DropFields(GlueTransform):
    def __call__(
        self, frame: DynamicFrame, paths: Any, transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrame:
        return frame.drop_fields(paths, transformation_ctx)


class RenameField(GlueTransform):
    def __call__(
        self, frame: DynamicFrame, old_name: str, new_name: str, transformation_ctx: str = "", *_: Any, **__: Any
    ) -> DynamicFrame:
        return frame.rename_field(old_name, new_name, transformation_ctx)


class Filter(GlueTransform):
    def __call__(self, frame: DynamicFrame, f: Any, transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        return frame.filter(f, transformation_ctx)


class Map(GlueTransform):
    def __call__(self, frame: DynamicFrame, f: Any, transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        return frame.map(f, transformation_ctx=transformation_ctx)


class Join(GlueTransform):
    def __call__(
        self, frame1: DynamicFrame, frame2: DynamicFrame, keys1: Any, keys2: Any, transformation_ctx: str = ""
    ) -> DynamicFrame:
        return frame1.join(keys1, keys2, frame2, transformation_ctx)


class Union(GlueTransform):
    def __call__(
        self, frame1: DynamicFrame, frame2: DynamicFrame, transformation_ctx: str = "", **__: Any
    ) -> DynamicFrame:
        return frame1.union(frame2, transformation_ctx)


class ResolveChoice(GlueTransform):
    def __call__(
        self, frame: DynamicFrame, specs: Any = None, choice: str = "", *args: Any, **kwargs: Any
    ) -> DynamicFrame:
        return frame.resolveChoice(specs, choice, *args, **kwargs)


class DropNullFields(GlueTransform):
    def __call__(self, frame: DynamicFrame, transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        return frame.drop_null_fields(transformation_ctx)


class UnnestFrame(GlueTransform):
    def __call__(self, frame: DynamicFrame, transformation_ctx: str = "", *_: Any, **__: Any) -> DynamicFrame:
        return frame.unnest(transformation_ctx)


class SplitFields(GlueTransform):
    def __call__(
        self,
        frame: DynamicFrame,
        paths: Any,
        name1: str | None = None,
        name2: str | None = None,
        transformation_ctx: str = "",
        *_: Any,
        **__: Any,
    ) -> DynamicFrameCollection:
        return frame.split_fields(paths, name1 or f"{frame.name}1", name2 or f"{frame.name}2", transformation_ctx)


class SplitRows(GlueTransform):
    def __call__(
        self,
        frame: DynamicFrame,
        comparison_dict: Any,
        name1: str = "frame1",
        name2: str = "frame2",
        transformation_ctx: str = "",
        *_: Any,
        **__: Any,
    ) -> DynamicFrameCollection:
        return frame.split_rows(comparison_dict, name1, name2, transformation_ctx)


class SelectFromCollection(GlueTransform):
    def __call__(self, dfc: DynamicFrameCollection, key: str, transformation_ctx: str = "") -> DynamicFrame:
        return dfc.select(key, transformation_ctx)


class MapToCollection(GlueTransform):
    def __call__(
        self, dfc: DynamicFrameCollection, BaseTransform: type[GlueTransform], transformation_ctx: str = "", **base: Any
    ) -> DynamicFrameCollection:
        return dfc.map(lambda frame, _context: BaseTransform.apply(frame=frame, **base), transformation_ctx)


class FlatMap(GlueTransform):
    def __call__(
        self,
        dfc: DynamicFrameCollection,
        BaseTransform: type[GlueTransform],
        frame_name: str,
        transformation_ctx: str = "",
        **base: Any,
    ) -> DynamicFrameCollection:
        changed = {key: BaseTransform.apply(**{frame_name: dfc[key]}, **base) for key in dfc}
        return DynamicFrameCollection(changed, dfc._glue_context)


class MergeFrames(GlueTransform):
    def __call__(
        self,
        frame: DynamicFrame,
        stage_dynamic_frame: DynamicFrame,
        primary_keys: Any,
        transformation_ctx: str = "",
        *_: Any,
        **__: Any,
    ) -> DynamicFrame:
        return frame.mergeDynamicFrame(stage_dynamic_frame, primary_keys, transformation_ctx)


class ErrorsAsDynamicFrame(GlueTransform):
    def __call__(self, frame: DynamicFrame) -> DynamicFrame:
        return frame.errorsAsDynamicFrame()


class Relationalize(GlueTransform):
    def __call__(self, frame: DynamicFrame, *args: Any, **kwargs: Any) -> DynamicFrameCollection:
        return frame.relationalize()


class Unbox(GlueTransform):
    def __call__(self, frame: DynamicFrame, *args: Any, **kwargs: Any) -> DynamicFrame:
        return frame.unbox()


class Spigot(GlueTransform):
    def __call__(self, frame: DynamicFrame, *args: Any, **kwargs: Any) -> DynamicFrame:
        return frame.spigot()


def __getattr__(name: str) -> Any:
    """A transform that is not here says so, instead of being an attribute that nobody knows."""
    if name.startswith("_"):
        raise AttributeError(name)
    return missing(f"The transform {name}", "Use toDF() and Spark's own functions, then fromDF(), or run on AWS Glue.")
