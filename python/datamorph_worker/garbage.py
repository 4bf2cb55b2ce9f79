"""Lets go of what ended scripts held in the JVM.

Every object that Python holds is bound in the JVM under a number that only grows. A script that is killed never says that
it lets go of them. While no script runs, whatever is bound and not the host's own belonged to scripts that have ended.
"""

from __future__ import annotations

from typing import Any

from py4j.finalizer import ThreadSafeFinalizer


class Garbage:
    def __init__(self, gateway: Any) -> None:
        self.gateway = gateway
        self.swept = self.newest()

    def collect(self) -> None:
        newest = self.newest()
        # Keys are the JVM's address followed by the number.
        own = {str(key).rpartition("o")[2] for key in list(ThreadSafeFinalizer.finalizers)}
        client = self.gateway._gateway_client
        for number in range(self.swept + 1, newest):
            if str(number) not in own:
                client.garbage_collect_object(f"o{number}")
        self.swept = newest
        self.gateway.jvm.java.lang.System.gc()

    def newest(self) -> int:
        return int(self.gateway.jvm.java.lang.Object()._target_id.removeprefix("o"))
