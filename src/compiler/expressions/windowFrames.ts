/** The frame of a window: rows counted, or a range of the value that orders them. */
import { constantAs } from './constants.ts';
import { Refusal } from './refusal.ts';
import { castTo, primary, type Sql } from './sparkSql.ts';
import type { FrameBound, WindowSyntax } from './syntax.ts';
import { formatType, isFloat, isInteger, nameOf, scalar } from './types.ts';
import { constantInteger, decimalFor, type CompileValue, type Context, type Interval, type Value } from './value.ts';

/** A frame such as `range between 3 preceding and current row`, and the order that Spark needs for it. */
export interface Frame {
  readonly text: string;
  /** The only order key, where Spark has to compute with it in another type. */
  readonly key?: Sql;
}

export function frameOf(
  { frame, order, at }: WindowSyntax,
  keys: readonly Value[],
  context: Context,
  compile: CompileValue,
): Frame {
  if (!frame) return { text: '' };
  const written = (offset: (bound: Offset) => string): string =>
    `${frame.mode} between ${[frame.start, frame.end].map((bound) => ('rows' in bound ? `${offset(bound)} ${bound.kind}` : bound.kind)).join(' and ')}`;
  const isOffset = [frame.start, frame.end].some((bound) => 'rows' in bound);
  if (frame.mode === 'groups') {
    const way = 'add dense_rank() over the same order in one step, and take a range over it in the next';
    throw new Refusal('not-translatable', at, `A frame of groups cannot be translated: ${way}.`);
  }
  if (frame.mode === 'rows' && order.length === 0)
    throw new Refusal('needs-order', at, 'A frame of rows depends on their order: write over (... order by ...).');
  if (frame.mode === 'rows' || !isOffset) return { text: written((bound) => rowsOf(bound, context, compile)) };
  const [key, other] = keys;
  if (!key || other) throw new Refusal('needs-order', at, 'A range of values needs one order key, and only one.');
  const range = rangeOver(key);
  return { text: written(({ rows }) => range.offset(compile(rows, context))), key: range.key };
}

type Offset = Extract<FrameBound, { rows: unknown }>;

function rowsOf({ rows }: Offset, context: Context, compile: CompileValue): string {
  const count = constantInteger(compile(rows, context));
  if (count === undefined || count < 0)
    throw new Refusal('needs-constant', rows.at, 'The rows of a frame have to be written out.');
  return String(count);
}

interface Range {
  /** Wide enough for Spark to add the offset to it: what overflows in PostgreSQL takes every row in. */
  readonly key: Sql;
  readonly offset: (value: Value) => string;
}

function rangeOver(key: Value): Range {
  if (nameOf(key.type) === 'int8')
    return { key: castTo(key.sql, 'decimal(20,0)'), offset: (value) => `${whole(value)}BD` };
  if (isInteger(key.type)) return { key: castTo(key.sql, 'bigint'), offset: (value) => `${whole(value)}L` };
  if (isFloat(key.type)) return { key: castTo(key.sql, 'double'), offset: (value) => `${number(value)}D` };
  if (nameOf(key.type) === 'numeric') return numericRange(key);
  if (['date', 'timestamp', 'timestamptz'].includes(nameOf(key.type) ?? ''))
    return { key: castTo(key.sql, 'timestamp'), offset: distance };
  throw new Refusal(
    'not-translatable',
    key.at,
    `A range over ${formatType(key.type)} cannot be translated: count rows.`,
  );
}

/** Beside the key's own digits there is room for the offset's. */
function numericRange(key: Value): Range {
  const { precision, scale } = decimalFor(key);
  const digits = 38 - Math.max(precision - scale + 1, 20);
  const places = Math.max(scale, Math.min(digits, 10));
  const type = `decimal(38,${places})`;
  return {
    key: castTo(key.sql, type),
    offset: (value) => {
      const text = number(value);
      const [integer = '', fraction = ''] = text.split('.');
      if (fraction.length > places || integer.length > 38 - places - 1) throw notWritten(value);
      return castTo(primary(fraction === '' ? `${text}BD` : text), type).text;
    },
  };
}

const notWritten = (value: Value): Refusal =>
  new Refusal('needs-constant', value.at, 'How far a range reaches has to be written out, and not negative.');

function whole(value: Value): string {
  const count = constantInteger(value);
  if (count === undefined || count < 0 || !Number.isSafeInteger(count)) throw notWritten(value);
  return String(count);
}

function number({ literal, at, ...value }: Value): string {
  const text = literal && 'text' in literal ? literal.text.trim() : '';
  if (!/^\d+(\.\d+)?$/.test(text)) throw notWritten({ ...value, at });
  return text;
}

function distance(value: Value): string {
  const interval = value.type.kind === 'unknown' ? constantAs(value, scalar('interval')) : value;
  if (nameOf(interval.type) !== 'interval' || !interval.interval || !interval.literal) throw notWritten(value);
  return sparkInterval(interval.interval, value);
}

function sparkInterval({ months = 0, days = 0, microseconds = 0n }: Interval, value: Value): string {
  if (typeof months !== 'number' || typeof days !== 'number' || typeof microseconds !== 'bigint')
    throw notWritten(value);
  if (months < 0 || days < 0 || microseconds < 0n) throw notWritten(value);
  if (months > 0 && days === 0 && microseconds === 0n) return `interval '${months}' month`;
  // Spark takes literals only, and none that has months and days.
  if (months > 0)
    throw new Refusal(
      'not-translatable',
      value.at,
      'A range reaches over months, or over days and time, not over both.',
    );
  const seconds = microseconds / 1_000_000n;
  const clock = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => String(part).padStart(2, '0'));
  if (seconds >= 86_400n) throw new Refusal('not-translatable', value.at, 'Write 24 hours and more as days.');
  return `interval '${days} ${clock.join(':')}.${String(microseconds % 1_000_000n).padStart(6, '0')}' day to second`;
}
