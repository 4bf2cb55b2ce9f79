"""What a script's jobs and threads in the JVM are marked with."""

from __future__ import annotations

import re


def tag(run: str) -> str:
    """Spark separates tags by commas, and the list of threads has brackets."""
    return "datamorph-" + re.sub(r"[^\w.-]", "-", run)
