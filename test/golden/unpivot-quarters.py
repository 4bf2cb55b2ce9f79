"""unpivot-quarters

Compiled by DataMorph from the spec unpivot-quarters: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("unpivot-quarters")

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

# long: quarters with a row each for q1, q2, q3 and q4
long = quarters.unpivot(
    ids=["region"], values=["q1", "q2", "q3", "q4"], variableColumnName="quarter", valueColumnName="amount"
).where("amount is not null")

# The target: these rows replace all of public.long
job.trace({"long": long})
job.write(
    long.select("region", "quarter", "amount"),
    table="public.long",
    mode="replace",
    columns={"region": "text", "quarter": "text", "amount": "numeric(10,2)"},
)
