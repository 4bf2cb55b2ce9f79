"""One warm Spark process for the test suites: reads jobs as JSON lines on stdin, answers JSON lines on stdout.

Every job is an object with `id` and `verb`; the answer repeats the `id` and has either `result` or `error` (text).

eval   {columns: [{name, type}], rows: [[text | null]], expressions: [text], mode, functions: [name], failing: [[part]]}
       `failing` may name, for each expression, the rows (or groups, by position) that are expected to fail: they are run
       one by one, the others together. Without it a failure is looked for. Of many, the first `confirm` are run (all
       where it is left out); the others are answered by {skipped: true}.
       `type` is Spark DDL; values are text that Spark casts to it (arrays as JSON, binary as hex).
       mode "row": one value a row. "window": the same, but rows are never evaluated one by one.
       "aggregate": one value for each distinct text of the column `_group`, in order of first appearance.
       result: [{type, values: [{value} | {error}]}] in the order of the expressions.
run    {script, args: [text], pythonPath: [folder], environment: {name: text}}
       Executes a Python script as __main__ in this process; it finds the warm session by `getOrCreate`, and its
       `spark.stop()` does nothing. result: {stdout, failure: traceback | null}
query  {sql, functions: [name]}   result: {columns: [{name, type}], rows: [[value]]}

Values in answers are text (decimals in plain digits, floats by `repr`, binary as hex), null, or lists of these.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import runpy
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "python"))
os.environ["TZ"] = "UTC"
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT / "python"), os.environ.get("PYTHONPATH")]))

from datamorph_functions import SESSION_CONF, register  # noqa: E402
from pyspark.sql import DataFrame, SparkSession, functions  # noqa: E402
from pyspark.sql.types import ArrayType, DataType, DateType, TimestampNTZType, TimestampType  # noqa: E402

JVM_OPTIONS = "-Duser.timezone=UTC -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
SPEED_CONF = {
    "spark.master": "local[2]",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.driver.extraJavaOptions": JVM_OPTIONS,
    "spark.python.worker.reuse": "true",
}


def start_session() -> SparkSession:
    builder = SparkSession.builder.appName("datamorph-tests")
    for key, value in {**SPEED_CONF, **SESSION_CONF}.items():
        builder = builder.config(key, value)
    jar = os.environ.get("DATAMORPH_TEST_JDBC_JAR")
    if jar:
        builder = builder.config("spark.jars", jar).config("spark.driver.extraClassPath", jar)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


def canonical(value: Any) -> Any:
    """The value as JSON that loses nothing."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    if isinstance(value, (list, tuple)):
        return [canonical(item) for item in value]
    return repr(value)


def needs_text(data_type: DataType) -> bool:
    """Dates and times leave Spark as text: Python's own end at the year 9999."""
    if isinstance(data_type, ArrayType):
        return needs_text(data_type.elementType)
    return isinstance(data_type, (DateType, TimestampType, TimestampNTZType))


def collectable(frame: DataFrame) -> DataFrame:
    def column(field: Any) -> Any:
        quoted = functions.col("`" + field.name.replace("`", "``") + "`")
        if not needs_text(field.dataType):
            return quoted
        text = "array<string>" if isinstance(field.dataType, ArrayType) else "string"
        return quoted.cast(text).alias(field.name)

    return frame.select([column(field) for field in frame.schema.fields])


def error_text(error: BaseException) -> str:
    return str(error).split("\n\nJVM stacktrace")[0].split("\n== SQL")[0].split(";\n")[0].strip()[:500]


