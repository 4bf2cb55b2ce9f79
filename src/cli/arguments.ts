import { parseArgs } from 'node:util';
import type { Ceiling } from '../agents/budget.ts';
import type { Answer } from '../agents/planner.ts';
import { mostRounds } from '../agents/run/record.ts';
import { phaseNames, type PhaseName } from '../agents/verdict.ts';
import type { TargetMode } from '../spec/spec.ts';
import { UsageError } from './exitCodes.ts';

const options = {
  answer: { type: 'string', multiple: true },
  codegen: { type: 'string' },
  'compare-rows': { type: 'string' },
  connection: { type: 'string' },
  engine: { type: 'string' },
  file: { type: 'string' },
  force: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  into: { type: 'string' },
  json: { type: 'boolean' },
  'max-dollars': { type: 'string' },
  'max-minutes': { type: 'string' },
  'max-tokens': { type: 'string' },
  mode: { type: 'string' },
  model: { type: 'string' },
  out: { type: 'string' },
  publish: { type: 'string' },
  remove: { type: 'boolean' },
  rounds: { type: 'string' },
  report: { type: 'string' },
  samples: { type: 'boolean' },
  script: { type: 'string' },
  skip: { type: 'string' },
  source: { type: 'string' },
  spec: { type: 'string' },
  target: { type: 'string' },
  timeout: { type: 'string' },
  until: { type: 'string' },
  verbose: { type: 'boolean' },
  workspace: { type: 'string' },
} as const;

export type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

export interface Arguments {
  readonly command: string;
  /** What stands behind the command. */
  readonly rest: readonly string[];
  readonly values: Values;
}

export function readArguments(args: readonly string[]): Arguments {
  try {
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options });
    const [command = '', ...rest] = positionals;
    return { command, rest, values };
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

/** One of the words, the first where none is given. */
export function oneOf<Word extends string>(
  name: string,
  value: string | undefined,
  words: readonly [Word, ...Word[]],
): Word {
  if (value === undefined) return words[0];
  const found = words.find((word) => word === value);
  if (found === undefined) throw new UsageError(`--${name} is ${words.join(' or ')}, not "${value}".`);
  return found;
}

export function untilOf({ until }: Values): 'plan' | 'code' | undefined {
  return until === undefined ? undefined : oneOf<'plan' | 'code'>('until', until, ['plan', 'code']);
}

/** Phases of the validation that are left out, with commas between them. */
export function skipOf({ skip }: Values): readonly PhaseName[] {
  return (skip ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((word) => oneOf<PhaseName>('skip', word, phaseNames));
}

/** Of more rows than these only a sample is compared. */
export function compareRowsOf(values: Values): number | undefined {
  const text = values['compare-rows'];
  if (text === undefined) return undefined;
  const rows = Number(text);
  if (!Number.isSafeInteger(rows) || rows < 1)
    throw new UsageError(`--compare-rows is a number of rows, not "${text}".`);
  return rows;
}

/** Seconds that the job may take. */
export function timeoutOf({ timeout }: Values): number | undefined {
  if (timeout === undefined) return undefined;
  const minutes = Number(timeout);
  if (!(minutes > 0)) throw new UsageError(`--timeout is a number of minutes, not "${timeout}".`);
  return minutes * 60;
}

/** How often a wrong result may be mended. */
export function roundsOf({ rounds }: Values): number | undefined {
  if (rounds === undefined) return undefined;
  if (!/^\d+$/.test(rounds) || Number(rounds) > mostRounds)
    throw new UsageError(`--rounds is a number from 0 to ${mostRounds}, not "${rounds}".`);
  return Number(rounds);
}

/** What the run may take, as far as somebody says it. */
export function ceilingOf(values: Values): Ceiling {
  const limits = (['dollars', 'tokens', 'minutes'] as const).map((name) => {
    const text = values[`max-${name}`];
    if (text === undefined) return {};
    if (!(Number(text) >= 0)) throw new UsageError(`--max-${name} is a number, not "${text}".`);
    return { [name]: Number(text) };
  });
  return Object.assign({}, ...limits) as Ceiling;
}

export const answersOf = ({ answer = [] }: Values): readonly Answer[] =>
  answer.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`--answer is written ID=CHOICE, not "${text}".`);
    return { question: text.slice(0, at), answer: text.slice(at + 1) };
  });

const modes = ['replace', 'append', 'upsert', 'history'] as const satisfies readonly TargetMode[];

export interface WantedTarget {
  readonly table?: string;
  readonly mode?: TargetMode;
}

export function targetOf({ into, mode }: Values): WantedTarget | undefined {
  if (into === undefined && mode === undefined) return undefined;
  return {
    ...(into === undefined ? {} : { table: into }),
    ...(mode === undefined ? {} : { mode: oneOf('mode', mode, [...modes]) }),
  };
}
