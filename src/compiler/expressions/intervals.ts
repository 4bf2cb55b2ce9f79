/** Intervals: months, days and microseconds, as PostgreSQL keeps them, written out or counted by a column. */
import { at, binary, callOf, castTo, level, primary, type Sql } from './sparkSql.ts';
import type { Interval, Value } from './value.ts';

const units: Readonly<Record<string, keyof Written | [keyof Written, number]>> = {
  microsecond: 'microseconds',
  millisecond: ['microseconds', 1_000],
  second: ['microseconds', 1_000_000],
  sec: ['microseconds', 1_000_000],
  minute: ['microseconds', 60_000_000],
  min: ['microseconds', 60_000_000],
  hour: ['microseconds', 3_600_000_000],
  day: 'days',
  week: ['days', 7],
  mon: 'months',
  month: 'months',
  year: ['months', 12],
  decade: ['months', 120],
};

/** As PostgreSQL writes it in the intervalstyle `postgres`. */
export function intervalText({ months, days, microseconds }: Written): string {
  const years = Math.trunc(months / 12);
  const counts = [[years, 'year'], [months - years * 12, 'mon'], [days, 'day']] as const; // prettier-ignore
  let afterNegative = false as boolean;
  const parts = counts.flatMap(([count, unit]) => {
    if (count === 0) return [];
    const sign = afterNegative && count > 0 ? '+' : '';
    afterNegative = count < 0;
    return [`${sign}${count} ${unit}${count === 1 ? '' : 's'}`];
  });
  if (microseconds === 0n && parts.length > 0) return parts.join(' ');
  const size = microseconds < 0n ? -microseconds : microseconds;
  const two = (count: bigint): string => String(count).padStart(2, '0');
  const seconds = size / 1_000_000n;
  const clock = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  const fraction = String(size % 1_000_000n).padStart(6, '0').replace(/0+$/, ''); // prettier-ignore
  const sign = microseconds < 0n ? '-' : afterNegative ? '+' : '';
  return [...parts, sign + clock + (fraction && `.${fraction}`)].join(' ');
}

/** An interval that is written out. */
export interface Written {
  months: number;
  days: number;
  microseconds: bigint;
}

/** Reads `1 year 2 mons -3 days 04:05:06.7`; nothing where the text is anything else. */
export function intervalFromText(text: string): Written | undefined {
  const pattern = /\s*(?:([+-]?)(\d+):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?|([+-]?\d+)\s*([a-z]+))\s*/iy;
  const total: Written = { months: 0, days: 0, microseconds: 0n };
  const seen = new Set<string>();
  const isNew = (unit: string): boolean => !seen.has(unit) && seen.add(unit).has(unit);
  if (text.trim() === '') return undefined;
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text);
    if (!found) return undefined;
    const [, sign, hours, minutes, seconds = '0', fraction = '', count, word] = found;
    if (count !== undefined && word !== undefined) {
      const unit = word.toLowerCase().replace(/s$/, '');
      if (!isNew(unit) || !add(total, BigInt(count), unit)) return undefined;
      continue;
    }
    if (!clockUnits.every(isNew)) return undefined;
    const clock = (BigInt(hours ?? 0) * 3600n + BigInt(minutes ?? 0) * 60n + BigInt(seconds)) * 1_000_000n;
    total.microseconds += (clock + BigInt(fraction.padEnd(6, '0'))) * (sign === '-' ? -1n : 1n);
  }
  return total;
}

/** What stands in a clock cannot stand beside it. */
const clockUnits = ['hour', 'minute', 'min', 'second', 'sec', 'millisecond', 'microsecond'];

function add(total: Written, count: bigint, word: string): boolean {
  const unit = units[word];
  if (!unit) return false;
  const [part, factor] = typeof unit === 'string' ? [unit, 1] : unit;
  if (part === 'microseconds') total.microseconds += count * BigInt(factor);
  else total[part] += Number(count) * factor;
  return true;
}

