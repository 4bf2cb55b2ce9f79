"""Lets go of what ended scripts held in the JVM.

Every object that Python holds is bound in the JVM under a number that only grows. A script that is killed never says that
it lets go of them. While no script runs, whatever is bound and not the host's own belonged to scripts that have ended.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from py4j.finalizer import ThreadSafeFinalizer

#: A script that comes right after another must not wait for the JVM's own sweep.
QUIET_SECONDS = 3.0


class Garbage:
    def __init__(self, gateway: Any, is_idle: Callable[[], bool]) -> None:
        self.gateway = gateway
        self.is_idle = is_idle
        self.lock = threading.Lock()
        self.swept = self.newest()

    def collect(self) -> None:
        with self.lock:
            # Before the question: what a script binds that comes now has a higher number.
            newest = self.newest()
            if not self.is_idle():
                return
            self.let_go(newest)
        quiet = threading.Timer(QUIET_SECONDS, self.sweep_jvm)
        quiet.daemon = True
        quiet.start()

    def sweep_jvm(self) -> None:
        """What nobody holds is cached data and broadcasts as well; Spark lets go of them when the JVM has looked."""
        if self.is_idle():
            self.gateway.jvm.java.lang.System.gc()

    def let_go(self, newest: int) -> None:
        # Keys are the JVM's address followed by the number.
        own = {str(key).rpartition("o")[2] for key in list(ThreadSafeFinalizer.finalizers)}
        client = self.gateway._gateway_client
        for number in range(self.swept + 1, newest):
            if str(number) not in own:
                client.garbage_collect_object(f"o{number}")
        self.swept = newest

    def newest(self) -> int:
        return int(self.gateway.jvm.java.lang.Object()._target_id.removeprefix("o"))
