import { readSpec } from '../spec/read.ts';
import { parseTableName } from '../spec/tableName.ts';
import { tableIdentifier } from '../compiler/reference/identifier.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunState, RunStop } from '../agents/runState.ts';
import type { Postgres } from '../services/postgres.ts';
import { problemText, stateText, tableText } from '../services/terminal.ts';
import { answerCommand, questionText } from './questions.ts';
import type { Terminal } from './terminal.ts';

export interface Told {
  readonly runId: string;
  readonly startedAt: Date;
}

export function tellState({ log, out }: Terminal, state: RunState, { runId, startedAt }: Told): void {
  log.info(stateText(state, { startedAt, now: new Date() }));
  out.event({ event: 'state', run: runId, state });
}

export interface Ended {
  readonly runId: string;
  readonly specText: string;
  readonly file: string;
  readonly postgres: Postgres;
}

/** The answer itself, on standard output: rows, a spec, or questions. */
export async function tellStop(terminal: Terminal, stop: RunStop, ended: Ended): Promise<void> {
  const { log, out, signal } = terminal;
  const { runId, specText, file } = ended;
  switch (stop.kind) {
    case 'finished':
      for (const round of stop.verdict.rounds ?? []) log.info(round);
      out.text(stop.leftOld ? leftText(ended) : await resultText(ended, signal));
      break;
    case 'executionFailed':
      for (const round of stop.rounds ?? []) log.info(round);
      break;
    case 'planned':
      await tellSpec(terminal, ended);
      break;
    case 'asking':
      for (const question of stop.questions) log.info(questionText(question));
      log.info(answerCommand(runId, stop.questions));
      break;
    case 'refused':
      for (const each of stop.problems) log.info(problemText(each, specText, file));
      for (const { text, offset, hint } of stop.words ?? []) {
        log.info(`  "${text}" (at ${offset}) was not understood.${hint === undefined ? '' : ` ${hint}`}`);
      }
      break;
    default:
  }
  out.event({ event: 'end', run: runId, state: stop, ...(stop.kind === 'planned' && { spec: specText }) });
}

async function tellSpec({ values, out }: Terminal, { runId, specText }: Ended): Promise<void> {
  if (values.out === undefined) {
    out.text(specText.trimEnd());
    return;
  }
  const name = readSpec(specText).spec?.name ?? runId;
  const path = join(values.out, `${name.replaceAll(/[^\w-]+/g, '_')}.datamorph.json`);
  await writeFile(path, specText);
  out.text(path);
  out.event({ event: 'written', file: path });
}

function leftText({ specText }: Ended): string {
  const { spec } = readSpec(specText);
  return `The rows of this run were not published: ${spec?.target.table ?? 'the target'} is as it was.`;
}

/** The first rows of the target, so that the answer can be seen. */
async function resultText({ postgres, specText }: Ended, signal: AbortSignal): Promise<string> {
  const { spec } = readSpec(specText);
  const name = spec && parseTableName(spec.target.table);
  if (!name) return '';
  const rows = await postgres.select<Record<string, unknown>>(`select * from ${tableIdentifier(name)} limit 5`, {
    signal,
  });
  return tableText(
    spec.target.table,
    spec.target.columns.map((column) => column.name),
    rows,
  );
}
