import { programsOf, type CompiledRun } from '../agents/programs.ts';
import type { Compile } from '../agents/ports.ts';
import { catalogueOf, type Catalogue } from '../spec/catalogue.ts';
import { loadCatalogue } from '../services/catalogue.ts';
import type { ConnectionSettings } from '../services/connectionSettings.ts';
import type { Postgres } from '../services/postgres.ts';
import { loadSqlParser } from '../services/sqlParser.ts';
import { problemText } from '../services/terminal.ts';
import { withDatabase } from './connection.ts';
import { UsageError } from './exitCodes.ts';
import { readSubject, type Subject } from './prompt.ts';
import type { Terminal } from './terminal.ts';

export async function catalogueFrom(postgres: Postgres, signal: AbortSignal): Promise<Catalogue> {
  const { tables, searchPath, ...facts } = await loadCatalogue(postgres, signal);
  return catalogueOf(tables, searchPath, facts);
}

export async function compilerOver(postgres: Postgres, signal: AbortSignal): Promise<Compile> {
  const parser = await loadSqlParser();
  return (specText, catalogue, instant) =>
    programsOf({ specText, catalogue, parser, instant, prepare: (sql) => postgres.prepare(sql, { signal }) });
}

export interface CompiledSpec {
  readonly compiled: CompiledRun;
  readonly specText: string;
  readonly file: string;
  readonly postgres: Postgres;
  readonly catalogue: Catalogue;
  readonly settings: ConnectionSettings;
}

/** Compiles against the live catalogue and tells every problem. */
export async function withCompiled(
  spec: Subject,
  terminal: Terminal,
  use: (compiled: CompiledSpec) => Promise<number>,
): Promise<number> {
  if (spec.kind !== 'spec') throw new UsageError('This command needs the file of a spec, which ends in .json.');
  const { specText, file } = spec;
  const { signal, log, out } = terminal;
  return withDatabase(terminal, async (postgres, { settings }) => {
    const [compile, catalogue] = await Promise.all([compilerOver(postgres, signal), catalogueFrom(postgres, signal)]);
    const compiled = await compile(specText, catalogue, new Date().toISOString());
    for (const problem of compiled.problems) {
      log.info(problemText(problem, specText, file));
      out.event({ event: 'problem', file, ...problem });
    }
    return use({ compiled, specText, file, postgres, catalogue, settings });
  });
}

export const subjectOf = ({ values }: Terminal, argument: string | undefined): Promise<Subject> =>
  readSubject({ argument, file: values.file, stdin: process.stdin });
