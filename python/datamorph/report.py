"""The line protocol: what a job says on stdout, one line an event, `datamorph: ` and then a JSON object.

start      run, name                the session stands
mark       source, value            how far an incremental source was read; the next run's `--mark`
rows       step, count, fingerprint, columns   a traced run's step; see fingerprints.py
staged     table, rows              the rows are in the staging table
published  table, mode, rows, repeated   they are visible; `repeated` says that this run had done it before
error      code, message            the script ends; see errors.py for the codes
"""

from __future__ import annotations

import json
import sys
from typing import Any


def report(event: str, **details: Any) -> None:
    sys.stdout.write("datamorph: " + json.dumps({"event": event, **details}, ensure_ascii=True) + "\n")
    sys.stdout.flush()
