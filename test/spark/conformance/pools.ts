/** The rows over which every example of the function table is run: edge values, put together in ever other pairs. */
import type { PgType } from '../../../src/spec/pgType.ts';

export interface PoolColumn {
  readonly name: string;
  readonly type: PgType;
  /** For `create table`. */
  readonly ddl: string;
  readonly values: readonly (string | null)[];
  /** How far the pool is turned, so that columns of one type meet in other pairs. */
  readonly turn?: number;
}

const scalar = (name: string): PgType => ({ kind: 'scalar', name }) as PgType;
const numeric = (precision: number, scale: number): PgType => ({ kind: 'scalar', name: 'numeric', precision, scale });

const integers = ['0', null, '1', '-1', '2', '3', '7', '-7', '10', '12', '100', '-100', '2147483647', '-2147483648', '5', '99999', '-3', '4', '6', '1000000', '8', '9', '-2', '11', '60', '365']; // prettier-ignore
const bigints = ['0', '1', '-1', null, '9223372036854775807', '-9223372036854775808', '2147483648', '-2147483649', '10', '7', '-7', '999999999999', '3', '9007199254740993', '12', '-12', '5', '86400000000', '2', '100', '1000', '-5', '64', '13']; // prettier-ignore
const smallints = ['0', '1', '-1', null, '32767', '-32768', '5', '-5', '100', '12', '7', '2', '3', '-100', '10', '6'];
const decimals = ['0.00', '0.01', '-0.01', null, '9999999999.99', '-9999999999.99', '1.00', '2.50', '-2.50', '0.50', '-0.50', '1.25', '3.33', '100.00', '12.34', '-12.34', '7.00', '1234567.89', '99.99', '0.05', '10.00', '1.50', '12.50', '-7.77']; // prettier-ignore
const fineDecimals = ['0.000000', '0.000001', '-0.000001', '1.000000', null, '99999999999999.999999', '3.141593', '-2.718282', '0.500000', '-0.500000', '0.333333', '7.000000', '12345.678901', '-0.004999', '0.005000', '2.500000', '-1.500000', '100.000000', '0.000500', '0.100000', '0.300000']; // prettier-ignore
const doubles = ['0', '1', '-1', null, 'NaN', 'Infinity', '-Infinity', '1.7976931348623157e308', '-1.7976931348623157e308', '5e-324', '2.2250738585072014e-308', '0.1', '0.2', '0.30000000000000004', '-0', '2.5', '-2.5', '3.5', '0.5', '-0.5', '1e15', '123456.789', '9007199254740993', '4503599627370497.5', '1e300', '-1e-300', '2147483647.5', '9223372036854775807']; // prettier-ignore
const moderateDoubles = ['0.5', '1.25', null, '-3.75', '10', '2.5', '100.125', '-0.1', '7.3', '1e3', '3.14159', '0.001', '42', '-17.5', '0', '8.8']; // prettier-ignore
const texts = ['', null, 'abc', 'ABC', ' padded  ', 'a,b,c', 'straße', 'École', 'e\u0301cole', '😀 ok', "o'neil", 'back\\slash', 'tab\tnew\nline', '100%', 'a_b', 'ΑΣ', 'İstanbul', 'ﬁne ŉ', '漢字', 'trailing  ', '0', '12.5', 'aXbXc', '$1 ${x}', 'a b', 'abcabc', '€100', 'x', '\u00a0nbsp', 'Zürich']; // prettier-ignore
const written = ['42', ' -7 ', '+3', '', null, 'abc', '1.5', '1e3', '0x1F', '1_000', '2147483648', '9223372036854775807', '99999999999999999999', '.5', '5.', '-0.005', '1.005', 'NaN', 'Infinity', '-inf', '1e400', '1e-400', 'true', ' T ', 'yes', 'on', 'off', 'f', 'o', '1', '0', '2024-02-29', '2023-02-29', '20240229', '2024-02-29 12:34:56', '2024-02-29T12:34:56.789', '2024-02-29 12:34:56+02', '2024-02-29 12:34:56.123456-03:30', '2024-13-01', '12:30', '2024-02-29 24:00:00', '2024-02-29 23:59:60', '1d', '\u00a05', '\u00015', '٣', '2024', '2024-02', '1 2', '--5']; // prettier-ignore
const dates = ['2024-02-29', '2023-02-28', null, '2024-12-31', '2025-01-01', '1970-01-01', '1969-12-31', '0010-01-01', '9990-12-31', '2000-02-29', '1900-02-28', '2024-03-31', '2024-10-27', '2026-01-31', '2020-12-28', '2021-01-03', '1582-10-15', '1582-10-04']; // prettier-ignore
const timestamps = ['2024-02-29 00:00:00', '2024-03-31 02:30:00', '2024-10-27 02:30:00', null, '2024-10-27 01:30:00', '2024-03-10 02:30:00', '2024-11-03 01:30:00', '1970-01-01 00:00:00', '1969-12-31 23:59:59.999999', '2024-12-31 23:59:59.5', '0010-01-01 00:00:00', '9990-12-31 23:59:59.999999', '2026-01-31 12:34:56.000001', '1899-12-31 12:00:00', '2024-04-07 01:45:00', '2024-10-06 02:15:00', '2021-01-03 13:00:00.123', '2000-01-01 12:00:00', '2023-06-15 08:05:09']; // prettier-ignore
const intervals = ['1 day', '00:00:00', null, '1 mon', '30 days', '-1 days +02:03:04.5', '1 year 2 mons 3 days 04:05:06.789', '-1 years -2 mons +3 days -04:05:06', '24:00:00', '720:00:00', '2 mons -3 days', '00:00:00.000001', '-00:15:00', '99 years', '11 mons 29 days 23:59:59.999999']; // prettier-ignore
const booleans = ['true', 'false', null];
const uuids = ['7d444840-9dc0-11d1-b245-5ffdce74fad2', null, '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff']; // prettier-ignore
const canonical = new Map([
  ['{"b": "é\\"\\n\\u20ac", "bb": 1, "a": "z"}', '{"a": "z", "b": "é\\"\\n€", "bb": 1}'],
  ['{"a": [1.0, 2e3, -0.0], "n": "7.25"}', '{"a": [1.0, 2000, 0.0], "n": "7.25"}'],
  ['{"abc": 5, "": "empty"}', '{"": "empty", "abc": 5}'],
  [' { "a" : [ 1.10 , { "d":"\\u00e9" } ] ,"a":{ "x" : 1 }, "b" : "q\\"\\\\" } ', '{"a": {"x": 1}, "b": "q\\"\\\\"}'],
]);
const documents = ['{"a": 1, "b": "x", "c": {"d": [1, 2]}, "n": 12.50}', null, '{"a": null, "b": true}', '[10, "two", null, {"a": 1}]', '{}', '[]', '"text"', '1.10', 'null', '{"b": "é\\"\\n\\u20ac", "bb": 1, "a": "z"}', '{"a": [1.0, 2e3, -0.0], "n": "7.25"}', '{"abc": 5, "": "empty"}', ' { "a" : [ 1.10 , { "d":"\\u00e9" } ] ,"a":{ "x" : 1 }, "b" : "q\\"\\\\" } ']; // prettier-ignore
/** As jsonb is written, which is how Spark reads it. */
const canonicalDocuments = documents.map((document) => canonical.get(document ?? '') ?? document);

