"""A stand-in for the package that AWS Glue brings along, so that its scripts run unchanged on local Spark.

Written from AWS Glue's documentation. It lies in a folder of its own that only the local engine has on its path: on AWS
Glue the real package is used. A DynamicFrame is a DataFrame here: its columns have one type each, so there are no choices
left to resolve, and no error records: what fails for a record fails the job. Whatever is missing raises
`awsglue.missing.NotInLocalSpark`, which says what, and the way out.
"""

from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection

__all__ = ["DynamicFrame", "DynamicFrameCollection"]
