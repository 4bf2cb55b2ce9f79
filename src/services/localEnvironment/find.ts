import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupFailure } from './failure.ts';
import { pythonVersions } from './pins.ts';
import type { RunProgram } from './programs.ts';

export interface Tools {
  readonly run: RunProgram;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

export interface Python {
  readonly path: string;
  /** Such as 3.11.7. */
  readonly version: string;
}

const tellVersion = 'import sys; print("%d.%d.%d" % sys.version_info[:3]); print(sys.executable)';

/** The first that fits, AWS Glue's own version before all others. */
export async function findPython(tools: Tools): Promise<Python> {
  const names = pythonVersions.flatMap((version) => [[`python${version}`], ['py', `-${version}`]]);
  const seen = new Map<string, string>();
  for (const [command = '', ...flags] of [...names, ['python3'], ['python']]) {
    const { code, output } = await tools.run(command, [...flags, '-c', tellVersion], tools);
    const [version = '', path = ''] = output.trim().split(/\r?\n/);
    if (code !== 0 || path === '') continue;
    if (fits(version)) return { path, version };
    seen.set(path, version);
  }
  const found = seen.size > 0 ? ` Found: ${[...new Set(seen.values())].join(', ')}.` : '';
  throw new SetupFailure(
    `Python ${pythonVersions[0]} is needed (${pythonVersions.slice(1).join(' and ')} do as well), and none was found.${found} ` +
      `Install it, so that python${pythonVersions[0]} or python3 starts it, and set up local Spark again.`,
  );
}

const fits = (version: string): boolean => pythonVersions.some((each) => version.startsWith(`${each}.`));

/** The home of a Java 17 of this machine; newer ones do not run Spark 3.5. */
export async function findJava(tools: Tools): Promise<string | undefined> {
  const { JAVA_HOME: home } = tools.environment;
  const candidates = [...(home ? [join(home, 'bin', 'java')] : []), 'java', ...(await installedJavas())];
  for (const command of candidates) {
    const { code, output } = await tools.run(command, ['-XshowSettings:properties', '-version'], tools);
    if (code !== 0 || !/java\.specification\.version = 17\b/.test(output)) continue;
    const found = /java\.home = (.+)/.exec(output)?.[1]?.trim();
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where Linux distributions and macOS keep several of them. */
async function installedJavas(): Promise<readonly string[]> {
  const places = [
    { folder: '/usr/lib/jvm', inside: ['bin', 'java'] },
    { folder: '/Library/Java/JavaVirtualMachines', inside: ['Contents', 'Home', 'bin', 'java'] },
  ];
  const found = await Promise.all(
    places.map(async ({ folder, inside }) => (await namesIn(folder)).map((name) => join(folder, name, ...inside))),
  );
  return found.flat().filter((path) => path.includes('17'));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
