"""Ends what a script has running: in Spark, in the JVM, and on the database."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import Any

from datamorph_worker.backends import open_database, terminate
from datamorph_worker.tags import tag
from pyspark import SparkContext

#: How long it may take until everything is gone.
PATIENCE = 2.0


class Ending:
    def __init__(self, context: SparkContext) -> None:
        self.context = context
        self.tracker = context._jsc.sc().statusTracker()

    def end(self, run: str, connections: list[dict[str, str]]) -> int:
        """Returns how many things did not end in time."""
        deadline = time.monotonic() + PATIENCE
        with ExitStack() as open_ones:
            databases = [open_database(self.context._jvm, connection) for connection in connections]
            found = [open_ones.enter_context(database) for database in databases if database is not None]
            while True:
                self.context.cancelJobsWithTag(tag(run))
                # Sessions last: they are opened by threads and tasks, so none comes after these are gone.
                left = self.threads(run) + self.tasks(run) + sum(terminate(each) for each in found)
                if left == 0 or time.monotonic() > deadline:
                    return left
                time.sleep(0.05)

    def threads(self, run: str) -> int:
        """Each thread of the script has one in the JVM, which may be at something when the script is gone."""
        return str(self.context._jvm.java.lang.Thread.getAllStackTraces().keySet().toString()).count(f"[{tag(run)},")

    def tasks(self, run: str) -> int:
        """Tasks outlive their job until they notice that they were cancelled."""
        return sum(self.active(stage) for job in self.tracker.getJobIdsForTag(tag(run)) for stage in self.stages(job))

    def stages(self, job: int) -> Any:
        found = self.tracker.getJobInfo(job)
        return found.get().stageIds() if found.isDefined() else []

    def active(self, stage: int) -> int:
        found = self.tracker.getStageInfo(stage)
        return int(found.get().numActiveTasks()) if found.isDefined() else 0
