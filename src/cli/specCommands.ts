import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { reportFor, reportOf } from '../agents/report.ts';
import { maskedVerdict } from '../agents/report/masked.ts';
import { headline } from '../agents/report/words.ts';
import { recordOf } from '../agents/run/record.ts';
import type { PhaseResult } from '../agents/verdict.ts';
import { loadCatalogue } from '../services/catalogue.ts';
import { readSpec } from '../spec/read.ts';
import { readRun } from '../services/runJournal.ts';
import { schemaText } from '../services/terminal.ts';
import { withDatabase } from './connection.ts';
import { skipOf } from './arguments.ts';
import { exitCodes, UsageError } from './exitCodes.ts';
import { subjectOf, withCompiled, type CompiledSpec } from './programs.ts';
import type { Subject } from './prompt.ts';
import { workspaceOf, type Terminal } from './terminal.ts';
import { validatorFor } from './validating.ts';

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
  { compiled: { programs, problems }, specText, postgres, catalogue, settings }: CompiledSpec,
): Promise<number> {
  const { signal, out, log, values } = terminal;
  const { report } = values;
  const write = report === undefined ? undefined : reportFor(report);
  if (report !== undefined && !write)
    throw new UsageError(`--report ends in .md, .html, .json or .xml, not "${report}".`);
  if (!programs) return exitCodes.refused;
  const validator = await validatorFor({ terminal, postgres, settings });
  const { prompt } = readSpec(specText).spec ?? {};
  const request = {
    ...{ specText, programs, problems, catalogue, rows: programs.target.table, ownRows: false, skip: skipOf(values) },
    ...(prompt !== undefined && { prompt }),
  };
  const onPhase = (result: PhaseResult): Promise<void> => {
    out.event({ event: 'phase', ...result });
    return Promise.resolve();
  };
  const verdict = await validator.validate(request, { signal, onPhase });
  out.text(reportOf(verdict, programs).trimEnd());
  out.event({
    event: 'validated',
    table: programs.target.table,
    verdict: maskedVerdict(verdict, programs.target.columns),
  });
  if (report !== undefined && write) {
    await writeFile(report, write(verdict, programs));
    out.event({ event: 'written', file: report });
  }
  log.info(`${programs.target.table}: ${headline(verdict)}`);
  return verdict.kind === 'failed' ? exitCodes.wrongResult : exitCodes.done;
}
