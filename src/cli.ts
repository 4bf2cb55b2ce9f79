import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Engine } from './agents/engine.ts';
import { run } from './agents/orchestrator.ts';
import { programsOf, type CompiledRun } from './agents/programs.ts';
import type { Prepared } from './compiler/describe.ts';
import { tableIdentifier } from './compiler/reference/identifier.ts';
import type { RunState } from './agents/runState.ts';
import { catalogueOf, type Catalogue } from './spec/catalogue.ts';
import { readSpec } from './spec/read.ts';
import { parseTableName } from './spec/tableName.ts';
import { loadCatalogue } from './services/catalogue.ts';
import { connectionFromEnvironment, jobVariables, type CliConnection } from './services/cliConnection.ts';
import { glueSettingsFrom, glueVariables } from './services/glue/environment.ts';
import { createLog, type Log } from './services/log.ts';
import { environmentFolder, localEnvironment, type LocalEnvironment } from './services/localEnvironment.ts';
import { localSpark, type LocalSparkOptions } from './services/localSpark.ts';
import { openPostgres, type Postgres } from './services/postgres.ts';
import { createRedactor } from './services/redact.ts';
import { createRunJournal } from './services/runJournal.ts';
import { loadSqlParser } from './services/sqlParser.ts';
import { problemText, schemaText, stateText, tableText } from './services/terminal.ts';

/** Documented in `usage`; a script may rely on them. */
const exitCodes = {
  done: 0,
  wrongResult: 1,
  usage: 2,
  specRefused: 3,
  jobFailed: 4,
  outside: 5,
  cancelled: 130,
} as const;

const usage = `Usage: datamorph COMMAND [options]

  schema            prints the tables that the connection may see
  check SPEC        checks a spec against the live database
  compile SPEC      writes the PySpark and the reference SQL beside the spec (or into --out)
  run SPEC          runs the spec and compares every row with PostgreSQL's own answer
  setup             sets up local Spark, or mends it

Options
  --connection URL  postgres://user@host:port/database; otherwise PGSERVICE, or PGHOST, PGPORT, PGDATABASE and PGUSER
  --out FOLDER      where compile writes
  --engine NAME     where run runs: local (Spark on this machine, the default) or glue (AWS Glue 5.0)
  --workspace DIR   where run keeps its record (.datamorph/runs); the current folder otherwise
  --verbose         shows what the job prints
  --remove          with setup: removes local Spark
  --help

The password comes from the service file, PGPASSWORD or the password file (PGPASSFILE, ~/.pgpass).
DATAMORPH_PYTHON and DATAMORPH_JDBC_JAR name a Python with pyspark 3.5.4 and PostgreSQL's JDBC driver to be used instead
of what setup has made.

AWS Glue needs, beside credentials that the AWS SDK finds by itself:
${glueVariables}

Exit status: 0 done, 1 the result is wrong, 2 usage, 3 the spec has errors, 4 the job failed, 5 no connection or other
trouble outside, 130 cancelled.
`;

interface Terminal {
  readonly values: Readonly<{
    engine?: string;
    out?: string;
    workspace?: string;
    verbose?: boolean;
    remove?: boolean;
  }>;
  readonly connection: CliConnection;
  readonly signal: AbortSignal;
  readonly log: Log;
}

type Command = (specFile: string, terminal: Terminal) => Promise<number>;

