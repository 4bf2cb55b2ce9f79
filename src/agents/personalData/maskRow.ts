import type { Masker } from './masker.ts';
import { personalKindByName, type NamedColumn } from './columnNames.ts';

const token = /"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * A row as PostgreSQL writes it in JSON, with personal data masked and everything else as it was, to the digit: it is
 * rewritten token by token, for a number that passes through JavaScript may change.
 */
export function maskRow(row: string, masker: Masker, columns: readonly NamedColumn[] = []): string {
  const known = new Map(columns.map((column) => [column.name, column]));
  let depth = 0;
  let key: string | undefined;
  let isKey = true;
  return row.replace(token, (text) => {
    if (text === '{' || text === '[') depth++;
    if (text === '}' || text === ']') depth--;
    if (depth === 1 && (text === ',' || text === ':')) isKey = text === ',';
    if (/^[{}[\],:]/.test(text)) return text;
    if (depth === 1 && isKey && text.startsWith('"')) {
      key = JSON.parse(text) as string;
      return text;
    }
    return masked(text, key === undefined ? undefined : (known.get(key) ?? { name: key, type: 'text' }), masker);
  });
}

function masked(text: string, column: NamedColumn | undefined, masker: Masker): string {
  if (text === 'null') return text;
  const value: unknown = text.startsWith('"') ? JSON.parse(text) : text;
  const kind = column && personalKindByName(column);
  if (kind) return JSON.stringify(masker.value(kind, String(value)));
  if (!text.startsWith('"')) return text;
  const clean = masker.text(String(value));
  return clean === value ? text : JSON.stringify(clean);
}
