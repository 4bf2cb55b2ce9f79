"""Gives a script a Spark session of its own in the JVM that all scripts share.

`SparkContext()` and `SparkSession.builder` join the running context, whatever the script asks of it. The session has its
own configuration, temporary views, functions, tables and cache. `stop()` ends the script's jobs and its session only.
"""

from __future__ import annotations

import os
from typing import Any

from datamorph_worker.tags import tag
from pyspark import SparkContext
from pyspark.sql import SparkSession


def share(run: str) -> None:
    """Has to be called before the script's first line; costs no call to the JVM."""
    SparkContext._ensure_initialized()
    client = SparkContext._gateway._gateway_client
    create_connection = client._create_new_connection

    def join_context(context: SparkContext, _conf: Any) -> Any:
        shared = context._jvm.org.apache.spark.SparkContext.getOrCreate()
        joined = context._jvm.JavaSparkContext(shared)
        mark_thread(joined)
        return joined

    def mark_thread(joined: Any) -> None:
        joined.addJobTag(tag(run))
        joined.setInterruptOnCancel(True)
        SparkContext._jvm.java.lang.Thread.currentThread().setName(tag(run))

    def connect() -> Any:
        """Each thread of Python has a thread of the JVM, whose jobs are to carry the tag as well."""
        connection = create_connection()
        context = SparkContext._active_spark_context
        if context is not None and context._jsc is not None:
            mark_thread(context._jsc)
            # Given back by our own calls already, and again by the caller's.
            client.deque.remove(connection)
        return connection

    def leave(context: SparkContext) -> None:
        if context._jsc is None:
            return
        context._jsc.cancelJobsWithTag(tag(run))
        context._jsc = None
        context._accumulatorServer.shutdown()
        context._accumulatorServer = None
        with SparkContext._lock:
            SparkContext._active_spark_context = None

    client._create_new_connection = connect
    SparkContext._initialize_context = join_context
    SparkContext.stop = leave
    SparkContext.cancelAllJobs = lambda context: context.cancelJobsWithTag(tag(run))
    own_sessions()


def new_session(context: SparkContext, options: dict[str, Any]) -> Any:
    """With a catalogue and a cache of its own, and its tables in the script's own folder."""
    warehouse = {"spark.sql.warehouse.dir": os.path.join(os.getcwd(), "spark-warehouse")}
    return context._jvm.SparkSession(context._jsc.sc(), {**warehouse, **options})


def own_sessions() -> None:
    start = SparkSession.__init__
    stop = SparkSession.stop

    def start_own(
        self: SparkSession, context: SparkContext, jsession: Any = None, options: dict[str, Any] | None = None
    ):
        jvm = context._jvm
        shared = jvm.SparkSession.getDefaultSession()
        if jsession is None:
            current = SparkSession._instantiatedSession
            alive = current is not None and current._sc._jsc is not None
            jsession = current._jsparkSession if alive else new_session(context, options or {})
        start(self, context, jsession, options or {})
        # The default is the JVM's: another script must not find this one's session there.
        if shared.isDefined():
            jvm.SparkSession.setDefaultSession(shared.get())

    def stop_own(self: SparkSession) -> None:
        shared = self._jvm.SparkSession.getDefaultSession()
        stop(self)
        if shared.isDefined():
            self._jvm.SparkSession.setDefaultSession(shared.get())

    SparkSession.__init__ = start_own
    SparkSession.stop = stop_own
