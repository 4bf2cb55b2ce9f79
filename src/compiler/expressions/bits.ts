/** `& | # << >> ~` on integers. Shifts count in the width of the left side, as the processor does for PostgreSQL. */
import { exactly } from './casts.ts';
import { at as atLevel, callOf, castTo, level, primary, type Sql } from './sparkSql.ts';
import { convertsImplicitly, int4, isInteger, nameOf } from './types.ts';
import type { Operation, Value } from './value.ts';

const sparkOperators: Readonly<Record<string, string>> = { '&': '&', '|': '|', '#': '^' };
const shifts: Readonly<Record<string, string>> = { '<<': 'shiftleft', '>>': 'shiftright' };

/** The operation's value, or nothing where it is none of these. */
export function bitOperation({ name, left, right, at }: Operation): Value | undefined {
  if (!left || !isInteger(left.type) || !isInteger(right.type)) return undefined;
  const nullable = left.nullable || right.nullable;
  const operator = sparkOperators[name];
  if (operator !== undefined) {
    const type = convertsImplicitly(left.type, right.type) ? right.type : left.type;
    const [first, second] = [exactly(left, type).sql, exactly(right, type).sql];
    return { type, nullable, sql: grouped(first, operator, second), at };
  }
  const shift = shifts[name];
  // There is no shift by a bigint.
  if (shift === undefined || nameOf(right.type) === 'int8') return undefined;
  const count = exactly(right, int4).sql;
  if (nameOf(left.type) !== 'int2') return { type: left.type, nullable, sql: callOf(shift, left.sql, count), at };
  const wide = callOf(shift, castTo(left.sql, 'int'), count);
  return { type: left.type, nullable, sql: castTo(name === '<<' ? lowestBits(wide) : wide, 'smallint'), at };
}

export const complement = (value: Sql): Sql => ({ text: `~${atLevel(value, level.unary)}`, level: level.unary });

/** In parentheses: Spark gives these a rank of their own between comparison and addition. */
const grouped = (left: Sql, operator: string, right: Sql): Sql =>
  primary(`(${atLevel(left, level.additive)} ${operator} ${atLevel(right, level.additive)})`);

/** The lowest 16 bits as a signed number: a plain cast would report an overflow. */
const lowestBits = (wide: Sql): Sql => primary(`((${wide.text} & 65535) ^ 32768) - 32768`);
