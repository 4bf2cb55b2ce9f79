"""The Spark session of the benches: two cores, long-running rather than quick to start."""

import os

from datamorph_functions import SESSION_CONF
from pyspark.sql import SparkSession


def start_session(name: str) -> SparkSession:
    builder = SparkSession.builder.appName(name).master("local[2]")
    conf = {
        "spark.driver.extraClassPath": os.environ["DATAMORPH_BENCH_JAR"],
        "spark.driver.memory": "6g",
        "spark.driver.extraJavaOptions": "-Duser.timezone=UTC",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "4",
        **SESSION_CONF,
    }
    for key, value in conf.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
