"""Files, read and written in the formats that Spark brings along."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from awsglue.missing import missing
from pyspark.sql import DataFrame, DataFrameReader, DataFrameWriter, SparkSession
from pyspark.sql import functions as F

#: The folder that stands for S3: `s3://bucket/key` is `bucket/key` in it.
FOLDER = "DATAMORPH_S3_FOLDER"
FORMATS = ("csv", "json", "parquet", "orc")
READ_OPTIONS = ("paths", "path", "recurse", "exclusions", "attachFilename", "compressionType")
#: They tell AWS Glue how to go about it, and change no rows.
QUIET_OPTIONS = (
    "boundedFiles",
    "boundedSize",
    "enableUpdateCatalog",
    "groupFiles",
    "groupSize",
    "inPartitionMaxConnections",
    "maxBand",
    "maxFilesInBand",
    "optimizePerformance",
    "useGlueParquetWriter",
    "useS3ListImplementation",
)


def read_files(
    spark: SparkSession, options: Mapping[str, Any], format: str | None, format_options: Mapping[str, Any]
) -> DataFrame:
    refuse_others("Reading files with the option", options, READ_OPTIONS)
    if options.get("exclusions") not in (None, "", "[]", []):
        missing("Reading files with exclusions", "Name the paths that are wanted.")
    paths = options.get("paths") or options.get("path") or []
    paths = [paths] if isinstance(paths, str) else list(paths)
    reader = spark.read.option("recursiveFileLookup", "true") if is_true(options.get("recurse")) else spark.read
    frame = READERS[known(format)](reader, [located(spark, path) for path in paths], dict(format_options))
    name = options.get("attachFilename")
    return frame.withColumn(name, F.input_file_name()) if name else frame


def write_files(
    frame: DataFrame, options: Mapping[str, Any], format: str | None, format_options: Mapping[str, Any]
) -> None:
    """New files beside those that are there, as on AWS Glue."""
    refuse_others("Writing files with the option", options, ("path", "partitionKeys", "compression"))
    kind = known(format)
    writer = frame.write.mode("append").partitionBy(*options.get("partitionKeys", []))
    compression = options.get("compression") or format_options.get("compression")
    writer = writer.option("compression", compression) if compression else writer
    if kind == "csv":
        writer = csv_writer(writer, dict(format_options))
    writer.format(kind).save(located(frame.sparkSession, options["path"]))


def known(format: str | None) -> str:
    kind = {"glueparquet": "parquet"}.get(format or "", format)
    if kind not in FORMATS:
        missing(f"The format {format}", f"Local Spark reads and writes {', '.join(FORMATS)}.")
    return str(kind)


def refuse_others(what: str, options: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    for name in options:
        if name not in allowed and name not in QUIET_OPTIONS:
            missing(f"{what} {name}", "Leave it out, or run on AWS Glue.")


def located(spark: SparkSession, path: str) -> str:
    address = urlsplit(path)
    if address.scheme not in ("s3", "s3a", "s3n"):
        return path
    folder = os.environ.get(FOLDER)
    if folder:
        return "file://" + os.path.join(os.path.abspath(folder), address.netloc, address.path.lstrip("/"))
    if has_class(spark, "org.apache.hadoop.fs.s3a.S3AFileSystem"):
        return f"s3a://{address.netloc}{address.path}"
    return missing(
        f"S3, which {path} lies in,",
        f"Set {FOLDER} to a folder that holds it as {address.netloc}{address.path}, or give Spark the package hadoop-aws.",
    )


def has_class(spark: SparkSession, name: str) -> bool:
    loader = spark._jvm.java.lang.Thread.currentThread().getContextClassLoader()
    return loader.getResource(name.replace(".", "/") + ".class") is not None


def is_true(value: Any) -> bool:
    return str(value).lower() == "true"


def read_csv(reader: DataFrameReader, paths: list[str], options: dict[str, Any]) -> DataFrame:
    has_header = is_true(options.pop("withHeader", False))
    reader = reader.option("header", has_header).options(**csv_options(options))
    skips = is_true(options.pop("skipFirst", False))
    multiline = options.pop("multiLine", options.pop("multiline", False))
    refuse_others("Reading csv with the option", options, ())
    if skips and not has_header:
        missing("Reading csv with skipFirst but without withHeader", "Read it with withHeader, and rename the columns.")
    frame = reader.option("multiLine", is_true(multiline)).csv(paths)
    return frame if has_header else frame.toDF(*(f"col{number}" for number in range(len(frame.columns))))


def csv_options(options: dict[str, Any]) -> dict[str, Any]:
    """AWS Glue turns quotes off by -1, and doubles a quote within quotes where no escape is named."""
    quote = options.pop("quoteChar", '"')
    return {
        "sep": options.pop("separator", ","),
        "quote": "" if str(quote) == "-1" else quote,
        "escape": options.pop("escaper", None) or '"',
    }


def csv_writer(writer: DataFrameWriter, options: dict[str, Any]) -> DataFrameWriter:
    options.pop("compression", None)
    writer = writer.option("header", is_true(options.pop("writeHeader", True))).options(**csv_options(options))
    refuse_others("Writing csv with the option", options, ())
    return writer


def read_json(reader: DataFrameReader, paths: list[str], options: dict[str, Any]) -> DataFrame:
    if options.pop("jsonPath", None):
        missing("Reading json with jsonPath", "Read the whole documents, and use Spark's functions on them.")
    multiline = options.pop("multiline", options.pop("multiLine", False))
    refuse_others("Reading json with the option", options, ())
    return reader.option("multiLine", is_true(multiline)).json(paths)


READERS = {
    "csv": read_csv,
    "json": read_json,
    "parquet": lambda reader, paths, _options: reader.parquet(*paths),
    "orc": lambda reader, paths, _options: reader.orc(paths),
}
