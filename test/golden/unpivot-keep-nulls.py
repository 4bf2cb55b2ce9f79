"""unpivot-keep-nulls

Compiled by DataMorph from the spec unpivot-keep-nulls: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("unpivot-keep-nulls")

# quarters: read from public.quarters
quarters = job.read(
    table="public.quarters",
    columns={
        "region": "text",
        "q1": "numeric(10,2)",
        "q2": "numeric(10,2)",
        "q3": "numeric(10,2)",
        "q4": "numeric(10,2)",
    },
)

# long: quarters with a row each for q2 and q1
long = quarters.unpivot(
    ids=["region", "q3", "q4"], values=["q2", "q1"], variableColumnName="quarter", valueColumnName="amount"
)

# The target: these rows replace all of public.long
job.trace({"long": long})
job.write(
    long.select("region", "q4", "quarter", "amount"),
    table="public.long",
    mode="replace",
    columns={"region": "text", "q4": "numeric(10,2)", "quarter": "text", "amount": "numeric(10,2)"},
)
