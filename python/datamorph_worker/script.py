"""The process of one script: waits for it, joins the JVM, and runs it as plain Python would."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import types
from pathlib import Path
from typing import Any, NoReturn

import datamorph  # noqa: F401  imported ahead of the script, while nobody waits
import pyspark.sql.functions  # noqa: F401
from datamorph_worker.session import share


def main() -> None:
    control = own_input()
    line = control.readline()
    if not line:
        return
    job = json.loads(line)
    threading.Thread(target=obey, args=(control,), daemon=True).start()
    prepare(job)
    run(job["script"])


def own_input() -> Any:
    """The script gets an input of its own, which is empty."""
    control = os.fdopen(os.dup(0), encoding="utf-8")
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    return control


def obey(control: Any) -> NoReturn:
    for line in control:
        if line.strip() == "interrupt":
            signal.raise_signal(signal.SIGINT) if sys.platform == "win32" else os.kill(os.getpid(), signal.SIGINT)
    # Whoever started us is gone.
    os._exit(1)


def prepare(job: dict[str, Any]) -> None:
    limit_memory(job["memory"])
    os.environ.update(job["environment"])
    os.environ["PYSPARK_GATEWAY_PORT"] = str(job["port"])
    os.environ["PYSPARK_GATEWAY_SECRET"] = job["secret"]
    share(job["run"])
    # Who starts a Python of its own from here is no part of this JVM.
    del os.environ["PYSPARK_GATEWAY_PORT"], os.environ["PYSPARK_GATEWAY_SECRET"]
    os.chdir(job["folder"])
    sys.argv = [job["script"], *job["arguments"]]
    sys.path[0] = job["folder"]
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]


def limit_memory(bytes_: int) -> None:
    """What the script takes beyond it is a MemoryError of its own. Windows knows no such limit."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (bytes_, bytes_))


def run(script: str) -> None:
    module = types.ModuleType("__main__")
    module.__file__ = script
    sys.modules["__main__"] = module
    try:
        exec(compile(Path(script).read_bytes(), script, "exec"), module.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        # Our own frames say nothing to the reader.
        trace = error.__traceback__ and error.__traceback__.tb_next
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        sys.exit(1)


if __name__ == "__main__":
    main()
