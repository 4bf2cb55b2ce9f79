/** The expressions of a step, each with the way to put another in its place. */
import type { Expression, Step } from '../../../src/spec/spec.ts';

export interface Slot {
  readonly expr: Expression;
  readonly use: 'condition' | 'row' | 'aggregate' | 'window' | 'query';
  readonly with: (expr: Expression) => Step;
}

export function slotsOf(step: Step): readonly Slot[] {
  switch (step.kind) {
    case 'filter':
      return [{ expr: step.where, use: 'condition', with: (where) => ({ ...step, where }) }];
    case 'join':
      return [
        ...optional(step.where, 'condition', (where) => ({ ...step, where })),
        ...listed(step.columns ?? [], 'row', (columns) => ({ ...step, columns })),
      ];
    case 'derive':
    case 'select':
      return listed(step.columns, 'row', (columns) => ({ ...step, columns }) as Step);
    case 'window':
      return listed(step.columns, 'window', (columns) => ({ ...step, columns }) as Step);
    case 'aggregate':
      return [
        ...listed(step.by, 'row', (by) => ({ ...step, by })),
        ...listed(step.columns, 'aggregate', (columns) => ({ ...step, columns }) as Step),
      ];
    case 'pivot':
      return [
        { expr: step.column, use: 'row', with: (column) => ({ ...step, column }) },
        { expr: step.aggregate, use: 'aggregate', with: (aggregate) => ({ ...step, aggregate }) },
      ];
    case 'explode':
      return [{ expr: step.expr, use: 'row', with: (expr) => ({ ...step, expr }) }];
    case 'fill':
      return step.columns.flatMap(({ name, with: given }, at) =>
        typeof given === 'string'
          ? [slot(given, 'row', (expr) => ({ ...step, columns: step.columns.with(at, { name, with: expr }) }))]
          : [],
      );
    case 'series':
      return [
        { expr: step.start, use: 'row', with: (start) => ({ ...step, start }) },
        { expr: step.stop, use: 'row', with: (stop) => ({ ...step, stop }) },
        ...optional(step.step, 'row', (by) => ({ ...step, step: by })),
      ];
    case 'hierarchy':
      return optional(step.startWith, 'condition', (startWith) => ({ ...step, startWith }));
    case 'sql':
      return [{ expr: step.query, use: 'query', with: (query) => ({ ...step, query }) }];
    default:
      return [];
  }
}

type With = (expr: Expression) => Step;

const slot = (expr: Expression, use: Slot['use'], make: With): Slot => ({ expr, use, with: make });

const optional = (expr: Expression | undefined, use: Slot['use'], make: With): readonly Slot[] =>
  expr === undefined ? [] : [slot(expr, use, make)];

interface Named {
  readonly name: string;
  readonly expr?: Expression;
}

const listed = (
  columns: readonly Named[],
  use: Slot['use'],
  make: (columns: readonly Named[]) => Step,
): readonly Slot[] =>
  columns.flatMap((column, at) => optional(column.expr, use, (expr) => make(columns.with(at, { ...column, expr }))));
