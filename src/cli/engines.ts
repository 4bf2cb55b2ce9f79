import { join } from 'node:path';
import type { Engine } from '../agents/engine.ts';
import { jobVariables, type CliConnection } from '../services/cliConnection.ts';
import { glueSettingsFrom } from '../services/glue/environment.ts';
import type { LocalEnvironment } from '../services/localEnvironment.ts';
import { localSpark, type LocalSparkOptions } from '../services/localSpark.ts';
import { localSparkHere } from '../services/localSparkHere.ts';
import { loginSource } from '../services/loginSource.ts';
import type { Terminal } from './terminal.ts';

/** Opened when it is needed first; a run that only plans needs none. */
export interface LateEngine extends Engine {
  open(): Promise<void>;
  close(): Promise<void>;
}

type ClosableEngine = Engine & { close(): void | Promise<void> };

const names: Readonly<Record<string, string>> = { local: 'local Spark', glue: 'AWS Glue' };

/** @param name As `--engine` says it, or as a run that goes on has written it down. */
export function lateEngine(terminal: Terminal, connection: CliConnection, name = 'local'): LateEngine {
  const key = Object.entries(names).find((entry) => entry.includes(name))?.[0];
  if (key === undefined) throw new Error(`There is no engine "${name}": it is local or glue.`);
  let opening: Promise<ClosableEngine> | undefined;
  const opened = (): Promise<ClosableEngine> =>
    (opening ??= key === 'local' ? openLocalSpark(terminal, connection) : openGlueEngine(terminal, connection));
  return {
    name: names[key] ?? name,
    async open() {
      await opened();
    },
    run: async (job, watch) => (await opened()).run(job, watch),
    attach: async (handle, watch) => (await opened()).attach(handle, watch),
    async close() {
      // What could not be opened has told so to whoever needed it.
      const engine = await opening?.catch(() => undefined);
      await engine?.close();
    },
  };
}

async function openLocalSpark({ environment, signal }: Terminal, connection: CliConnection): Promise<ClosableEngine> {
  const { settings, password } = connection;
  const source = await loginSource(settings, password);
  return localSpark({
    ...(await sparkOnThisMachine(environment, signal)),
    runtime,
    // A token that was signed an hour ago is of no use to a job that starts now.
    connections: async () => jobVariables({ ...connection, ...(await source.login()) }),
    environment,
  });
}

async function openGlueEngine({ environment }: Terminal, connection: CliConnection): Promise<ClosableEngine> {
  const { sslRootCert } = connection.settings;
  const settings = glueSettingsFrom({
    environment,
    runtime,
    jdbcUrl: jobVariables(connection).DATAMORPH_CONNECTION_DEFAULT,
    ...(sslRootCert === undefined ? {} : { sslRootCert }),
  });
  const { glueEngine } = await import('../services/glueEngine.ts');
  return glueEngine(settings);
}

/** As the environment says, or as `datamorph setup` made it. */
async function sparkOnThisMachine(
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Pick<LocalSparkOptions, 'python' | 'jdbcJar' | 'javaHome'>> {
  const { DATAMORPH_PYTHON: python, DATAMORPH_JDBC_JAR: jdbcJar } = environment;
  if (python && jdbcJar) return { python, jdbcJar };
  const state = await environmentHere(environment).state(signal);
  switch (state.kind) {
    case 'ready':
      return state;
    case 'missing':
      throw new Error('Local Spark is not set up: `datamorph setup` does it.');
    case 'broken':
      throw new Error(`Local Spark is broken: ${state.problem} \`datamorph setup\` mends it.`);
  }
}

export const environmentHere = (environment: NodeJS.ProcessEnv): LocalEnvironment =>
  localSparkHere(runtime, environment);

/** Beside the bundle, wherever that stands. */
const runtime = join(__dirname, 'python');
