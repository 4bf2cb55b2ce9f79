"""Whom a database's certificate is checked against. The driver and the executors must find it at the same place.

pgjdbc alone would look for a file in the user's home, which no machine of AWS Glue has. So a job brings certificates along
in this package: root.pem where the user names authorities, and otherwise rds.pem, those of Amazon RDS, for its hosts only.
Everybody else is checked against what Java trusts.
"""

from __future__ import annotations

import os
import pkgutil
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pyspark.sql import SparkSession

RDS_HOST = re.compile(r"\.rds\.([a-z0-9-]+\.)?amazonaws\.com$", re.IGNORECASE)
#: Relative, so that it means the working directory of each JVM.
FILE = "datamorph-certificates.pem"
JAVA_TRUST = "sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory"


def with_trust(url: str, spark: SparkSession) -> str:
    """The JDBC URL with whom to trust, where it wants that checked and does not say it itself."""
    address = urlsplit(url.removeprefix("jdbc:"))
    query = parse_qs(address.query)
    wants_check = query.get("sslmode", [""])[0] in ("verify-full", "verify-ca")
    if not wants_check or query.keys() & {"sslrootcert", "sslfactory"} or own_file().exists():
        return url
    certificates = brought("root.pem") or (brought("rds.pem") if RDS_HOST.search(address.hostname or "") else None)
    if certificates is None:
        return f"{url}&{JAVA_TRUST}"
    distribute(spark, certificates)
    return f"{url}&sslrootcert={FILE}"


def own_file() -> Path:
    """Where PostgreSQL's own clients look as well."""
    return Path.home() / ".postgresql" / "root.crt"


def brought(file: str) -> bytes | None:
    try:
        return pkgutil.get_data("datamorph", file)
    except OSError:  # the job came without
        return None


def distribute(spark: SparkSession, certificates: bytes) -> None:
    path = Path(spark._jvm.java.lang.System.getProperty("user.dir")) / FILE
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(certificates)
    draft.replace(path)
    # Executors fetch it into the directory that they work in.
    spark.sparkContext.addFile(str(path))
