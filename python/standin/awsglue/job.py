"""A job's beginning and end. There are no bookmarks here, so neither does anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Job:
    def __init__(self, glue_context: Any) -> None:
        self.glue_context = glue_context
        self.name: str | None = None

    def init(self, job_name: str, args: Mapping[str, Any] | None = None) -> None:
        self.name = job_name

    def isInitialized(self) -> bool:
        return self.name is not None

    def commit(self) -> None:
        pass

    def reset(self) -> None:
        self.name = None
