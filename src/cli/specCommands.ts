import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { validatorOn } from '../agents/validator.ts';
import { snapshotsOf } from '../services/snapshot.ts';
import { loadSqlParser } from '../services/sqlParser.ts';
import { headline, reportOf } from '../agents/report.ts';
import { recordOf } from '../agents/run/record.ts';
import { loadCatalogue } from '../services/catalogue.ts';
import { readRun } from '../services/runJournal.ts';
import { schemaText } from '../services/terminal.ts';
import { withDatabase } from './connection.ts';
import { exitCodes, UsageError } from './exitCodes.ts';
import { subjectOf, withCompiled, type CompiledSpec } from './programs.ts';
import type { Subject } from './prompt.ts';
import { workspaceOf, type Terminal } from './terminal.ts';

export const schema = (terminal: Terminal): Promise<number> =>
  withDatabase(terminal, async (postgres) => {
    const { tables } = await loadCatalogue(postgres, terminal.signal);
    terminal.out.text(schemaText(tables));
    for (const table of tables) terminal.out.event({ event: 'table', ...table });
    return exitCodes.done;
  });

export async function check(terminal: Terminal, argument?: string): Promise<number> {
  return withCompiled(await subjectOf(terminal, argument), terminal, ({ compiled }) => {
    const errors = compiled.problems.filter(({ severity }) => severity === 'error').length;
    terminal.out.text(errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}` : 'No errors.');
    terminal.out.event({ event: 'checked', errors });
    return Promise.resolve(errors > 0 ? exitCodes.refused : exitCodes.done);
  });
}

export async function compile(terminal: Terminal, argument?: string): Promise<number> {
  return withCompiled(await subjectOf(terminal, argument), terminal, async ({ compiled: { programs }, file }) => {
    if (!programs) return exitCodes.refused;
    const base = file.replace(/(\.datamorph)?\.json$/, '');
    const stem = terminal.values.out === undefined ? base : join(terminal.values.out, basename(base));
    const files = [
      [`${stem}.py`, programs.script],
      [`${stem}.sql`, programs.reference],
    ] as const;
    for (const [path, text] of files) {
      if (text === undefined) continue;
      await writeFile(path, text.endsWith('\n') ? text : `${text}\n`);
      terminal.out.text(path);
      terminal.out.event({ event: 'written', file: path });
    }
    if (programs.noReference !== undefined) terminal.out.text(`No reference SQL: ${programs.noReference}`);
    return exitCodes.done;
  });
}

/** Compares what stands in the target now. */
export async function validate(terminal: Terminal, argument?: string): Promise<number> {
  return withCompiled(await specOf(terminal, argument), terminal, (compiled) => compared(terminal, compiled));
}

async function specOf(terminal: Terminal, argument: string | undefined): Promise<Subject> {
  const { file } = terminal.values;
  if (argument === undefined || argument === '-' || /\.json$/i.test(argument) || file !== undefined) {
    return subjectOf(terminal, argument);
  }
  const specText = recordOf(await readRun(workspaceOf(terminal), argument))?.specText;
  if (specText === undefined) throw new UsageError(`The run ${argument} has no spec.`);
  return { kind: 'spec', specText, file: `${argument}/spec.datamorph.json` };
}

async function compared(
  terminal: Terminal,
  { compiled: { programs }, specText, postgres }: CompiledSpec,
): Promise<number> {
  if (!programs) return exitCodes.refused;
  const { signal, out, log } = terminal;
  const validator = validatorOn(snapshotsOf(postgres, await loadSqlParser()));
  const request = { specText, programs, rows: programs.target.table, ownRows: false };
  const verdict = await validator.validate(request, { signal });
  out.text(reportOf(verdict, programs).trimEnd());
  out.event({ event: 'validated', table: programs.target.table, verdict });
  log.info(`${programs.target.table}: ${headline(verdict)}`);
  return verdict.kind === 'failed' ? exitCodes.wrongResult : exitCodes.done;
}