const commands: Readonly<Record<string, Command>> = {
  schema: (_file, terminal) =>
    withDatabase(terminal, async (postgres) => {
      print(schemaText((await loadCatalogue(postgres, terminal.signal)).tables));
      return exitCodes.done;
    }),
  check: (file, terminal) =>
    withCompiled(file, terminal, ({ problems }) => {
      const errors = problems.filter(({ severity }) => severity === 'error').length;
      print(errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}` : 'No errors.');
      return Promise.resolve(errors > 0 ? exitCodes.specRefused : exitCodes.done);
    }),
  compile: (file, terminal) =>
    withCompiled(file, terminal, async ({ programs }) => {
      if (!programs) return exitCodes.specRefused;
      const base = file.replace(/(\.datamorph)?\.json$/, '');
      const stem = terminal.values.out === undefined ? base : join(terminal.values.out, basename(base));
      const files = [
        [`${stem}.py`, programs.script],
        [`${stem}.sql`, programs.reference],
      ] as const;
      for (const [path, text] of files) {
        if (text === undefined) continue;
        await writeFile(path, text.endsWith('\n') ? text : `${text}\n`);
        print(path);
      }
      if (programs.noReference !== undefined) print(`No reference SQL: ${programs.noReference}`);
      return exitCodes.done;
    }),
  run: runCommand,
  setup: setupCommand,
};

/** Those that are not about a spec. */
const withoutSpec = ['schema', 'setup'];

async function main(): Promise<number> {
  const redactor = createRedactor();
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const log = createLog({ trace: () => undefined, debug: () => undefined, info: say, warn: say, error: say }, redactor);
  const stop = new AbortController();
  process.once('SIGINT', () => {
    stop.abort();
  });
  process.once('SIGTERM', () => {
    stop.abort();
  });
  try {
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    const [name = '', specFile = ''] = positionals;
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (values.help || !command || (!withoutSpec.includes(name) && specFile === '')) {
      (values.help ? process.stdout : process.stderr).write(usage);
      return values.help ? exitCodes.done : exitCodes.usage;
    }
    const connection = await connectionFromEnvironment(values.connection, process.env);
    if (connection.password !== undefined) redactor.learn(connection.password);
    return await command(specFile, { values, connection, signal: stop.signal, log });
  } catch (error) {
    if (stop.signal.aborted) return exitCodes.cancelled;
    log.error(error instanceof Error ? error.message : String(error));
    return error instanceof TypeError && 'code' in error ? exitCodes.usage : exitCodes.outside;
  }
}

const options = {
  connection: { type: 'string' },
  engine: { type: 'string' },
  out: { type: 'string' },
  workspace: { type: 'string' },
  verbose: { type: 'boolean' },
  remove: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

async function withDatabase<T>({ connection, signal }: Terminal, use: (postgres: Postgres) => Promise<T>): Promise<T> {
  const postgres = await openPostgres({ ...connection, signal });
  try {
    return await use(postgres);
  } finally {
    await postgres.close();
  }
}

/** Compiles against the live catalogue and prints every problem on standard error. */
function withCompiled(
  specFile: string,
  terminal: Terminal,
  use: (compiled: CompiledRun) => Promise<number>,
): Promise<number> {
  return withDatabase(terminal, async (postgres) => {
    const specText = await readFile(specFile, 'utf8');
    const parser = await loadSqlParser();
    const catalogue = await catalogueFrom(postgres, terminal.signal);
    const prepare = (sql: string): Promise<Prepared> => postgres.prepare(sql, { signal: terminal.signal });
    const instant = new Date().toISOString();
    const compiled = await programsOf({ specText, catalogue, parser, instant, prepare });
    for (const problem of compiled.problems) terminal.log.info(problemText(problem, specText, specFile));
    return use(compiled);
  });
}

async function catalogueFrom(postgres: Postgres, signal: AbortSignal): Promise<Catalogue> {
  const { tables, searchPath, ...facts } = await loadCatalogue(postgres, signal);
  return catalogueOf(tables, searchPath, facts);
}

type ClosableEngine = Engine & { close(): void | Promise<void> };

async function engineOf({ values, connection, signal }: Terminal): Promise<ClosableEngine> {
  const runtime = join(__dirname, 'python');
  switch (values.engine ?? 'local') {
    case 'local':
      return localSpark({
        ...(await sparkOnThisMachine(signal)),
        runtime,
        connections: () => Promise.resolve(jobVariables(connection)),
        environment: process.env,
      });
    case 'glue': {
      const { sslRootCert } = connection.settings;
      const settings = glueSettingsFrom({
        environment: process.env,
        runtime,
        jdbcUrl: jobVariables(connection).DATAMORPH_CONNECTION_DEFAULT,
        ...(sslRootCert === undefined ? {} : { sslRootCert }),
      });
      const { glueEngine } = await import('./services/glueEngine.ts');
      return glueEngine(settings);
    }
    default:
      throw new Error(`There is no engine "${values.engine ?? ''}": it is local or glue.`);
  }
}

async function runCommand(specFile: string, terminal: Terminal): Promise<number> {
  const { values, signal, log } = terminal;
  const engine = await engineOf(terminal);
  const specText = await readFile(specFile, 'utf8');
  const startedAt = new Date();
  const instant = startedAt.toISOString();
  const runId = `${instant.replaceAll(/[-:.]/g, '')}-${randomBytes(3).toString('hex')}`;
  const parser = await loadSqlParser();
  const prompt = readSpec(specText).spec?.prompt;
  const journal = await createRunJournal({
    folder: values.workspace ?? process.cwd(),
    runId,
    engine: engine.name,
    ...(prompt === undefined ? {} : { prompt }),
    startedAt,
    now: () => new Date(),
  });
  const execute = async (postgres: Postgres): Promise<number> => {
    const last = await run({
      runId,
      instant,
      specText,
      compile: (text, catalogue) =>
        programsOf({ specText: text, catalogue, parser, instant, prepare: (sql) => postgres.prepare(sql, { signal }) }),
      database: {
        catalogue: () => catalogueFrom(postgres, signal),
        select: (sql, abort) => postgres.select(sql, { signal: abort }),
      },
      engine,
      journal,
      signal,
      onState: (state) => {
        log.info(stateText(state, { startedAt, now: new Date() }));
        if (state.kind === 'refused')
          for (const each of state.problems) log.info(problemText(each, specText, specFile));
      },
      onOutput: (line) => {
        if (values.verbose) log.info(`  ${line}`);
      },
      onStarted: ({ engine: where, id }) => {
        if (values.verbose) log.info(`  ${where}: ${id}`);
      },
      onProgress: ({ phase, detail }) => {
        if (values.verbose) log.info(`  ${phase}${detail === undefined ? '' : `: ${detail}`}`);
      },
    });
    if (last.kind === 'finished') print(await resultText(postgres, specText, signal));
    log.info(`Kept in ${journal.folder}`);
    return exitCodeOf(last);
  };
  try {
    return await withDatabase(terminal, execute);
  } finally {
    await engine.close();
  }
}

/** As the environment says, or as `datamorph setup` made it. */
async function sparkOnThisMachine(
  signal: AbortSignal,
): Promise<Pick<LocalSparkOptions, 'python' | 'jdbcJar' | 'javaHome'>> {
  const { DATAMORPH_PYTHON: python, DATAMORPH_JDBC_JAR: jdbcJar } = process.env;
  if (python && jdbcJar) return { python, jdbcJar };
  const state = await environmentHere().state(signal);
  switch (state.kind) {
    case 'ready':
      return state;
    case 'missing':
      throw new Error('Local Spark is not set up: `datamorph setup` does it.');
    case 'broken':
      throw new Error(`Local Spark is broken: ${state.problem} \`datamorph setup\` mends it.`);
  }
}

