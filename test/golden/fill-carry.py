"""fill-carry

Compiled by DataMorph from the spec fill-carry: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import Window
from pyspark.sql import functions as F

job = Job.start("fill-carry")

# readings: read from public.readings
readings = job.read(
    table="public.readings",
    columns={"sensor": "text", "at": "timestamp without time zone", "value": "double precision", "note": "text"},
)

# filled: readings with the gaps in value and note filled
filled = readings.withColumns(
    {
        "value": F.last("value", ignorenulls=True).over(
            Window.partitionBy("sensor")
            .orderBy(F.expr("`at`").asc_nulls_last())
            .rowsBetween(Window.unboundedPreceding, Window.currentRow),
        ),
        "note": F.last("note", ignorenulls=True).over(
            Window.partitionBy("sensor")
            .orderBy(F.expr("`at`").desc_nulls_first())
            .rowsBetween(Window.unboundedPreceding, Window.currentRow),
        ),
    },
)

# The target: these rows replace all of public.filled
job.trace({"filled": filled})
job.write(
    filled.select("sensor", "at", "value", "note"),
    table="public.filled",
    mode="replace",
    columns={"sensor": "text", "at": "timestamp without time zone", "value": "double precision", "note": "text"},
)
