"""series-months

Compiled by DataMorph from the spec series-months: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("series-months")

# months: every value from date '2026-01-31' to date '2027-01-31'
months = job.time_series("month_end", start="date'2026-01-31'", stop="date'2027-01-31'", months=1, kind="date")

# The target: these rows replace all of public.months
job.trace({"months": months})
job.write(months.select("month_end"), table="public.months", mode="replace", columns={"month_end": "date"})
