/** The steps whose rows come from nowhere else: series, hierarchies, and what an engineer wrote whole. */
import { identifier as pgIdentifier } from '../reference/identifier.ts';
import type { ResolvedStep } from '../resolved.ts';
import { sparkName, sqlString } from './columns.ts';
import { rowsOf, textAt, type Context } from './context.ts';
import { readInterval } from './interval.ts';
import { call, method, named, string, word, type Argument, type Code } from './layout.ts';

export function series(resolved: ResolvedStep<'series'>, context: Context): Code {
  const { step, columns } = resolved;
  const kind = context.sparkType(columns[0]?.type ?? { kind: 'unknown' });
  const bounds = [
    named('start', sqlString(textAt(resolved, 'start'))),
    named('stop', sqlString(textAt(resolved, 'stop'))),
  ];
  const type = columns[0]?.type;
  const inTime = type?.kind === 'scalar' && ['date', 'timestamp', 'timestamptz'].includes(type.name);
  if (!inTime) {
    const by = step.step === undefined ? [] : [named('step', sqlString(textAt(resolved, 'step')))];
    return method(word('job'), 'number_series', string(step.as), ...bounds, ...by, named('kind', string(kind)));
  }
  const interval = step.step === undefined ? { months: 0, days: 1, microseconds: 0 } : readInterval(step.step);
  if (!interval) throw new Error(`The step of the series ${step.name} is not a plain interval.`);
  const parts = (['months', 'days', 'microseconds'] as const).filter((unit) => interval[unit] !== 0);
  const by = parts.map((unit) => named(unit, word(String(interval[unit]))));
  return method(word('job'), 'time_series', string(step.as), ...bounds, ...by, named('kind', string(kind)));
}

export function hierarchy(resolved: ResolvedStep<'hierarchy'>, context: Context): Code {
  const { step } = resolved;
  const keyText = context.translate(resolved, `cast(${pgIdentifier(step.key)} as text)`);
  const optional = (name: string, value: string | undefined): readonly Argument[] =>
    value === undefined ? [] : [named(name, string(value))];
  return method(
    word('job'),
    'hierarchy',
    rowsOf(context, step.from),
    named('key', string(step.key)),
    named('parent', string(step.parent)),
    ...(keyText === sparkName(step.key) ? [] : [named('key_text', sqlString(keyText))]),
    ...(step.startWith === undefined ? [] : [named('start_with', sqlString(textAt(resolved, 'startWith')))]),
    ...optional('level', step.level),
    ...optional('path', step.path),
    ...optional('root', step.root),
    ...optional('separator', step.separator),
    ...(step.maxDepth === undefined ? [] : [named('max_depth', word(String(step.maxDepth)))]),
  );
}

/** The function stands above, in the step's own block. */
export function python({ step, columns }: ResolvedStep<'python'>, context: Context): Code {
  const rows = call(functionName(step.code) ?? 'step', ...step.inputs.map((input) => rowsOf(context, input)));
  const typed = columns.map(({ name, type }) =>
    method(
      method(call('F.col', string(sparkName(name))), 'cast', string(context.sparkType(type))),
      'alias',
      string(name),
    ),
  );
  return method(rows, 'select', ...typed);
}

export const functionName = (code: string): string | undefined => /^def\s+([^\W\d]\w*)\s*\(/mu.exec(code)?.[1];

/** What the code defines at its top, so that no variable of ours takes the name. */
export function definedNames(code: string): readonly string[] {
  return [...code.matchAll(/^(?:def|class)\s+(\w+)|^(\w+)\s*=|^(?:from\s+\S+\s+)?import\s+(.+)$/gmu)].flatMap(
    ([, defined, assigned, imported]) =>
      [defined, assigned].filter((name) => name !== undefined).concat(imported?.match(/\w+/g) ?? []),
  );
}
