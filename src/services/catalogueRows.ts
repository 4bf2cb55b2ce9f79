import type { CatalogueColumn, CatalogueIndex, CatalogueTable, ForeignKey, Privilege } from '../spec/catalogue.ts';

/** Rows of the statements of catalogueQueries.ts, by position. */
export type RelationRow = readonly [
  oid: number,
  schema: string,
  name: string,
  kind: string,
  comment: string | null,
  rowEstimate: number | null,
  sizeBytes: number | null,
  partitions: number | null,
  privileges: string,
];

export type ColumnRow = readonly [
  relation: number,
  attnum: number,
  name: string,
  type: string,
  nullable: boolean,
  comment: string | null,
  expression: string | null,
  identity: string,
  generated: string,
  collation: string | null,
  granted: boolean | null,
];

export type KeyRow = readonly [
  relation: number,
  attnums: readonly number[],
  schema: string,
  table: string,
  columns: readonly string[],
];

export type IndexRow = readonly [
  relation: number,
  name: string,
  method: string,
  isUnique: boolean,
  isPrimary: boolean,
  isValid: boolean,
  attnums: string,
  keyColumns: number,
  definition: string | null,
];

export interface CatalogueRows {
  readonly relations: readonly RelationRow[];
  readonly columns: readonly ColumnRow[];
  readonly keys: readonly KeyRow[];
  readonly indexes: readonly IndexRow[];
  /** The database's own collation, where it does not order by bytes. */
  readonly defaultCollation: string | undefined;
}

/** Puts the rows together, in the order of the relations. */
export function tablesOf(rows: CatalogueRows): readonly CatalogueTable[] {
  const byOid = new Map<number, Assembly>();
  for (const row of rows.relations) byOid.set(row[0], new Assembly(row));
  for (const row of rows.columns) byOid.get(row[0])?.addColumn(row, rows.defaultCollation);
  for (const row of rows.indexes) byOid.get(row[0])?.addIndex(row);
  for (const row of rows.keys) byOid.get(row[0])?.addForeignKey(row);
  return [...byOid.values()].map((each) => each.table());
}

const kinds: Readonly<Record<string, CatalogueTable['kind']>> = {
  r: 'table',
  v: 'view',
  m: 'materialized view',
  p: 'partitioned table',
  f: 'foreign table',
};

const privileges: Readonly<Record<string, Privilege>> = {
  s: 'select',
  i: 'insert',
  u: 'update',
  d: 'delete',
  t: 'truncate',
};

const tablePrivileges = new Map<string, readonly Privilege[]>();

/** There are few combinations and many tables: each combination is one list. */
function privilegesOf(letters: string): readonly Privilege[] {
  let list = tablePrivileges.get(letters);
  if (!list) {
    list = letters.split('').flatMap((letter) => privileges[letter] ?? []);
    tablePrivileges.set(letters, list);
  }
  return list;
}

class Assembly {
  readonly #row: RelationRow;
  /** By attribute number, with gaps: what was dropped, and what may not be read. */
  readonly #columns: CatalogueColumn[] = [];
  readonly #indexes: CatalogueIndex[] = [];
  readonly #uniqueKeys: (readonly string[])[] = [];
  readonly #foreignKeys: ForeignKey[] = [];
  #primaryKey: readonly string[] | undefined;

  constructor(row: RelationRow) {
    this.#row = row;
  }

  addColumn(row: ColumnRow, defaultCollation: string | undefined): void {
    const [, attnum, name, type, nullable, comment, expression, identity, generated, collated, granted] = row;
    if (!this.#row[8].startsWith('s') && granted !== true) return;
    const collation = collated === '' ? defaultCollation : collated;
    this.#columns[attnum] = {
      name,
      type,
      nullable,
      ...(comment === null ? null : { comment }),
      ...(expression === null ? null : generated === '' ? { default: expression } : { generated: expression }),
      ...(identity === '' ? null : { identity: identity === 'a' ? 'always' : 'by default' }),
      ...(collation ? { collation } : null),
    };
  }

  addIndex(row: IndexRow): void {
    const [, name, method, isUnique, isPrimary, isValid, attnums, keyColumns, definition] = row;
    const columns = this.#names(attnums.split(' ', keyColumns).map(Number));
    if (definition !== null) {
      this.#indexes.push({ name, method, unique: isUnique, columns: columns ?? [], definition });
      return;
    }
    if (!columns) return;
    this.#indexes.push({ name, method, unique: isUnique, columns });
    if (!isUnique || !isValid) return;
    if (isPrimary) this.#primaryKey = columns;
    else this.#uniqueKeys.push(columns);
  }

  addForeignKey([, attnums, schema, table, referenced]: KeyRow): void {
    const columns = this.#names(attnums);
    if (columns) this.#foreignKeys.push({ columns, references: { schema, table, columns: referenced } });
  }

  table(): CatalogueTable {
    const [, schema, name, kind, comment, rowEstimate, sizeBytes, partitions, letters] = this.#row;
    return {
      schema,
      name,
      kind: kinds[kind] ?? 'table',
      ...(comment === null ? null : { comment }),
      columns: this.#columns.filter(isThere),
      ...(this.#primaryKey ? { primaryKey: this.#primaryKey } : null),
      uniqueKeys: this.#uniqueKeys,
      foreignKeys: this.#foreignKeys,
      indexes: this.#indexes,
      privileges: privilegesOf(letters),
      ...(rowEstimate === null ? null : { rowEstimate }),
      ...(sizeBytes === null ? null : { sizeBytes }),
      ...(partitions === null ? null : { partitions }),
    };
  }

  /** Undefined where one of the columns is an expression or may not be read. */
  #names(attnums: readonly number[]): readonly string[] | undefined {
    const names = attnums.flatMap((attnum) => this.#columns[attnum]?.name ?? []);
    return names.length === attnums.length ? names : undefined;
  }
}

const isThere = (column: CatalogueColumn | undefined): boolean => column !== undefined;
