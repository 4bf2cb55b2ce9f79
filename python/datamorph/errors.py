"""Failures that the runtime names, and the exit status that each ends a script with."""

from __future__ import annotations

import sys
from types import TracebackType

from datamorph.report import report
from py4j.protocol import Py4JJavaError

#: 0 finished, 1 the script itself failed, 2 wrong arguments (argparse's own), and these.
EXIT_STATUS = {
    "connection": 3,  # a connection is not described, or the database does not let us in
    "refused": 4,  # the target must not be written: it is a source, or its keys are not unique
    "publication": 5,  # staged, but not made visible: the old rows stand
    "hierarchy": 6,  # a hierarchy is deeper than it may be
}


class JobError(Exception):
    """A failure with a stable code; its message never holds a secret."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def end_with_status(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An excepthook: prints the traceback, reports the error, and ends with the status of its code."""
    sys.__excepthook__(kind, error, trace)
    code = error.code if isinstance(error, JobError) else "script"
    report("error", code=code, message=words(error)[:2000])
    sys.stdout.flush()
    sys.exit(EXIT_STATUS.get(code, 1))


def words(error: BaseException) -> str:
    """What went wrong at the root, without the Java around it."""
    if not isinstance(error, Py4JJavaError):
        return str(error).split("\n\n")[0]
    cause = error.java_exception
    while cause.getCause() is not None:
        cause = cause.getCause()
    return str(cause.getMessage() or cause.toString()).splitlines()[0]
