/** Literals whose type the context decides: `'2026-01-31'` becomes a date where a date is needed. */
import type { PgType } from '../../spec/pgType.ts';
import { Refusal } from './refusal.ts';
import { castTo, primary, stringLiteral, textLiteral } from './sparkSql.ts';
import { intervalFromText, intervalText } from './intervals.ts';
import { formatType, isText, nameOf, sparkType } from './types.ts';
import { constantText, literalValue, numericLiteral, type Value } from './value.ts';

/** The literal as a value of `type`, checked now rather than in the running job. */
export function constantAs(value: Value, type: PgType): Value {
  if (value.literal?.kind === 'null') {
    const decimal = { precision: 1, scale: 0, display: 'scale' } as const;
    return { ...value, type, ...(nameOf(type) === 'numeric' && { decimal }) };
  }
  const text = constantText(value);
  if (text === undefined) return value;
  if (isText(type))
    return { ...value, type, sql: textLiteral(nameOf(type) === 'bpchar' ? text.replace(/ +$/, '') : text) };
  const read = type.kind === 'scalar' ? readers[type.name] : undefined;
  if (!read) {
    throw new Refusal(
      'not-translatable',
      value.at,
      `A literal of type ${formatType(type)} cannot be translated: use a column or a \`sql\` step.`,
    );
  }
  const result = read(text.trim(), value);
  if (result) return { ...result, type, at: value.at };
  throw new Refusal(
    'bad-literal',
    value.at,
    `${quoted(text)} is not a value of type ${formatType(type)}${hints[nameOf(type) ?? ''] ?? ''}.`,
  );
}

const quoted = (text: string): string => `'${text.length > 40 ? `${text.slice(0, 40)}…` : text}'`;

const hints: Readonly<Record<string, string>> = {
  date: " (write it as '2026-01-31')",
  timestamp: " (write it as '2026-01-31 23:59:59')",
  timestamptz: " (write it as '2026-01-31 23:59:59+00')",
};

type Reader = (text: string, value: Value) => Value | undefined;

const integer =
  (bits: number): Reader =>
  (text, value) => {
    if (!/^[+-]?\d+$/.test(text)) return undefined;
    const number = BigInt(text);
    return BigInt.asIntN(bits, number) === number
      ? literalValue({ kind: 'integer', text: String(number) }, value.at)
      : undefined;
  };

const floating: Reader = (text, value) => {
  const special = /^([+-]?)(nan|inf|infinity)$/i.exec(text);
  if (special) {
    const name = special[2]?.toLowerCase() === 'nan' ? 'NaN' : `${special[1] === '-' ? '-' : ''}Infinity`;
    return { ...value, sql: primary(`double('${name}')`) };
  }
  if (
    !isNumber(text) ||
    !Number.isFinite(Number(text)) ||
    (Number(text) === 0 && /[1-9]/.test(text.replace(/e.*/i, '')))
  )
    return undefined;
  return { ...value, sql: primary(`double('${text}')`) };
};

const isNumber = (text: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text);

const truths = ['true', 'yes', 'on', '1'];
const falsehoods = ['false', 'no', 'off', '0'];

const boolean: Reader = (text, value) => {
  const word = text.toLowerCase();
  if (word === '' || word === 'o') return undefined;
  const [yes, no] = [truths, falsehoods].map((words) => words.some((candidate) => candidate.startsWith(word)));
  return yes === no ? undefined : literalValue({ kind: 'boolean', value: yes === true }, value.at);
};

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const timestampPattern =
  /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

function isDate(text: string): boolean {
  const [, year, month, day] = datePattern.exec(text) ?? [];
  if (Number(year ?? 0) < 1) return false;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day);
}

const date: Reader = (text, value) =>
  isDate(text) ? { ...value, sql: primary(`date${stringLiteral(text)}`) } : undefined;

const timestamp =
  (withZone: boolean): Reader =>
  (text, value) => {
    const [, day = '', hour = '00', minute = '00', second = '00', fraction = '', zone = ''] =
      timestampPattern.exec(text) ?? [];
    if (!isDate(day) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
    // A zone that PostgreSQL would ignore is more likely a mistake than a wish.
    if (zone !== '' && !withZone) return undefined;
    const offset = /^([+-]\d{2})(?::?(\d{2}))?$/.exec(zone);
    const suffix = offset ? `${offset[1]}:${offset[2] ?? '00'}` : '';
    return { ...value, sql: primary(`timestamp'${day} ${hour}:${minute}:${second}${fraction}${suffix}'`) };
  };

const uuid: Reader = (text, value) => {
  const hex = text
    .replace(/^\{(.*)\}$/, '$1')
    .replaceAll('-', '')
    .toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(hex)) return undefined;
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return { ...value, sql: textLiteral(parts.join('-')) };
};

const readers: Readonly<Partial<Record<string, Reader>>> = {
  int2: integer(16),
  int4: integer(32),
  int8: integer(64),
  numeric: (text, value) => (isNumber(text) ? numericLiteral(text, value.at) : undefined),
  float8: floating,
  float4: (text, value) => {
    const read = floating(text, value);
    return read && { ...read, sql: castTo(read.sql, sparkType({ kind: 'scalar', name: 'float4' })) };
  },
  bool: boolean,
  date,
  timestamp: timestamp(false),
  timestamptz: timestamp(true),
  uuid,
  interval: (text, value) => {
    const interval = intervalFromText(text);
    return interval && { ...value, sql: textLiteral(intervalText(interval)), interval };
  },
};
