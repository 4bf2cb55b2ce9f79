import type { LogEntry } from '../agents/logger.ts';
import { headline } from '../agents/report/words.ts';
import type { RunState } from '../agents/runState.ts';
import type { CatalogueTable } from '../spec/catalogue.ts';
import type { Problem } from '../spec/problem.ts';
import type { RunSummary } from './runFiles.ts';

/** `file:line:column: severity: sentence [code]`, as compilers write it, so that terminals make it a link. */
export function problemText({ code, severity, message, span }: Problem, text: string, file: string): string {
  const before = text.slice(0, span.offset).split('\n');
  return `${file}:${before.length}:${(before.at(-1) ?? '').length + 1}: ${severity}: ${message} [${code}]`;
}

export function schemaText(tables: readonly CatalogueTable[]): string {
  const lines = tables.flatMap(({ schema, name, kind, comment, columns, primaryKey = [] }) => [
    `${schema}.${name} (${kind})${comment === undefined ? '' : `: ${oneLine(comment)}`}`,
    ...columns.map((column) => {
      const key = primaryKey.includes(column.name) ? ', key' : '';
      return `  ${column.name} ${column.type}${column.nullable ? '' : ' not null'}${key}`;
    }),
  ]);
  return lines.length > 0 ? lines.join('\n') : 'No tables that this user may see.';
}

interface Clock {
  readonly startedAt: Date;
  readonly now: Date;
}

/** One line a state, with the seconds since the run began. */
export function stateText(state: RunState, { startedAt, now }: Clock): string {
  const seconds = ((now.getTime() - startedAt.getTime()) / 1000).toFixed(1).padStart(6);
  return `${seconds} s  ${sentence(state)}`;
}

export function sentence(state: RunState): string {
  switch (state.kind) {
    case 'planning':
      return 'Writing the spec';
    case 'asking':
      return `Waiting for ${state.questions.length === 1 ? 'an answer' : 'answers'}`;
    case 'planned':
      return 'The spec is written';
    case 'checking':
      return 'Checking the spec against the database';
    case 'refused':
      return `Refused: ${state.reason ?? 'the spec has errors'}`;
    case 'coding':
      return state.attempt > 1 ? `Mending the PySpark (attempt ${state.attempt})` : 'Writing the PySpark';
    case 'coded':
      return 'The PySpark is written';
    case 'executing':
      return `Running the PySpark${state.attempt > 1 ? ` (attempt ${state.attempt})` : ''}`;
    case 'executionFailed':
      return `Failed${state.step === undefined ? '' : ` in step ${state.step}`}${state.line === undefined ? '' : ` (script line ${state.line})`}: ${state.message}`;
    case 'validating':
      return "Comparing every row with PostgreSQL's own answer";
    case 'locating':
      return 'Looking for the step that went wrong';
    case 'remediating':
      return `Looking for the cause (round ${state.round})`;
    case 'publishing':
      return 'Making the rows visible';
    case 'finished':
      return (
        capitalised(headline(state.verdict)) +
        (state.verdict.kind === 'notCompared' ? `: ${state.verdict.reason}` : '') +
        (state.leftOld ? '; the target is as it was' : '')
      );
    case 'cancelled':
      return 'Cancelled';
    case 'interrupted':
      return `Interrupted while ${state.during}`;
    case 'broken':
    case 'budgetSpent':
      return `Stopped: ${state.message}`;
  }
}

/** One line a run, the newest first. */
export function runsText(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return 'No runs yet.';
  return runs
    .map(({ id, state, engine, prompt, verdict }) =>
      [id, state.padEnd(11), engine, oneLine(prompt ?? ''), verdict === undefined ? '' : `(${oneLine(verdict)})`]
        .filter((part) => part !== '')
        .join('  '),
    )
    .join('\n');
}

/** One line an entry. */
export function logText({ seq, at, kind, data }: LogEntry): string {
  const { line } = data;
  return `${String(seq).padStart(6)}  ${at}  ${kind.padEnd(10)}  ${typeof line === 'string' ? line : JSON.stringify(data)}`;
}

/** Rows in columns, for a person. */
export function tableText(
  title: string,
  names: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string {
  const cells = rows.map((row) => names.map((name) => cell(row[name])));
  const widths = names.map((name, place) => Math.max(name.length, ...cells.map((row) => row[place]?.length ?? 0)));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, place) => text.padEnd(widths[place] ?? 0))
      .join('  ')
      .trimEnd();
  return [`${title}:`, line(names), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line), '…'].join('\n');
}

const widestCell = 40;

function cell(value: unknown): string {
  const text =
    value === null || value === undefined
      ? 'NULL'
      : value instanceof Date
        ? value.toISOString()
        : oneLine(plain(value));
  return text.length > widestCell ? `${text.slice(0, widestCell - 1)}…` : text;
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
