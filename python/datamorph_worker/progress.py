"""What the scripts' Spark jobs are at. A script's jobs carry its run's tag."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from datamorph_worker.lines import Lines
from datamorph_worker.tags import tag
from pyspark import SparkContext

INTERVAL = 0.25


class Counts:
    """Of one run: jobs that have ended are counted once and not looked at again."""

    def __init__(self) -> None:
        self.ended: dict[int, tuple[int, int, int, int]] = {}
        self.said: tuple[int, ...] = ()


class Progress:
    def __init__(self, context: SparkContext, out: Lines, on_stopped: Callable[[], None]) -> None:
        self.context = context
        self.tracker = context._jsc.sc().statusTracker()
        self.out = out
        self.on_stopped = on_stopped
        self.runs: dict[str, Counts] = {}

    def start(self) -> None:
        threading.Thread(target=self.poll, daemon=True).start()

    def watch(self, run: str) -> None:
        self.runs[run] = Counts()

    def forget(self, run: str) -> None:
        self.runs.pop(run, None)

    def poll(self) -> None:
        while True:
            time.sleep(INTERVAL)
            # A script may have stopped the context behind our back: by the JVM's own objects.
            if self.context._jsc.sc().isStopped():
                self.on_stopped()
            for run, counts in list(self.runs.items()):
                self.report(run, counts)

    def report(self, run: str, counts: Counts) -> None:
        jobs = [self.job(number, counts) for number in self.tracker.getJobIdsForTag(tag(run))]
        total = tuple(map(sum, zip(*jobs, strict=True))) if jobs else ()
        if total and total != counts.said:
            counts.said = total
            self.out.say("progress", run=run, stages=total[:2], tasks=total[2:])

    def job(self, number: int, counts: Counts) -> tuple[int, int, int, int]:
        """Stages finished and known, tasks finished and known."""
        if number in counts.ended:
            return counts.ended[number]
        found = self.tracker.getJobInfo(number)
        if not found.isDefined():
            return (0, 0, 0, 0)
        info = found.get()
        stages = [self.stage(stage) for stage in info.stageIds()]
        finished = sum(1 for done, known in stages if known and done == known)
        sums = (finished, len(stages), sum(done for done, _ in stages), sum(known for _, known in stages))
        if info.status().toString() != "RUNNING":
            # Stages that were skipped, because their rows were there already, never finish.
            counts.ended[number] = sums = (sums[1], sums[1], sums[3], sums[3])
        return sums

    def stage(self, number: int) -> tuple[int, int]:
        found = self.tracker.getStageInfo(number)
        if not found.isDefined():
            return (0, 0)
        return found.get().numCompletedTasks(), found.get().numTasks()
