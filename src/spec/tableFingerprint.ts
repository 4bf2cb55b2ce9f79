import type { CatalogueTable } from './catalogue.ts';

/**
 * What a spec relies on in a table, as a short text: equal as long as columns, types, nullability and keys are. Comments,
 * sizes, rights and indexes may change without a spec noticing; so may the order of the columns, for they go by name.
 */
export const tableFingerprint = (table: CatalogueTable): string => hash(JSON.stringify(reliedOn(table)));

export type TableChange =
  | { readonly kind: 'columnAdded' | 'columnRemoved'; readonly column: string }
  | { readonly kind: 'typeChanged'; readonly column: string; readonly before: string; readonly after: string }
  | { readonly kind: 'nullabilityChanged'; readonly column: string; readonly nullable: boolean }
  | { readonly kind: 'keysChanged' };

/** What has changed between two looks at a table, as far as a spec relies on it; empty where the fingerprints are equal. */
export function tableChanges(before: CatalogueTable, after: CatalogueTable): readonly TableChange[] {
  const columns = new Map(after.columns.map((column) => [column.name, column]));
  const changes: TableChange[] = [];
  for (const { name, type, nullable } of before.columns) {
    const now = columns.get(name);
    columns.delete(name);
    if (!now) changes.push({ kind: 'columnRemoved', column: name });
    else if (now.type !== type) changes.push({ kind: 'typeChanged', column: name, before: type, after: now.type });
    else if (now.nullable !== nullable)
      changes.push({ kind: 'nullabilityChanged', column: name, nullable: now.nullable });
  }
  for (const column of columns.keys()) changes.push({ kind: 'columnAdded', column });
  const [, ...keysBefore] = reliedOn(before);
  const [, ...keysAfter] = reliedOn(after);
  if (JSON.stringify(keysBefore) !== JSON.stringify(keysAfter)) changes.push({ kind: 'keysChanged' });
  return changes;
}

function reliedOn({ columns, primaryKey = [], uniqueKeys, foreignKeys }: CatalogueTable): readonly unknown[] {
  const sorted = (items: readonly unknown[]): readonly string[] => items.map((item) => JSON.stringify(item)).sort();
  return [
    sorted(columns.map(({ name, type, nullable }) => [name, type, nullable])),
    primaryKey,
    sorted(uniqueKeys),
    sorted(
      foreignKeys.map(({ columns: own, references: { schema, table, columns: theirs } }) => [
        own,
        schema,
        table,
        theirs,
      ]),
    ),
  ];
}

/** FNV-1a over UTF-16 units, 64 bits: no secret hangs on it, and the language's folder has no crypto. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at++) {
    value = BigInt.asUintN(64, (value ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n);
  }
  return value.toString(16).padStart(16, '0');
}
