"""The job runtime: what every compiled script shares, the same on AWS Glue, local Spark and plain spark-submit."""

from datamorph.errors import JobError
from datamorph.job import Job

__all__ = ["Job", "JobError"]
