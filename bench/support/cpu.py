"""CPU seconds of Spark's JVM and of PostgreSQL: on a busy machine they say more than the clock. Linux only."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from datamorph.connections import Database
from pyspark.sql import SparkSession

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    wall: float
    cpu: float


class Meter:
    def __init__(self, spark: SparkSession, database: Database) -> None:
        self.jvm = int(spark._jvm.java.lang.ProcessHandle.current().pid())
        self.postmaster = int(database.value("select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"))

    def measure(self, work: Callable[[], None]) -> Cost:
        wall, cpu = time.monotonic(), self.seconds()
        work()
        return Cost(time.monotonic() - wall, self.seconds() - cpu)

    def seconds(self) -> float:
        """Of both, of what PostgreSQL has ended meanwhile, and of programs that this process has waited for, as psql."""
        backends = Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children").read_text().split()
        ticks = sum(own_ticks(int(backend)) for backend in backends)
        ticks += own_ticks(self.postmaster, ended=True) + own_ticks(self.jvm)
        waited = resource.getrusage(resource.RUSAGE_CHILDREN)
        return ticks / TICKS + waited.ru_utime + waited.ru_stime


def own_ticks(process: int, ended: bool = False) -> int:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except FileNotFoundError:  # a backend that ended just now is counted with its parent
        return 0
    return sum(map(int, fields[11 : 15 if ended else 13]))
