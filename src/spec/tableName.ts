import type { TableName } from './catalogue.ts';

/** Reads `table` or `schema.table` as PostgreSQL would: folded to lower case unless double-quoted. Nothing where it is neither. */
export function parseTableName(text: string): TableName | undefined {
  const match = pattern.exec(text.trim());
  if (!match) return undefined;
  const [, first = '', second] = match;
  return second === undefined ? { name: unquoted(first) } : { schema: unquoted(first), name: unquoted(second) };
}

/** As it may stand in a spec or in SQL: quoted where it needs to be. */
export function formatTableName({ schema, name }: TableName): string {
  return schema === undefined ? quotedWhereNeeded(name) : `${quotedWhereNeeded(schema)}.${quotedWhereNeeded(name)}`;
}

const part = String.raw`("(?:[^"\u0000]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)`;
const pattern = new RegExp(String.raw`^${part}(?:\s*\.\s*${part})?$`, 'u');

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : foldAscii(text);
}

/** PostgreSQL folds ASCII letters only in a UTF-8 database. */
const foldAscii = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const quotedWhereNeeded = (name: string): string =>
  /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