class Table:
    """The rows of a job, cached whole and held one by one, so that a failing row costs little."""

    def __init__(self, spark: SparkSession, job: dict[str, Any]) -> None:
        self.spark = spark
        self.mode = job["mode"]
        names = [column["name"] for column in job["columns"]]
        self.schema = ", ".join(["_row string", *(f"`{name.replace('`', '``')}` string" for name in names)])
        self.columns = [functions.expr("cast(_row as int) as _row")]
        self.columns += [self.typed(column["name"], column["type"]) for column in job["columns"]]
        rows = [(str(index), *row) for index, row in enumerate(job["rows"])]
        groups: dict[Any, list[Any]] = {}
        for row in rows:
            groups.setdefault(row[names.index("_group") + 1] if self.mode == "aggregate" else row[0], []).append(row)
        self.parts = list(groups.values())
        self.whole = self.frame(rows)
        self.single: dict[int, DataFrame] = {}
        self.lock = Lock()

    @staticmethod
    def typed(name: str, data_type: str) -> Any:
        quoted = functions.col("`" + name.replace("`", "``") + "`")
        if data_type.startswith("array"):
            return functions.from_json(quoted, data_type).alias(name)
        if data_type == "binary":
            return functions.unhex(quoted).alias(name)
        return quoted.cast(data_type).alias(name)

    def frame(self, rows: list[Any]) -> DataFrame:
        return self.spark.createDataFrame(rows, self.schema).coalesce(1).select(self.columns).cache()

    def threads(self) -> ThreadPoolExecutor:
        """A thread has no session of its own accord, and would know none of its settings."""
        active = self.spark._jvm.org.apache.spark.sql.SparkSession
        return ThreadPoolExecutor(4, initializer=lambda: active.setActiveSession(self.spark._jsparkSession))

    def part(self, index: int) -> DataFrame:
        with self.lock:
            if index not in self.single:
                self.single[index] = self.local(self.parts[index])
            return self.single[index]

    def local(self, rows: list[Any]) -> DataFrame:
        """Rows that Spark holds in its driver: it evaluates expressions over them while it plans, without a job."""
        jvm = self.spark._jvm
        schema = jvm.org.apache.spark.sql.types.StructType.fromDDL(self.schema)
        held = jvm.java.util.ArrayList()
        for row in rows:
            values = self.spark.sparkContext._gateway.new_array(jvm.java.lang.Object, len(row))
            for place, value in enumerate(row):
                values[place] = value
            held.add(jvm.org.apache.spark.sql.RowFactory.create(values))
        return DataFrame(self.spark._jsparkSession.createDataFrame(held, schema), self.spark).select(self.columns)

    def without(self, indexes: list[int]) -> DataFrame:
        left_out = [int(row[0]) for index in indexes for row in self.parts[index]]
        return self.whole.where(~functions.col("_row").isin(left_out)) if left_out else self.whole

    def evaluate(self, expressions: list[str], frame: DataFrame) -> list[dict[str, Any]]:
        """The values in order of first appearance of their row or group."""
        selected = [functions.expr(text).alias(f"c{index}") for index, text in enumerate(expressions)]
        if self.mode == "aggregate":
            first = functions.min("_row").alias("_row")
            answer = frame.groupBy("_group").agg(first, *selected).drop("_group")
        else:
            answer = frame.select("_row", *selected)
        rows = sorted(collectable(answer).collect(), key=lambda row: row["_row"])
        types = [field.dataType.simpleString() for field in answer.schema.fields[1:]]
        return [
            {"type": data_type, "values": [{"value": canonical(row[f"c{index}"])} for row in rows]}
            for index, data_type in enumerate(types)
        ]


class Evaluator:
    """Evaluates many expressions over one table: together where nothing fails, in pieces where something does."""

    def __init__(self, table: Table, job: dict[str, Any]) -> None:
        self.table = table
        self.expressions: list[str] = job["expressions"]
        self.confirm: int | None = job.get("confirm")
        self.failing: list[list[int]] = job.get("failing") or [[] for _ in self.expressions]

    def evaluate(self) -> list[dict[str, Any]]:
        clean = [index for index, failing in enumerate(self.failing) if not failing]
        answers = dict(zip(clean, self.together(clean), strict=True))
        broken = [index for index, failing in enumerate(self.failing) if failing]
        others = self.guarded(broken) if self.table.mode == "row" else {}
        # Each of these is a few jobs of one small task, which mostly wait for one another.
        with self.table.threads() as threads:
            apart = threads.map(lambda i: self.apart(self.expressions[i], self.failing[i], others.get(i)), broken)
            answers.update(zip(broken, apart, strict=True))
        return [answers[index] for index in range(len(self.expressions))]

    def guarded(self, indexes: list[int]) -> dict[int, dict[str, Any]]:
        """Many at once, each but for its failing rows; a half in which something fails all the same is left to `apart`."""
        if not indexes:
            return {}
        texts = [f"if(_row in ({', '.join(map(str, self.failing[i]))}), null, {self.expressions[i]})" for i in indexes]
        try:
            answers = dict(zip(indexes, self.table.evaluate(texts, self.table.whole), strict=True))
        except Exception:  # noqa: BLE001 - a function that Spark calls before it looks at the condition
            middle = len(indexes) // 2
            return {**self.guarded(indexes[:middle]), **self.guarded(indexes[middle:])} if middle else {}
        return {index: without(answer, set(self.failing[index])) for index, answer in answers.items()}

    def together(self, indexes: list[int]) -> list[dict[str, Any]]:
        if not indexes:
            return []
        try:
            return self.table.evaluate([self.expressions[index] for index in indexes], self.table.whole)
        except Exception as error:  # noqa: BLE001 - whatever Spark raises is the answer
            if len(indexes) == 1:
                return [self.search(self.expressions[indexes[0]], error)]
            middle = len(indexes) // 2
            return self.together(indexes[:middle]) + self.together(indexes[middle:])

    def apart(self, expression: str, failing: list[int], known: dict[str, Any] | None = None) -> dict[str, Any]:
        """The parts that are expected to fail one by one, and the others together, unless they are known already."""
        try:
            answer = known or self.table.evaluate([expression], self.table.without(failing))[0]
        except Exception as error:  # noqa: BLE001
            return self.search(expression, error)
        others = iter(answer["values"])
        confirmed, skipped = set(failing[: self.confirm]), set(failing[self.confirm :] if self.confirm else [])
        values: list[dict[str, Any]] = []
        for part in range(len(self.table.parts)):
            if part in skipped:
                values.append({"skipped": True})
            else:
                values.append(self.one(expression, part) if part in confirmed else next(others))
        return {"type": answer["type"], "values": values}

    def search(self, expression: str, error: Exception) -> dict[str, Any]:
        """Every part by itself; one answer for all where the expression is not even valid."""
        parts = range(len(self.table.parts))
        if self.table.mode == "window" or "AnalysisException" in type(error).__name__ or "Parse" in type(error).__name__:
            return {"type": None, "values": [{"error": error_text(error)} for _ in parts]}
        return {"type": None, "values": [self.one(expression, part) for part in parts]}

    def one(self, expression: str, part: int) -> dict[str, Any]:
        try:
            (answer,) = self.table.evaluate([expression], self.table.part(part))
            return dict(answer["values"][0])
        except Exception as error:  # noqa: BLE001
            return {"error": error_text(error)}


