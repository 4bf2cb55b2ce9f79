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

function shiftsOf(name: string, value: string, base: string): readonly Change[] {
  const both = (up: string, down: string): readonly Change[] => [
    [`every ${name} shifted up`, up],
    [`every ${name} shifted down`, down],
  ];
  switch (base) {
    case 'smallint':
      return both(
        `least(${value}::integer + 20011, 32767)::smallint`,
        `greatest(-abs(${value}::integer) - 20011, -32768)::smallint`,
      );
    case 'integer':
      return both(
        `least(${value}::bigint + 1000003, 2147483647)::integer`,
        `greatest(-abs(${value}::bigint) - 1000003, -2147483648)::integer`,
      );
    case 'bigint':
      return both(
        `least(${value}::numeric + 1000003, 9223372036854775807)::bigint`,
        `greatest(-abs(${value}::numeric) - 1000003, -9223372036854775808)::bigint`,
      );
    case 'numeric':
    case 'real':
    case 'double precision':
      return both(`${value} + 1000003`, `-abs(${value}) - 1000003`);
    case 'date':
      return both(`${value} + 1000`, `${value} - 1000`);
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
        [`every ${name} empty`, `''`],
      ];
    case 'uuid':
      return [[`every ${name} another one`, `md5(${value}::text)::uuid`]];
    default:
      return [[`every ${name} that of another row`, `coalesce(lead(${value}) over (), first_value(${value}) over ())`]];
  }
}
