"""A job of its own that only publishes: for where the engineer's role may read but not write.

    python -m datamorph.publish --publication '{"runId": …, "table": …, "mode": …, "columns": [[name, type], …], …}'

`--give-up` drops the rows that wait instead. An engine runs it as a script of its own, which holds the description:
`from datamorph.publish import main` and `main("{…}")`. The run id is the one under which the rows were staged.
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


def main(publication: str, give_up_instead: bool = False) -> None:
    sys.excepthook = end_with_status
    waiting = json.loads(publication)
    job = Job.start("datamorph publication")
    described = job.connection(waiting.get("connection"))
    database = Database(job.spark, described)
    try:
        schema = schema_of(database, waiting["table"])
    finally:
        database.close()
    target = target_from(waiting, run_id=waiting["runId"], schema=schema)
    act = give_up if give_up_instead else publish_later
    act(job.spark, described, target)


def from_arguments() -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--publication", required=True)
    parser.add_argument("--give-up", action="store_true")
    known, _ = parser.parse_known_args()
    main(known.publication, known.give_up)


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
    from_arguments()
