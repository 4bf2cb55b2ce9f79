"""Our side of the protocol's output, kept clear of whatever else writes to the standard output."""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any


class Lines:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
        # The JVM inherits the standard output, and may print to it.
        os.dup2(2, 1)
        sys.stdout = sys.stderr

    def say(self, event: str, **details: Any) -> None:
        with self.lock:
            self.stream.write(json.dumps({"event": event, **details}) + "\n")
            self.stream.flush()
