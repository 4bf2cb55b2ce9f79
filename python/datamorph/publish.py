"""A job of its own that only publishes: for where the engineer's role may read but not write.

    python -m datamorph.publish --run-id RUN --publication '{"table": …, "mode": …, "columns": [[name, type], …], …}'

`--give-up` drops the rows that wait instead. On Glue a script of two lines does the same:
`from datamorph.publish import main` and `main()`.
"""

from __future__ import annotations

import argparse
import json
import sys

from datamorph.connections import Database, schema_of
from datamorph.errors import end_with_status
from datamorph.job import Job
from datamorph.publishing import give_up, publish_later
from datamorph.target import History, Target


def main() -> None:
    sys.excepthook = end_with_status
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--publication", required=True, type=json.loads)
    parser.add_argument("--give-up", "--give_up", nargs="?", const="yes", choices=("yes", "no"), default="no")
    known, _ = parser.parse_known_args()
    job = Job.start("datamorph publication")
    described = job.connection(known.publication.get("connection"))
    database = Database(job.spark, described)
    try:
        schema = schema_of(database, known.publication["table"])
    finally:
        database.close()
    target = target_from(known.publication, run_id=job.arguments.run_id, schema=schema)
    act = give_up if known.give_up == "yes" else publish_later
    act(job.spark, described, target)


def target_from(described: dict, run_id: str, schema: str) -> Target:
    """`described` is what publicationJson of src/services/publicationTarget.ts writes."""
    history = described.get("history")
    return Target(
        table=described["table"],
        mode=described["mode"],
        columns=dict(described["columns"]),
        keys=described.get("keys", []),
        required=described.get("required", []),
        history=History(history["validFrom"], history["validTo"], history.get("current")) if history else None,
        instant=described["instant"],
        schema=schema,
        run_id=run_id,
    )


if __name__ == "__main__":
    main()
