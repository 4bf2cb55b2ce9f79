"""Does what most scripts do, so that Java can archive the classes that it takes; a JVM that starts from them starts in half the time.

`python -m datamorph_worker.archive`, in the environment of the host, with Java's `-XX:ArchiveClassesAtExit`.
"""

from __future__ import annotations

from datamorph_worker.jvm import Jvm
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F


def main() -> None:
    jvm = Jvm()
    session = SparkSession(jvm.context)
    jvm.gateway.jvm.java.lang.Class.forName("org.postgresql.Driver")
    rows = session.range(20).withColumn("amount", F.col("id").cast("decimal(20,2)"))
    rows = rows.withColumn("at", F.timestamp_micros(F.col("id"))).filter("amount > 1")
    sums = rows.groupBy((F.col("id") % 7).alias("key")).agg(F.sum("amount"), F.countDistinct("id"))
    joined = rows.join(sums, rows.id == sums.key, "left")
    ranked = joined.withColumn("place", F.row_number().over(Window.partitionBy("key").orderBy(F.desc("id"))))
    ranked.unionByName(ranked).distinct().orderBy("id").limit(5).collect()
    session.stop()
    jvm.gateway.shutdown()
    # A JVM without its parent's voice ends, and archives on its way out.
    jvm.process.stdin.close()
    raise SystemExit(jvm.wait())


if __name__ == "__main__":
    main()
