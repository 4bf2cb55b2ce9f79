"""The host: holds the JVM, watches over it, and answers the lines that come in."""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

from datamorph_worker.ending import Ending
from datamorph_worker.garbage import Garbage
from datamorph_worker.jvm import Jvm, resident_bytes
from datamorph_worker.lines import Lines
from datamorph_worker.progress import Progress


def main() -> None:
    out = Lines()
    try:
        jvm = Jvm()
    except Exception as error:  # whatever it is, the reader of our lines must learn of it
        out.say("lost", reason="start", status=None, message=str(error))
        raise SystemExit(1) from error
    progress = Progress(jvm.context, out, on_stopped=lambda: give_up(out, "stopped"))
    host = Host(jvm, out, progress)
    threading.Thread(target=lambda: give_up(out, "exited", jvm.wait()), daemon=True).start()
    progress.start()
    out.say("ready", port=jvm.port, secret=jvm.secret, jvm=jvm.pid)
    for line in sys.stdin:
        host.serve(json.loads(line))
    # Not by the interpreter's own way out: that would wait for threads that talk to a JVM which is about to end.
    os._exit(0)


def give_up(out: Lines, reason: str, status: int | None = None) -> None:
    out.say("lost", reason=reason, status=status)
    os._exit(1)


class Host:
    def __init__(self, jvm: Jvm, out: Lines, progress: Progress) -> None:
        self.jvm = jvm
        self.out = out
        self.progress = progress
        self.ending = Ending(jvm.context)
        self.garbage = Garbage(jvm.gateway, is_idle=lambda: not progress.runs)

    def serve(self, message: dict[str, Any]) -> None:
        run = message["run"]
        if message["op"] == "watch":
            self.progress.watch(run)
            return
        # Ending what a script left behind may take a moment; another script's cancellation must not wait for it.
        threading.Thread(target=self.end, args=(message["op"], run, message["connections"]), daemon=True).start()

    def end(self, op: str, run: str, connections: list[dict[str, str]]) -> None:
        leaked = self.ending.end(run, connections)
        if op == "release":
            self.progress.forget(run)
        self.out.say("done", op=op, run=run, leaked=leaked)
        if op == "release":
            self.garbage.collect()
            self.out.say("size", bytes=resident_bytes(self.jvm.pid))


main()
