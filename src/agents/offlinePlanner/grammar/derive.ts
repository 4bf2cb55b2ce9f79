/** Columns that are made of others, and columns that are changed. */
import type { Cursor } from '../cursor.ts';
import type { Call, Clause, Expr } from '../intent.ts';
import { value } from './choices.ts';
import { digits, literal } from './expressions.ts';

/** `add a column margin as price - cost`, `compute margin = price - cost`, `with margin as price - cost`. */
export function derive(cursor: Cursor): Clause | undefined {
  const offset = cursor.offset;
  const word = cursor.take(
    'add',
    'compute',
    'calculate',
    'derive',
    'with',
    'create',
    'define',
    'and',
    'adding',
    'plus',
    'set up',
    'make',
  );
  if (word === undefined) return undefined;
  cursor.skip('a', 'an', 'the', 'new', 'column', 'columns', 'field', 'called', 'named');
  const name = cursor.ownName();
  if (name === undefined || cursor.take('as', '=', 'being', 'which is', 'from', ':') === undefined) return undefined;
  const expr = value(cursor);
  // `and net as amount` may as well rename.
  if (expr?.kind === 'column' && ['with', 'and', 'plus'].includes(word)) return undefined;
  if (!expr) cursor.expect('how the column is made, such as price * quantity');
  return expr && { kind: 'derive', name, expr, offset };
}

const changes: Readonly<Record<string, Call>> = {
  uppercase: 'upper',
  'upper case': 'upper',
  lowercase: 'lower',
  'lower case': 'lower',
  trim: 'trim',
  capitalize: 'initcap',
  capitalise: 'initcap',
};

/** `uppercase the country_code`, `round amount to 2 digits`, `replace missing phone with 'none'`. */
export function change(cursor: Cursor): Clause | undefined {
  const offset = cursor.offset;
  return cursor.first(
    () => {
      const word = cursor.take(...Object.keys(changes));
      const name = word === undefined ? undefined : changes[word];
      const column = name && cursor.column();
      return name && column
        ? {
            kind: 'change' as const,
            column,
            make: (expr: Expr): Expr => ({ kind: 'call', name, args: [expr] }),
            offset,
          }
        : undefined;
    },
    () => {
      const column = cursor.take('round') && cursor.column();
      if (!column) return undefined;
      const sample = digits(cursor, { kind: 'column', name: column });
      if (sample?.kind !== 'call') return undefined;
      const rest = sample.args.slice(1);
      return {
        kind: 'change' as const,
        column,
        make: (expr: Expr): Expr => ({ kind: 'call', name: 'round', args: [expr, ...rest] }),
        offset,
      };
    },
    () => filled(cursor, offset),
  );
}

function filled(cursor: Cursor, offset: number): Clause | undefined {
  const word = cursor.take(
    'replace',
    'fill',
    'treat',
    'replace null',
    'replace missing',
    'replace empty',
    'fill missing',
    'fill null',
    'treat missing',
    'treat null',
    'fill in missing',
    'fill in',
    'set missing',
  );
  if (word === undefined) return undefined;
  const column = cursor.column();
  if (!column || cursor.take('with', 'by', 'as') === undefined) return undefined;
  // Only missing values are meant to go; `replace status with …` says too little.
  if (word === 'replace' || word === 'treat') {
    cursor.expect('“missing”: only missing values can be replaced');
    return;
  }
  const value = literal(cursor);
  return (
    value && {
      kind: 'change',
      column,
      make: (expr) => ({ kind: 'call', name: 'coalesce', args: [expr, value] }),
      offset,
    }
  );
}
