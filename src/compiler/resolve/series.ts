import type { SeriesStep } from '../../spec/spec.ts';
import type { PgType } from '../../spec/pgType.ts';
import type { Relation } from '../resolved.ts';
import { commonType, isNumber, words } from '../typeRules.ts';
import { mergedDecimal } from './decimals.ts';
import { unknownRelation, type StepContext } from './context.ts';

/** Numbers stay numbers of their common type; dates stay dates, timestamps stay timestamps. */
export function resolveSeries(step: SeriesStep, context: StepContext): Relation {
  const none = { columns: [] };
  const start = context.expression(['start'], step.start, none);
  const stop = context.expression(['stop'], step.stop, none);
  const distance = step.step === undefined ? undefined : context.expression(['step'], step.step, none);
  if (!start || !stop || (step.step !== undefined && !distance)) return unknownRelation;
  let type = commonType(start.type, stop.type);
  if (type && isNumber(type) && distance) type = commonType(type, distance.type);
  if (!type || !countable(type)) {
    const sentence = `A series runs over numbers, dates or timestamps; this is ${words(start.type)} to ${words(stop.type)}.`;
    context.report('series-types', ['start'], sentence, dated(step.start, context));
    return unknownRelation;
  }
  if (!isNumber(type) && distance && distance.type.kind !== 'unknown' && !isInterval(distance.type)) {
    const sentence = `The step of a series of ${words(type)} is an interval; this is ${words(distance.type)}.`;
    context.report('series-types', ['step'], sentence, intervalOf(step.step ?? '', context));
    return unknownRelation;
  }
  return {
    columns: [
      {
        name: step.as,
        type,
        nullable: false,
        ...mergedDecimal(type, distance ? [start, stop, distance] : [start, stop]),
      },
    ],
    known: true,
    uniqueKeys: [[step.as]],
  };
}

const isInterval = (type: PgType): boolean => type.kind === 'scalar' && type.name === 'interval';

const countable = (type: PgType): boolean =>
  type.kind === 'scalar' && ['int4', 'int8', 'int2', 'numeric', 'date', 'timestamp', 'timestamptz'].includes(type.name);

/** A bare `'2026-01-01'` is meant as a date. */
function dated(start: string, context: StepContext) {
  return /^'\d{4}-\d{2}-\d{2}'$/.test(start.trim())
    ? replacement(['start'], `date ${start.trim()}`, context)
    : undefined;
}

function intervalOf(step: string, context: StepContext) {
  return /^\d+$/.test(step.trim()) ? replacement(['step'], `interval '${step.trim()} day'`, context) : undefined;
}

function replacement(path: readonly string[], text: string, context: StepContext) {
  const span = context.positions.span(context.at(path));
  return { fix: { title: `Change to ${text}`, edits: [{ ...span, text: JSON.stringify(text) }] } };
}
