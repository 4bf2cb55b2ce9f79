/** The expressions to compare, taken from the compiler's own tables. */
import { aggregateEntries } from '../../../src/compiler/expressions/aggregates.ts';
import { functionTable } from '../../../src/compiler/expressions/calls.ts';
import type { Family } from '../../../src/compiler/expressions/entry.ts';
import { exampleGroups } from '../../../src/compiler/expressions/examples.ts';
import { frameExamples, windowEntries } from '../../../src/compiler/expressions/windows.ts';
import type { Mode } from './postgresSide.ts';

export interface Subject {
  readonly family: Family;
  /** As the documentation shows it: `round(numeric, integer)`. */
  readonly title: string;
  readonly mode: Mode;
  readonly examples: readonly string[];
  readonly note?: string;
  /** Spark may report an error where PostgreSQL gives a value. */
  readonly stricter?: boolean;
}

export function subjects(): readonly Subject[] {
  const groups = exampleGroups.map(({ family, name, examples, stricter }): Subject => ({
    family,
    title: name,
    mode: 'row',
    examples,
    ...(stricter !== undefined && { note: stricter, stricter: true }),
  }));
  const functions = functionTable.map((entry): Subject => ({
    family: entry.family,
    title: `${entry.name}(${[...entry.args, ...(entry.rest ? [`${entry.rest}...`] : [])].join(', ')})`,
    mode: 'row',
    examples: entry.examples,
    ...(entry.note !== undefined && { note: entry.note }),
    ...(entry.stricter === true && { stricter: true }),
  }));
  const aggregates = aggregateEntries.map((entry): Subject => ({
    family: 'aggregates',
    title: entry.name,
    mode: 'aggregate',
    examples: entry.examples,
    ...(entry.note !== undefined && { note: entry.note }),
    ...(entry.stricter === true && { stricter: true }),
  }));
  const windows = windowEntries.map((entry): Subject => ({
    family: 'windows',
    title: entry.name,
    mode: 'window',
    examples: entry.examples,
  }));
  const frames: Subject = {
    family: 'windows',
    title: 'aggregates over windows, frames, NULL order',
    mode: 'window',
    examples: frameExamples,
  };
  // For work on one family: DATAMORPH_ONLY=dates.
  const only = process.env.DATAMORPH_ONLY;
  return [...groups, ...functions, ...aggregates, ...windows, frames].filter(
    ({ family, examples }) => examples.length > 0 && (only === undefined || only.split(',').includes(family)),
  );
}
