"""series-numbers

Compiled by DataMorph from the spec series-numbers: change the spec rather than this file.
"""

from datamorph import Job

job = Job.start("series-numbers")

# down: every value from 10 to -5
down = job.number_series("n", start="10", stop="-5", step="-3", kind="int")

# nothing: every value from 1 to 0
nothing = job.number_series("n", start="1", stop="0", kind="int")

# all_numbers: the rows of down and nothing
all_numbers = down.union(nothing)

# The target: these rows replace all of public.all_numbers
job.trace({"down": down, "nothing": nothing, "all_numbers": all_numbers})
job.write(all_numbers.select("n"), table="public.all_numbers", mode="replace", columns={"n": "integer"})
