/** Copies of the target that are wrong in one way each: a test that takes none of them for wrong cannot fail. */
import { identifier, identifiers, literal } from '../../../compiler/reference/identifier.ts';
import type { RuleTable } from '../ruleSql.ts';

export interface Damage {
  /** What was done to the copy, such as `NULL in every total`. */
  readonly words: string;
  /** A SELECT of its rows. */
  readonly rows: string;
}

type Column = RuleTable['columns'][number];

/** A copy's rows as SQL that reads no table: `text` is a JSON array of them, as PostgreSQL wrote it. */
export const copySql = (text: string, columns: readonly Column[]): string =>
  `select ${identifiers(columns.map(({ name }) => name))} from json_to_recordset(${literal(text)}) as copy (${columns
    .map(({ name, type }) => `${identifier(name)} ${type}`)
    .join(', ')})`;

/** A copy that cannot be read without an error: what gives an answer over it does not read it. */
export const unreadable = (columns: readonly Column[]): string =>
  `select ${columns.map(({ name, type }) => `null::${type} as ${identifier(name)}`).join(', ')} from generate_series(1, 1) as one where 1 / (one - 1) = 1`;

const mostColumns = 30;

/** Those that change what the query speaks of come first. */
export function damagesOf(copy: string, columns: readonly Column[], query: string): readonly Damage[] {
  const names = identifiers(columns.map(({ name }) => name));
  const spoken = (column: Column): boolean => query.toLowerCase().includes(column.name.toLowerCase());
  const first = [...columns.filter(spoken), ...columns.filter((column) => !spoken(column))].slice(0, mostColumns);
  return [
    { words: 'no rows', rows: `select * from (${copy}) as copy where false` },
    { words: 'every second row dropped', rows: `select ${names} from (select *, row_number() over () as datamorph_place from (${copy}) as copy) as copy where datamorph_place % 2 = 0` }, // prettier-ignore
    { words: 'every row doubled', rows: `${copy} union all ${copy}` },
    { words: 'a row of NULLs added', rows: `${copy} union all select ${columns.map(({ type }) => `null::${type}`).join(', ')}` }, // prettier-ignore
    ...first.flatMap((column) =>
      changesOf(column).map(([words, expression]) => ({
        words,
        rows: `select ${columns.map(({ name }) => (name === column.name ? `${expression} as ${identifier(name)}` : identifier(name))).join(', ')} from (${copy}) as copy`,
      })),
    ),
  ];
}

type Change = readonly [words: string, expression: string];

function changesOf({ name, type }: Column): readonly Change[] {
  const value = identifier(name);
  return [...shiftsOf(name, value, baseOf(type)), [`NULL in every ${name}`, `null::${type}`]];
}

/** The type without its length, precision or scale. */
export const baseOf = (type: string): string => type.replace(/\([^)]*\)/, '').trim();

const integers: Readonly<Record<string, readonly [wider: string, most: string]>> = {
  smallint: ['integer', '32767'],
  integer: ['bigint', '2147483647'],
  bigint: ['numeric', '9223372036854775807'],
};

/** Values that no column has, and values that other rows of its kind have: a join by key sees nothing of the former. */
function shiftsOf(name: string, value: string, base: string): readonly Change[] {
  const both = (up: string, down: string): readonly Change[] => [
    [`every ${name} shifted up`, up],
    [`every ${name} shifted down`, down],
  ];
  const [wider, most] = integers[base] ?? [];
  if (wider !== undefined && most !== undefined) {
    const wide = `${value}::${wider}`;
    return [
      ...both(
        `least(${wide} + ${far(base)}, ${most})::${base}`,
        `greatest(-abs(${wide}) - ${far(base)}, -${most})::${base}`,
      ),
      [`every ${name} one more`, `least(${wide} + 1, ${most})::${base}`],
      [
        `every ${name} spread over 1 to the largest`,
        `(1 + abs(${value}::numeric) * 7919 % greatest(max(${value}) over (), 1))::${base}`,
      ],
    ];
  }
  switch (base) {
    case 'numeric':
    case 'real':
    case 'double precision':
      return both(`${value} + 1000003`, `-abs(${value}) - 1000003`);
    case 'date':
      return [...both(`${value} + 1000`, `${value} - 1000`), [`every ${name} a day later`, `${value} + 1`]];
    case 'timestamp without time zone':
    case 'timestamp with time zone':
      return both(`${value} + interval '1000 days 7 hours'`, `${value} - interval '1000 days 7 hours'`);
    case 'boolean':
      return [[`every ${name} turned round`, `not ${value}`]];
    case 'text':
    case 'character varying':
    case 'character':
      return [
        [`every ${name} written otherwise`, `' ~' || upper(${value}) || '~ '`],
        [
          `the last sign of every ${name} another one`,
          `left(${value}::text, -1) || translate(right(${value}::text, 1), ${nextSigns})`,
        ],
        [`every ${name} empty`, `''`],
      ];
    case 'uuid':
      return [[`every ${name} another one`, `md5(${value}::text)::uuid`]];
    default:
      return [[`every ${name} that of another row`, `coalesce(lead(${value}) over (), first_value(${value}) over ())`]];
  }
}

const far = (base: string): number => (base === 'smallint' ? 20_011 : 1_000_003);

const signs = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const nextSigns = `'${signs}', '${signs.slice(1)}a'`;
