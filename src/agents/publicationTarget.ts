import { tableIdentifier } from '../compiler/reference/identifier.ts';
import type { ResolvedTarget } from '../compiler/resolved.ts';
import { formatPgType } from '../spec/pgTypes.ts';
import type { TargetMode } from '../spec/spec.ts';

/** What a spec publishes, whichever run does it; the compiled script hands the same to `job.write`. */
export interface PublicationTarget {
  /** As SQL, quoted where it needs to be. */
  readonly table: string;
  readonly mode: TargetMode;
  readonly columns: readonly PublicationColumn[];
  readonly keys: readonly string[];
  readonly required: readonly string[];
  readonly history?: { readonly validFrom: string; readonly validTo: string; readonly current?: string };
}

export interface PublicationColumn {
  readonly name: string;
  /** As `format_type` writes it. */
  readonly type: string;
}

export function publicationTargetOf({ target, table, tableName, columns, from }: ResolvedTarget): PublicationTarget {
  const moment = from.columns.find(({ name }) => name === target.history?.validFrom);
  return {
    table: tableIdentifier(table ?? tableName),
    mode: target.mode,
    columns: [
      ...columns.map(({ name, pgType }) => ({ name, type: formatPgType(pgType) })),
      ...(moment ? [{ name: moment.name, type: formatPgType(moment.type) }] : []),
    ],
    keys: target.keys ?? [],
    required: columns.filter(({ nullable }) => nullable === false).map(({ name }) => name),
    ...(target.history && { history: target.history }),
  };
}
