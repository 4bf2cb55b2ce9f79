/** Sums and means of intervals, part by part. */
import { sole, type Aggregated, type Aggregation } from './aggregation.ts';
import { Refusal } from './refusal.ts';
import { castTo } from './sparkSql.ts';
import { nameOf } from './types.ts';

/** The sum, or nothing where it is no interval that is summed. */
export function intervalTotal(aggregation: Aggregation): Aggregated | undefined {
  const { spark, context, syntax } = aggregation;
  const value = sole(aggregation);
  if (nameOf(value.type) !== 'interval') return undefined;
  if (syntax.distinct) {
    throw new Refusal('not-translatable', value.at, 'To PostgreSQL 1 mon is 30 days: leave DISTINCT out.');
  }
  const parts = ['0', '1', '2'].map((part) => spark('sum', context.runtime('pg_interval_part', value.sql, part)));
  return { type: value.type, nullable: true, sql: context.runtime('pg_interval_text', ...parts) };
}

export function intervalMean(aggregation: Aggregation): Aggregated | undefined {
  const { spark, context } = aggregation;
  const total = intervalTotal(aggregation);
  if (!total) return undefined;
  const rows = castTo(spark('count', sole(aggregation).sql), 'double');
  return { ...total, sql: context.runtime('pg_interval_divide', total.sql, rows) };
}
