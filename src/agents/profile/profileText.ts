import { quoted, quotedName } from '../quoted.ts';
import type { ColumnProfile, TableProfile } from './tableProfile.ts';

/** A profile as a model reads it, a line a column; every value is quoted data. */
export function profileText(table: string, { rows, basis, columns }: TableProfile): string {
  const known = rows === undefined ? '' : `, about ${rows} rows`;
  return [`${quotedName(table)} (${basis}${known})`, ...columns.map((column) => `  ${columnText(column)}`)].join('\n');
}

function columnText({ name, type, nullShare, distinct, min, max, top, personal }: ColumnProfile): string {
  const parts = [
    ...(personal ? [`personal: ${personal}`] : []),
    ...(nullShare === undefined ? [] : [`${percent(nullShare)} NULL`]),
    ...(distinct === undefined ? [] : [`${distinct} distinct`]),
    ...(min === undefined || max === undefined ? [] : [`from ${quoted(min, 60)} to ${quoted(max, 60)}`]),
    ...(top.length === 0
      ? []
      : [
          `often ${top
            .slice(0, 5)
            .map(({ value }) => quoted(value, 60))
            .join(', ')}`,
        ]),
  ];
  return `${quotedName(name)} ${type}: ${parts.join('; ')}`;
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;
