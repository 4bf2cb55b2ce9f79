"""The context that a script reads and writes by."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from typing import Any

from awsglue.data_source import DataSink, DataSource
from awsglue.databases import TYPES, described, read_table, refuse_other_types, write_table
from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection
from awsglue.files import read_files, write_files
from awsglue.missing import missing
from pyspark import SparkContext
from pyspark.sql import DataFrame, SparkSession, SQLContext

Options = Mapping[str, Any] | None
CATALOG = "Name the table or the files by from_options, or run on AWS Glue."


class GlueContext(SQLContext):
    def __init__(self, sparkContext: SparkContext, **_options: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # SQLContext is what scripts take a GlueContext for
            super().__init__(sparkContext, SparkSession.builder.getOrCreate())
        self.create_dynamic_frame = DynamicFrameReader(self)
        self.create_data_frame = DataFrameReader(self)
        self.write_dynamic_frame = DynamicFrameWriter(self)
        self.write_data_frame = DataFrameWriter(self)

    @property
    def spark_session(self) -> SparkSession:
        return self.sparkSession

    def getSource(
        self, connection_type: str, transformation_ctx: str = "", push_down_predicate: str = "", **options: Any
    ) -> DataSource:
        refuse_predicate(push_down_predicate)
        return DataSource(self, connection_type, options, transformation_ctx)

    def getSink(
        self, connection_type: str, format: str | None = None, transformation_ctx: str = "", **options: Any
    ) -> DataSink:
        sink = DataSink(self, connection_type, options)
        if format:
            sink.setFormat(format)
        return sink

    def create_data_frame_from_options(
        self,
        connection_type: str,
        connection_options: Options = None,
        format: str | None = None,
        format_options: Options = None,
        *_: Any,
        **__: Any,
    ) -> DataFrame:
        if connection_type in TYPES:
            return read_table(self.sparkSession, connection_options or {})
        if connection_type in ("s3", "file"):
            return read_files(self.sparkSession, connection_options or {}, format, format_options or {})
        return refuse_other_types(connection_type)

    def create_dynamic_frame_from_options(
        self,
        connection_type: str,
        connection_options: Options = None,
        format: str | None = None,
        format_options: Options = None,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **_: Any,
    ) -> DynamicFrame:
        refuse_predicate(push_down_predicate)
        frame = self.create_data_frame_from_options(connection_type, connection_options, format, format_options)
        return DynamicFrame(frame, self, transformation_ctx)

    def create_dynamic_frame_from_rdd(
        self, data: Any, name: str, schema: Any = None, sample_ratio: float | None = None, transformation_ctx: str = ""
    ) -> DynamicFrame:
        return DynamicFrame(self.sparkSession.createDataFrame(data, schema, sample_ratio), self, name)

    def write_data_frame_from_options(
        self,
        frame: DataFrame,
        connection_type: str,
        connection_options: Options = None,
        format: str | None = None,
        format_options: Options = None,
    ) -> None:
        if connection_type in TYPES:
            write_table(frame, connection_options or {})
        elif connection_type in ("s3", "file"):
            write_files(frame, connection_options or {}, format, format_options or {})
        else:
            refuse_other_types(connection_type)

    def write_dynamic_frame_from_options(
        self,
        frame: DynamicFrame,
        connection_type: str,
        connection_options: Options = None,
        format: str | None = None,
        format_options: Options = None,
        transformation_ctx: str = "",
    ) -> DynamicFrame:
        self.write_data_frame_from_options(frame.toDF(), connection_type, connection_options, format, format_options)
        return frame

    def write_from_options(
        self,
        frame_or_dfc: Any,
        connection_type: str,
        connection_options: Options = None,
        format: str | None = None,
        format_options: Options = None,
        **_: Any,
    ) -> Any:
        sink = DataSink(self, connection_type, dict(connection_options or {}))
        if format:
            sink.setFormat(format, **(format_options or {}))
        return sink.write(frame_or_dfc)

    def write_dynamic_frame_from_jdbc_conf(
        self, frame: DynamicFrame, catalog_connection: str, connection_options: Options = None, *_: Any, **__: Any
    ) -> DynamicFrame:
        return self.write_dynamic_frame_from_options(
            frame, "postgresql", {**(connection_options or {}), "connectionName": catalog_connection}
        )

    def extract_jdbc_conf(self, connection_name: str, catalog_id: str | None = None) -> dict[str, str]:
        """`url` leads to the server and `fullUrl` to the database."""
        known = described(connection_name)
        address = known["url"].split("?")[0]
        return {
            "vendor": "postgresql",
            "url": address.rpartition("/")[0],
            "fullUrl": known["url"],
            "user": known["user"],
            "password": known["password"],
            "enforceSSL": "true" if "sslmode=" in known["url"] and "sslmode=disable" not in known["url"] else "false",
        }

    def get_logger(self) -> logging.Logger:
        logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
        return logging.getLogger("glue")

    def create_dynamic_frame_from_catalog(self, *_: Any, **__: Any) -> DynamicFrame:
        return missing("create_dynamic_frame.from_catalog: the Data Catalog", CATALOG)

    def create_data_frame_from_catalog(self, *_: Any, **__: Any) -> DataFrame:
        return missing("create_data_frame.from_catalog: the Data Catalog", CATALOG)

    def write_dynamic_frame_from_catalog(self, *_: Any, **__: Any) -> DynamicFrame:
        return missing("write_dynamic_frame.from_catalog: the Data Catalog", CATALOG)

    def write_data_frame_from_catalog(self, *_: Any, **__: Any) -> None:
        missing("write_data_frame.from_catalog: the Data Catalog", CATALOG)

    def getCatalogSource(self, *_: Any, **__: Any) -> DataSource:
        return missing("getCatalogSource: the Data Catalog", CATALOG)

    def getCatalogSink(self, *_: Any, **__: Any) -> DataSink:
        return missing("getCatalogSink: the Data Catalog", CATALOG)

    def __getattr__(self, name: str) -> Any:
        """Asked only for what is not there, such as transactions, purging and streams."""
        if name.startswith("_"):
            raise AttributeError(name)
        return missing(f"GlueContext.{name}", "Use spark_session, or run on AWS Glue.")


class Door:
    """`context.create_dynamic_frame.from_options(...)` is `context.create_dynamic_frame_from_options(...)`."""

    kind = ""

    def __init__(self, glue_context: GlueContext) -> None:
        self._glue_context = glue_context

    def __getattr__(self, name: str) -> Any:
        return getattr(self._glue_context, f"{self.kind}_{name}")


class DynamicFrameReader(Door):
    kind = "create_dynamic_frame"


class DataFrameReader(Door):
    kind = "create_data_frame"


class DynamicFrameWriter(Door):
    kind = "write_dynamic_frame"


class DataFrameWriter(Door):
    kind = "write_data_frame"


def refuse_predicate(predicate: str) -> None:
    if predicate:
        missing("A push_down_predicate", "Filter the frame: Spark pushes the condition down to its files by itself.")


__all__ = ["DynamicFrame", "DynamicFrameCollection", "GlueContext"]
