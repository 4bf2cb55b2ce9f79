"""Where scripts import the sink from."""

from awsglue.data_source import DataSink

__all__ = ["DataSink"]