/** A timestamp moved by an interval: months first, then days, then the clock, as PostgreSQL does. */
export function shifted(timestamp: Sql, interval: Interval, sign: 1 | -1): Sql {
  const steps = [
    step(interval.months, 'month', (count) => callOf('make_ym_interval', '0', count)),
    step(interval.days, 'day', (count) => callOf('make_dt_interval', count)),
    step(interval.microseconds, 'microsecond', microseconds),
  ];
  return steps.reduce<Sql>((moved, part) => {
    if (!part) return moved;
    const minus = part.negative !== (sign === -1);
    return binary(moved, minus ? '-' : '+', part.sql);
  }, timestamp);
}

/** make_dt_interval takes seconds as decimal(18,6): enough for any timestamp. */
const microseconds = (count: Sql): Sql =>
  callOf('make_dt_interval', '0', '0', '0', castTo(binary(count, '*', primary('0.000001')), 'decimal(18,6)'));

interface Step {
  readonly sql: Sql;
  readonly negative: boolean;
}

function step(count: number | bigint | Sql | undefined, unit: string, build: (count: Sql) => Sql): Step | undefined {
  if (count === undefined || count === 0 || count === 0n) return undefined;
  if (typeof count === 'object') return { sql: build(count), negative: false };
  const size = count < 0 ? -count : count;
  const [whole, name] = unit === 'microsecond' ? clockUnit(BigInt(size)) : [size, unit];
  return { sql: primary(`interval '${whole}' ${name}`), negative: count < 0 };
}

/** The largest unit that counts the microseconds without a rest. */
function clockUnit(size: bigint): readonly [string, string] {
  if (size % 3_600_000_000n === 0n) return [String(size / 3_600_000_000n), 'hour'];
  if (size % 60_000_000n === 0n) return [String(size / 60_000_000n), 'minute'];
  const fraction = String(size % 1_000_000n).padStart(6, '0');
  return [`${size / 1_000_000n}${fraction === '000000' ? '' : `.${fraction}`}`, 'second'];
}

/** An interval times a whole number; nothing where its parts are not written out. */
export function multiplied(interval: Interval, factor: Value): Interval | undefined {
  if ([interval.months, interval.days, interval.microseconds].some((part) => typeof part === 'object'))
    return undefined;
  const times = <Part extends number | bigint>(part: Part | Sql | undefined): Part | Sql | undefined => {
    if (part === undefined || part === 0 || part === 0n || typeof part === 'object') return undefined;
    if (part === 1 || part === 1n) return factor.sql;
    const digits = typeof part === 'bigint' ? `${part}L` : String(part);
    const sql = primary(part < 0 ? `(${digits})` : digits);
    return binary(factor.sql, '*', sql);
  };
  const [months, days, microseconds] = [times(interval.months), times(interval.days), times(interval.microseconds)];
  return {
    ...(months !== undefined && { months }),
    ...(days !== undefined && { days }),
    ...(microseconds !== undefined && { microseconds }),
  };
}

/** An interval's length in microseconds as PostgreSQL compares intervals: 30 days a month, 24 hours a day. */
export function comparable(interval: Interval): Sql {
  const day = 86_400_000_000n;
  const { months = 0, days = 0, microseconds: clock = 0n } = interval;
  if (typeof months === 'number' && typeof days === 'number' && typeof clock === 'bigint') {
    return primary(`${(BigInt(months) * 30n + BigInt(days)) * day + clock}L`);
  }
  const wide = (part: number | bigint | Sql, factor: bigint): Sql | undefined => {
    if (part === 0 || part === 0n) return undefined;
    if (typeof part !== 'object') return primary(String(BigInt(part) * factor) + 'L');
    return factor === 1n ? part : binary(primary(`${factor}L`), '*', primary(at(part, level.primary)));
  };
  const parts = [wide(months, 30n * day), wide(days, day), wide(clock, 1n)].filter((part) => part !== undefined);
  return parts.reduce((left, right) => binary(left, '+', right));
}