async function setupCommand(_file: string, { values, signal, log }: Terminal): Promise<number> {
  const environment = environmentHere();
  if (values.remove) {
    await environment.remove();
    print('Local Spark is removed.');
    return exitCodes.done;
  }
  const { python } = await environment.setUp({
    signal,
    onProgress: ({ step, number, of }) => {
      log.info(`${number}/${of} ${step} …`);
    },
  });
  print(`Local Spark is ready: ${python}`);
  return exitCodes.done;
}

const environmentHere = (): LocalEnvironment =>
  localEnvironment({
    folder: environmentFolder(process.env, { platform: process.platform, home: homedir() }),
    runtime,
    environment: process.env,
  });

/** The first rows of the target, so that the answer can be seen. */
async function resultText(postgres: Postgres, specText: string, signal: AbortSignal): Promise<string> {
  const { spec } = readSpec(specText);
  const name = spec && parseTableName(spec.target.table);
  if (!name) return '';
  const rows = await postgres.select<Record<string, unknown>>(`select * from ${tableIdentifier(name)} limit 5`, {
    signal,
  });
  return tableText(
    spec.target.table,
    spec.target.columns.map(({ name }) => name),
    rows,
  );
}

function exitCodeOf(state: RunState): number {
  switch (state.kind) {
    case 'finished':
      return state.verdict.kind === 'failed' ? exitCodes.wrongResult : exitCodes.done;
    case 'refused':
      return exitCodes.specRefused;
    case 'executionFailed':
      return exitCodes.jobFailed;
    case 'cancelled':
      return exitCodes.cancelled;
    case 'broken':
    case 'checking':
    case 'executing':
    case 'comparing':
      return exitCodes.outside;
  }
}

const runtime = join(__dirname, 'python');

const print = (text: string): void => void process.stdout.write(`${text}\n`);

void main().then((code) => {
  process.exitCode = code;
});
