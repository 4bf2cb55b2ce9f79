"""The JVM and its one Spark context."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from datamorph_functions import SESSION_CONF
from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession

#: Small local runs: no web page, few partitions, and a dead Python worker within a moment of its task's end.
CONF = {
    "spark.app.name": "datamorph",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.python.task.killTimeout": "200ms",
    # A worker that is used again would bring along what another script's functions did to it.
    "spark.python.worker.reuse": "false",
    # What a job left in the status store is progress that nobody looks at any more.
    "spark.ui.retainedJobs": "200",
    "spark.ui.retainedStages": "400",
    "spark.sql.ui.retainedExecutions": "20",
}


class Jvm:
    def __init__(self) -> None:
        conf = SparkConf(loadDefaults=False)
        for key, value in CONF.items():
            conf.set(key, value)
        self.context = SparkContext(conf=conf)
        self.gateway = SparkContext._gateway
        warm_up(SparkSession(self.context))
        self.port: int = self.gateway.java_parameters.port
        self.secret: str = self.gateway.java_parameters.auth_token
        self.process: subprocess.Popen[bytes] = self.gateway.proc
        self.pid = self.process.pid

    def wait(self) -> int:
        return self.process.wait()


def warm_up(session: SparkSession) -> None:
    """Loads the classes that nearly every script needs, so that the first one does not pay for all of them."""
    for key, value in SESSION_CONF.items():
        session.conf.set(key, value)
    session.range(2).selectExpr("id", "cast(id as string) as text").groupBy("text").count().collect()


def resident_bytes(pid: int) -> int | None:
    """None where the system does not say it in a way that costs nothing."""
    if sys.platform == "linux":
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    if sys.platform == "darwin":
        return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(pid)])) * 1024
    return None
