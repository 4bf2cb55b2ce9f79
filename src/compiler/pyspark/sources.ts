import { formatPgType } from '../../spec/pgTypes.ts';
import { tableIdentifier } from '../reference/identifier.ts';
import type { ResolvedSource } from '../resolved.ts';
import { bool, dict, method, named, string, word, type Argument, type Code } from './layout.ts';

/** From this size on a table is read over several connections at once. */
const partitionedBytes = 64_000_000;
const partitionedRows = 500_000;

export interface Read {
  /** The columns that anything reads. */
  readonly live: ReadonlySet<string>;
  /** What PostgreSQL applies while it is read. */
  readonly where?: string;
}

export function read({ source, table, tableName, columns }: ResolvedSource, { live, where }: Read): Code {
  const needed = columns.filter(({ name }) => live.has(name));
  // Where only the number of rows counts, one column stands for them.
  const types = dict(
    (needed.length > 0 ? needed : columns.slice(0, 1)).map(({ name, type }) => [name, string(formatPgType(type))]),
  );
  const { incremental } = source;
  const common = [
    named('table', string(tableIdentifier(table ?? tableName))),
    named('columns', types),
    ...optional('where', where),
    ...optional('connection', source.connection),
    ...(isBig(table) ? [named('partitioned', bool(true))] : []),
  ];
  if (!incremental) return method(word('job'), 'read', ...common);
  return method(
    word('job'),
    'read_since',
    string(source.name),
    ...common,
    named('watermark', string(incremental.watermark)),
    ...optional('initial', incremental.initial),
    ...optional('lateness', incremental.lateness),
  );
}

const optional = (name: string, value: string | undefined): readonly Argument[] =>
  value === undefined ? [] : [named(name, string(value))];

/** By physical place, which views and foreign tables do not have. */
function isBig(table: ResolvedSource['table']): boolean {
  if (!table || table.kind === 'view' || table.kind === 'foreign table') return false;
  return (table.sizeBytes ?? 0) > partitionedBytes || (table.rowEstimate ?? 0) > partitionedRows;
}
