import type { SeriesStep } from '../../spec/spec.ts';
import type { PgType } from '../../spec/pgType.ts';
import type { CompiledExpression } from '../expressions/contract.ts';
import { readInterval } from '../pyspark/interval.ts';
import type { Relation } from '../resolved.ts';
import { commonType, isNumber, words } from '../typeRules.ts';
import { mergedDecimal } from './decimals.ts';
import { unknownRelation, type StepContext } from './context.ts';

/** Numbers stay numbers of their common type; dates stay dates, timestamps stay timestamps. */
export function resolveSeries(step: SeriesStep, context: StepContext): Relation {
  const start = bound('start', step.start, context);
  const stop = bound('stop', step.stop, context);
  if (!start || !stop) return unknownRelation;
  const between = commonType(start.type, stop.type);
  if (!between) {
    const sentence = `A series cannot run from ${words(start.type)} to ${words(stop.type)}.`;
    context.report('series-types', ['stop'], sentence);
    return unknownRelation;
  }
  const held = [start, stop];
  if (step.step !== undefined) {
    const distance = isNumber(between) ? numberStep(step.step, context) : intervalStep(step.step, context);
    if (!distance) return unknownRelation;
    if (distance !== 'interval') held.push(distance);
  }
  const type = held.reduce<PgType>((common, { type: next }) => commonType(common, next) ?? common, between);
  const column = { name: step.as, type, nullable: false, ...mergedDecimal(type, held) };
  return { columns: [column], known: true, uniqueKeys: [[step.as]] };
}

function bound(key: 'start' | 'stop', text: string, context: StepContext): CompiledExpression | undefined {
  const compiled = context.expression([key], text, { columns: [] });
  if (!compiled || countable(compiled.type)) return compiled;
  const sentence = `A series runs over numbers, dates or timestamps; this is ${words(compiled.type)}.`;
  context.report('series-types', [key], sentence, dated(key, text, context));
  return undefined;
}

function numberStep(text: string, context: StepContext): CompiledExpression | undefined {
  const compiled = context.expression(['step'], text, { columns: [] });
  if (!compiled || isNumber(compiled.type)) return compiled;
  context.report(
    'series-types',
    ['step'],
    `The step of a series of numbers is a number; this is ${words(compiled.type)}.`,
  );
  return undefined;
}

/** An interval is no value that Spark could hold: the compilers read it from its text. */
function intervalStep(text: string, context: StepContext): 'interval' | undefined {
  if (readInterval(text)) return 'interval';
  const sentence = "The step of a series of dates or timestamps is a plain interval, such as interval '1 day'.";
  context.report('series-types', ['step'], sentence, intervalOf(text, context));
  return undefined;
}

const countable = (type: PgType): boolean =>
  type.kind === 'scalar' && ['int4', 'int8', 'int2', 'numeric', 'date', 'timestamp', 'timestamptz'].includes(type.name);

/** A bare `'2026-01-01'` is meant as a date. */
function dated(key: string, text: string, context: StepContext) {
  return /^'\d{4}-\d{2}-\d{2}'$/.test(text.trim()) ? replacement([key], `date ${text.trim()}`, context) : undefined;
}

function intervalOf(step: string, context: StepContext) {
  return /^\d+$/.test(step.trim()) ? replacement(['step'], `interval '${step.trim()} day'`, context) : undefined;
}

function replacement(path: readonly string[], text: string, context: StepContext) {
  const span = context.positions.span(context.at(path));
  return { fix: { title: `Change to ${text}`, edits: [{ ...span, text: JSON.stringify(text) }] } };
}