const intArrays = ['[1, 2, 3]', null, '[]', '[null]', '[7, null, -7]', '[2147483647]', '[0, 1]'];
const textArrays = ['["abc", "x"]', '[]', null, '["", null]', '["a,b", "o\'neil", "😀"]', '["abc"]'];

const keys = Array.from({ length: 56 }, (_, index) => String(index + 1));

/** The last two keys stand for one group of a single row and one whose values are all NULL. */
const groupOf = (row: number): string =>
  row === 54 ? 'single' : row === 55 ? 'nulls' : row < 6 ? 'few' : `g${row % 7}`;

export const pool: readonly PoolColumn[] = [
  { name: 'id', type: scalar('int4'), ddl: 'int', values: keys },
  { name: '_group', type: scalar('text'), ddl: 'text', values: keys.map((_, row) => groupOf(row)) },
  { name: 'grp', type: scalar('text'), ddl: 'text', values: ['x', 'y', null, 'z'] },
  { name: 'b', type: scalar('bool'), ddl: 'bool', values: booleans },
  { name: 'i2', type: scalar('int2'), ddl: 'smallint', values: smallints },
  { name: 'i', type: scalar('int4'), ddl: 'int', values: integers },
  { name: 'j', type: scalar('int4'), ddl: 'int', values: integers, turn: 7 },
  { name: 'k', type: scalar('int8'), ddl: 'bigint', values: bigints },
  { name: 'small', type: scalar('int4'), ddl: 'int', values: ['0', '1', '2', '-1', null, '5', '3', '-3', '12'] },
  { name: 'n', type: numeric(12, 2), ddl: 'numeric(12,2)', values: decimals },
  { name: 'm', type: numeric(20, 6), ddl: 'numeric(20,6)', values: fineDecimals },
  { name: 'f', type: scalar('float8'), ddl: 'float8', values: doubles },
  { name: 'g', type: scalar('float8'), ddl: 'float8', values: doubles, turn: 5 },
  { name: 'h', type: scalar('float8'), ddl: 'float8', values: moderateDoubles },
  { name: 'p', type: scalar('float8'), ddl: 'float8', values: moderateDoubles, turn: 5 },
  { name: 's', type: scalar('text'), ddl: 'text', values: texts },
  {
    name: 't',
    type: scalar('text'),
    ddl: 'text',
    values: ['b', 'a', '', null, 'abc', 'é', '  ', 'bbb', 'ab c', 'x2\ny', 'σας', 'c', '\\', "'"],
  },
  {
    name: 'v',
    type: { kind: 'scalar', name: 'varchar', length: 10 },
    ddl: 'varchar(10)',
    values: ['abc', 'x', '', null, 'éa', '  v '],
  },
  {
    name: 'c',
    type: { kind: 'scalar', name: 'bpchar', length: 5 },
    ddl: 'char(5)',
    values: ['ab   ', 'abc  ', '     ', null, 'abcde', 'é    '],
  },
  { name: 'w', type: scalar('text'), ddl: 'text', values: written },
  { name: 'd', type: scalar('date'), ddl: 'date', values: dates },
  { name: 'e', type: scalar('date'), ddl: 'date', values: dates, turn: 5 },
  { name: 'ts', type: scalar('timestamp'), ddl: 'timestamp', values: timestamps },
  { name: 'tz', type: scalar('timestamptz'), ddl: 'timestamptz', values: timestamps, turn: 3 },
  { name: 'iv', type: scalar('interval'), ddl: 'interval', values: intervals },
  { name: 'jv', type: scalar('interval'), ddl: 'interval', values: intervals, turn: 4 },
  { name: 'u', type: scalar('uuid'), ddl: 'uuid', values: uuids },
  { name: 'js', type: scalar('json'), ddl: 'json', values: documents },
  { name: 'jb', type: scalar('jsonb'), ddl: 'jsonb', values: canonicalDocuments, turn: 1 },
  { name: 'ai', type: { kind: 'array', element: scalar('int4') }, ddl: 'int[]', values: intArrays },
  { name: 'at', type: { kind: 'array', element: scalar('text') }, ddl: 'text[]', values: textArrays },
];

const allNull = new Set(['id', '_group', 'grp']);

/** The value of a column in a row; the last row has none. */
export function valueAt(column: PoolColumn, row: number): string | null {
  if (row === rowCount - 1 && !allNull.has(column.name)) return null;
  return column.values[(row + (column.turn ?? 0)) % column.values.length] ?? null;
}

export const rowCount = keys.length;
