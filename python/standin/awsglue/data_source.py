"""Sources and sinks as getSource and getSink give them: first described, then used."""

from __future__ import annotations

from typing import Any

from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection


class DataSource:
    def __init__(self, glue_ctx: Any, connection_type: str, options: dict[str, Any], name: str) -> None:
        self._glue_context = glue_ctx
        self._type = connection_type
        self._options = options
        self._format: tuple[str | None, dict[str, Any]] = (None, {})
        self.name = name

    def setFormat(self, format: str, **options: Any) -> None:
        self._format = (format, options)

    def getFrame(self) -> DynamicFrame:
        format, format_options = self._format
        return self._glue_context.create_dynamic_frame_from_options(
            self._type, self._options, format, format_options, self.name
        )


class DataSink:
    def __init__(self, glue_ctx: Any, connection_type: str, options: dict[str, Any]) -> None:
        self._glue_context = glue_ctx
        self._type = connection_type
        self._options = options
        self._format: tuple[str | None, dict[str, Any]] = (None, {})

    def setFormat(self, format: str, **options: Any) -> None:
        self._format = (format, options)

    def setCatalogInfo(self, catalogDatabase: str, catalogTableName: str, catalogId: str = "") -> None:
        """The catalogue is AWS Glue's to keep: the rows are written all the same."""

    def writeFrame(self, dynamic_frame: DynamicFrame, info: str = "") -> DynamicFrame:
        format, format_options = self._format
        return self._glue_context.write_dynamic_frame_from_options(
            dynamic_frame, self._type, self._options, format, format_options
        )

    def write(self, dynamic_frame_or_dfc: Any, info: str = "") -> Any:
        if isinstance(dynamic_frame_or_dfc, DynamicFrameCollection):
            frames = {key: self.writeFrame(dynamic_frame_or_dfc[key]) for key in dynamic_frame_or_dfc}
            return DynamicFrameCollection(frames, self._glue_context)
        return self.writeFrame(dynamic_frame_or_dfc)
