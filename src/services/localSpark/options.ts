import { totalmem } from 'node:os';
import { delimiter, join } from 'node:path';
import { fromArchive } from './classArchive.ts';
import type { HostPlace } from './host.ts';

export interface LocalSparkOptions {
  /** A Python that has pyspark. */
  readonly python: string;
  readonly jdbcJar: string;
  /** A Java 17, where none is on the path. */
  readonly javaHome?: string;
  /** The folder of the job runtime. */
  readonly runtime: string;
  /** What the runtime knows each connection by, asked anew for every run; see python/datamorph/connections.py. */
  readonly connections: () => Promise<Readonly<Record<string, string>>>;
  readonly environment: NodeJS.ProcessEnv;
  readonly limits?: Partial<Limits>;
  /** For the JVM, instead of starting from the archive of its classes. */
  readonly javaOptions?: readonly string[];
}

export interface Limits {
  /** Scripts that run side by side; the others queue. */
  readonly sideBySide: number;
  /** The worker ends after so long without a run. */
  readonly idleMinutes: number;
  /** A new worker takes over after so many runs… */
  readonly runs: number;
  /** …or when the JVM holds so much more than its heap may take. */
  readonly excessBytes: number;
  /** The JVM's heap. */
  readonly heapBytes: number;
  /** What the process of one script may hold. */
  readonly scriptBytes: number;
  /** What the Python workers of a script's functions may address together; libraries reserve much that they never use. */
  readonly workerBytes: number;
}

const [mebibyte, gibibyte] = [2 ** 20, 2 ** 30];

/** A quarter of the machine for the JVM, but no less than Spark needs and no more than small local runs can use. */
export function limitsOf(options: LocalSparkOptions): Limits {
  const quarter = Math.min(Math.max(totalmem() / 4, gibibyte), 4 * gibibyte);
  return {
    sideBySide: 2,
    idleMinutes: 15,
    runs: 200,
    excessBytes: gibibyte,
    heapBytes: quarter,
    scriptBytes: 2 * gibibyte,
    workerBytes: 6 * gibibyte,
    ...options.limits,
  };
}

export function placeOf(options: LocalSparkOptions): HostPlace {
  const { python, javaHome, runtime, environment } = options;
  // The stand-in for AWS Glue's own package has a folder of its own, so that it never gets to AWS Glue.
  const path = [runtime, join(runtime, 'standin'), environment['PYTHONPATH']].filter(Boolean).join(delimiter);
  return {
    python,
    environment: {
      ...environment,
      ...(javaHome === undefined ? {} : { JAVA_HOME: javaHome }),
      PYSPARK_PYTHON: python,
      PYSPARK_DRIVER_PYTHON: python,
      PYSPARK_SUBMIT_ARGS: submitArguments(options),
      PYTHONPATH: path,
      // The scripts' texts are UTF-8, whatever the machine is set to.
      PYTHONUTF8: '1',
    },
  };
}

/** A JVM that starts fast rather than runs long, and ends rather than limps when its memory is full. */
const usualJava = ['-Duser.timezone=UTC', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:+ExitOnOutOfMemoryError'];

export const javaFlags = (jdbcJar: string, more = fromArchive(jdbcJar)): readonly string[] => [...usualJava, ...more];

function submitArguments(options: LocalSparkOptions): string {
  const { jdbcJar, javaOptions } = options;
  const { heapBytes, workerBytes } = limitsOf(options);
  const java = javaFlags(jdbcJar, javaOptions).map(javaQuoted).join(' ');
  return [
    '--master local[2]',
    `--driver-memory ${inMebibytes(heapBytes)}m`,
    `--driver-class-path ${shellQuoted(jdbcJar)}`,
    `--conf ${shellQuoted(`spark.driver.defaultJavaOptions=${java}`)}`,
    `--conf spark.executor.pyspark.memory=${inMebibytes(workerBytes)}m`,
    'pyspark-shell',
  ].join(' ');
}

/** Spark splits these at blanks outside of quotes. */
const javaQuoted = (option: string): string =>
  /[\s"'\\]/.test(option) ? `"${option.replaceAll(/["\\]/g, '\\$&')}"` : option;

const inMebibytes = (bytes: number): number => Math.floor(bytes / mebibyte);

/** PySpark splits these arguments as a shell would. */
const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`;
