"""series-days

Compiled by DataMorph from the spec series-days: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start("series-days")

# orders: read from public.orders
orders = job.read(table="public.orders", columns={"ordered_at": "timestamp without time zone"}, partitioned=True)

# days: every value from date '2026-01-01' to date '2026-03-31'
days = job.time_series("day", start="date'2026-01-01'", stop="date'2026-03-31'", days=1, kind="date")

# dated: orders with day worked out
dated = orders.withColumn("day", F.expr("cast(ordered_at as date)"))

# per_day: orders for each day of dated
per_day = dated.groupBy("day").agg(F.expr("count(*)").alias("orders"))

# calendar: all days, with their per_day where there are any on day
calendar = days.join(per_day, on="day", how="left")

# counted: calendar with the gaps in orders filled
counted = calendar.withColumns({"orders": F.expr("coalesce(orders, coalesce(orders, 0))")})

# The target: these rows replace all of public.counted
job.trace({"days": days, "dated": dated, "per_day": per_day, "calendar": calendar, "counted": counted})
job.write(
    counted.select("day", "orders"), table="public.counted", mode="replace", columns={"day": "date", "orders": "bigint"}
)
