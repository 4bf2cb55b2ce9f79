"""The warm worker of local Spark: one JVM that stays, and a fresh Python process for every script.

`python -m datamorph_worker` is the host. It starts the JVM with its one Spark context, and serves this protocol, one
JSON object a line. On its standard input:

watch    run                 a script begins: its progress is reported from now on
cancel   run, connections    ends its Spark jobs, and its sessions on the database
release  run, connections    the script's process has ended: the same, and its objects in the JVM are let go

On its standard output:

ready     port, secret, jvm           the JVM stands: where scripts join it, and its process id
progress  run, stages, tasks          each [finished, known so far]; only when it changed
done      op, run, leaked             answers `cancel` and `release`; `leaked` counts what could not be ended
size      bytes                       what the JVM holds in memory, after every `release`
lost      reason, status              the JVM is gone or useless: `exited`, `stopped` or `start`; the host ends

The end of the standard input ends the host and its JVM. `connections` is a list of {url, user, password}, and a run's
sessions are those whose application name is in the URL. All other output of the JVM goes to standard error.

`python -m datamorph_worker.script` is the process of one script. It joins the JVM (PYSPARK_GATEWAY_PORT and _SECRET come
with the first line, so that it can be started before there is one), runs the script as plain Python would, and ends with
its exit status. On its standard input: the job as one JSON object (port, secret, run, script, folder, arguments,
environment, memory), then `interrupt` as often as wanted; the end of the input ends the process.
"""