def without(answer: dict[str, Any], parts: set[int]) -> dict[str, Any]:
    return {**answer, "values": [value for part, value in enumerate(answer["values"]) if part not in parts]}


TABLES: dict[str, Table] = {}


def evaluate(spark: SparkSession, job: dict[str, Any]) -> Any:
    register(spark, job.get("functions", []))
    key = json.dumps([job["columns"], job["rows"], job["mode"]])
    if key not in TABLES:
        TABLES[key] = Table(spark, job)
    return Evaluator(TABLES[key], job).evaluate()


def query(spark: SparkSession, job: dict[str, Any]) -> Any:
    register(spark, job.get("functions", []))
    frame = spark.sql(job["sql"])
    columns = [{"name": field.name, "type": field.dataType.simpleString()} for field in frame.schema.fields]
    return {"columns": columns, "rows": [canonical(list(row)) for row in collectable(frame).collect()]}


def run(spark: SparkSession, job: dict[str, Any]) -> Any:
    """Runs a script as spark-submit would, inside the warm session, and leaves no trace of it."""
    saved = (sys.argv, list(sys.path), dict(os.environ), set(sys.modules), SparkSession.stop)
    sys.argv = [job["script"], *job.get("args", [])]
    sys.path[:0] = [str(Path(job["script"]).parent), *job.get("pythonPath", [])]
    os.environ.update(job.get("environment", {}))
    SparkSession.stop = lambda self: None  # type: ignore[method-assign]
    stdout = io.StringIO()
    failure = None
    try:
        with contextlib.redirect_stdout(stdout):
            runpy.run_path(job["script"], run_name="__main__")
    except SystemExit as leave:
        failure = None if leave.code in (None, 0) else f"exit {leave.code}"
    except BaseException:  # noqa: BLE001 - the script's failure is the answer
        failure = traceback.format_exc()
    finally:
        sys.argv, sys.path[:], environment, modules, SparkSession.stop = saved
        os.environ.clear()
        os.environ.update(environment)
        for name in set(sys.modules) - modules:
            if not name.startswith("pyspark") and not name.startswith("py4j"):
                del sys.modules[name]
        forget_tables(spark)
    return {"stdout": stdout.getvalue(), "failure": failure}


def forget_tables(spark: SparkSession) -> None:
    TABLES.clear()
    spark.catalog.clearCache()
    for table in spark.catalog.listTables():
        if table.isTemporary:
            spark.catalog.dropTempView(table.name)
    for key, value in SESSION_CONF.items():
        if spark.conf.isModifiable(key):
            spark.conf.set(key, value)


def main() -> None:
    # Answers go to a private copy of stdout: whatever Spark or a script prints cannot break the protocol.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    spark = start_session()
    verbs = {"eval": evaluate, "run": run, "query": query}
    print(json.dumps({"id": 0, "result": "ready"}), file=answers)
    for line in sys.stdin:
        job = json.loads(line)
        try:
            answer = {"id": job["id"], "result": verbs[job["verb"]](spark, job)}
        except Exception:  # noqa: BLE001 - a broken job must not end the process
            answer = {"id": job["id"], "error": traceback.format_exc()}
        print(json.dumps(answer), file=answers)
    spark.stop()


if __name__ == "__main__":
    main()
