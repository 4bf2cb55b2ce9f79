/** `extract` and `date_part` of an interval. */
import type { Built } from './entry.ts';
import { Refusal } from './refusal.ts';
import { castTo, stringLiteral } from './sparkSql.ts';
import { float8, numeric } from './types.ts';
import type { Context, Value } from './value.ts';

/** Digits after the point; PostgreSQL gives whole numbers none. */
const scales: Readonly<Record<string, number>> = {
  ...Object.fromEntries(['minute', 'hour', 'day', 'month', 'quarter', 'year', 'decade', 'century'].map((field) => [field, 0])), // prettier-ignore
  millennium: 0,
  microseconds: 0,
  milliseconds: 3,
  second: 6,
  epoch: 6,
};

export function intervalField(name: 'extract' | 'date_part', field: string, value: Value, context: Context): Built {
  const scale = scales[field];
  if (scale === undefined) {
    throw new Refusal(
      'not-translatable',
      value.at,
      `An interval has no ${field}: there is ${Object.keys(scales).join(', ')}.`,
    );
  }
  const text = context.runtime('pg_interval_field', value.sql, stringLiteral(field));
  if (name === 'date_part')
    return { type: float8, sql: context.runtime('pg_interval_double', value.sql, stringLiteral(field)) };
  const decimal = { precision: 20 + scale, scale, display: 'scale' } as const;
  return { type: numeric, sql: castTo(text, `decimal(${20 + scale},${scale})`), decimal };
}
