import type { CatalogueTable } from '../spec/catalogue.ts';
import { promptName } from '../spec/promptName.ts';
import { specVersion, type Source, type Spec } from '../spec/spec.ts';
import { tableFingerprint } from '../spec/tableFingerprint.ts';
import { formatTableName } from '../spec/tableName.ts';

export interface DraftOptions {
  readonly prompt: string;
  readonly tables: readonly CatalogueTable[];
  /** Named in the sources where the workspace has more than one. */
  readonly connection?: string;
}

/** A spec to be completed by hand: what the prompt names as sources, and a target that takes the first one as it is. */
export function draftSpec({ prompt, tables, connection }: DraftOptions): Spec {
  const names = sourceNames(tables);
  const place = connection === undefined ? {} : { connection };
  const sources = tables.map((table, index): Source => ({
    name: names[index] ?? table.name,
    ...place,
    table: formatTableName(table),
    columns: table.columns.map((column) => column.name),
    fingerprint: tableFingerprint(table),
  }));
  const [first] = tables;
  const wanted = nameOf(prompt);
  // A job that writes what it reads is a mistake, so a draft must not begin with it.
  const name = tables.some((table) => table.name === wanted) ? `${wanted}_result` : wanted;
  return {
    version: specVersion,
    name,
    ...(prompt.trim() === '' ? {} : { prompt: prompt.trim() }),
    sources: first ? sources : [{ name: 'input', ...place, table: 'public.input' }],
    steps: [],
    target: {
      ...place,
      table: formatTableName({ schema: first?.schema ?? 'public', name }),
      from: sources[0]?.name ?? 'input',
      mode: 'replace',
      columns: first
        ? first.columns.map((column) => ({ name: column.name, type: column.type, nullable: column.nullable }))
        : [{ name: 'id', type: 'bigint', nullable: false }],
    },
  };
}

/** The document's text; the last line ends, as in any file. */
export const formatDraft = (spec: Spec): string => `${JSON.stringify(spec, null, 2)}\n`;

/** A table's own name; with its schema where two schemas have one of that name. */
function sourceNames(tables: readonly CatalogueTable[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { name } of tables) counts.set(name, (counts.get(name) ?? 0) + 1);
  return tables.map(({ schema, name }) => ((counts.get(name) ?? 0) > 1 ? `${schema}_${name}` : name));
}

/** `Total amount per customer` → `total_amount_customer`. */
export const nameOf = (prompt: string): string => promptName(prompt, 'new_spec');
