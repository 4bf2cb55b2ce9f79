"""Reads cases as JSON from standard input, and writes what the runtime's functions make of each."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "python"))

from datamorph_functions import SqlError, load  # noqa: E402

FUNCTIONS = load()


def call(name: str, *args: Any) -> Any:
    answer = FUNCTIONS[name][0](*args)
    if isinstance(answer, str) and answer.startswith("error: invalid"):
        raise SqlError(answer)
    return answer


def answers(value: str, pattern: str, flags: str, replacement: str) -> dict[str, Any]:
    try:
        return {
            "match": call("pg_regexp_match", value, pattern, flags),
            "replaced": call("pg_regexp_replace", value, pattern, replacement, 1, 0, flags),
            "split": call("pg_regexp_split", value, pattern, flags),
            "like": call("pg_regexp_like", value, pattern, flags) == "True",
            "count": int(call("pg_regexp_count", value, pattern, 1, flags)),
            "second": call("pg_regexp_substr", value, pattern, 1, 2, flags, 1),
        }
    except SqlError:
        return {"error": True}


json.dump([answers(**case) for case in json.load(sys.stdin)], sys.stdout)
