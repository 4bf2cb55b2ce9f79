"""The checks of checks.ts by Great Expectations: a line in names a form of result and starts a round, a line out tells its seconds and what failed."""

from __future__ import annotations

import json
import logging
import os
import sys
import time

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
import great_expectations.expectations as gxe

NONE_FOUND = "No row breaks it."


def expectation(check: dict) -> gxe.Expectation:
    """The same question; a reference and a query are queries of rows that break them."""
    match check["kind"]:
        case "notNull":
            return gxe.ExpectColumnValuesToNotBeNull(column=check["column"])
        case "accepted":
            return gxe.ExpectColumnValuesToBeInSet(column=check["column"], value_set=check["values"])
        case "range":
            bounds = {"min_value": check.get("min"), "max_value": check.get("max")}
            return gxe.ExpectColumnValuesToBeBetween(column=check["column"], **bounds)
        case "unique":
            return gxe.ExpectColumnValuesToBeUnique(column=check["columns"][0])
        case "rowCount":
            return gxe.ExpectTableRowCountToBeBetween(min_value=check.get("min"), max_value=check.get("max"))
        case "references":
            key, other = check["columns"][0], check["tableColumns"][0]
            query = (
                f"select * from {{batch}} where {key} is not null "
                f"and not exists (select from {check['table']} o where o.{other} = {key})"
            )
            return gxe.UnexpectedRowsExpectation(unexpected_rows_query=query, description=NONE_FOUND)
        case "sql":
            query = check["query"].replace("from target", "from {batch}")
            return gxe.UnexpectedRowsExpectation(unexpected_rows_query=query, description=NONE_FOUND)
        case kind:
            raise ValueError(kind)


def main(url: str, table: str, checks: list[dict]) -> None:
    logging.disable(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_postgres("bench", connection_string=url)
    batch = source.add_table_asset(table, table_name=table).add_batch_definition_whole_table("whole").get_batch()
    suite = gx.ExpectationSuite("usual", expectations=[expectation(check) for check in checks])
    for line in sys.stdin:
        start = time.monotonic()
        result = batch.validate(suite, result_format=line.strip())
        failed = [each.expectation_config.type for each in result.results if not each.success]
        print(json.dumps({"seconds": time.monotonic() - start, "failed": failed}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
