import type { Catalogue, CatalogueTable } from '../../spec/catalogue.ts';

/** From a row to the one row that it refers to. */
export interface Link {
  readonly child: CatalogueTable;
  readonly parent: CatalogueTable;
  readonly pairs: readonly { readonly child: string; readonly parent: string }[];
  /** No foreign key says so: the child has a column of the name of the parent's key. */
  readonly inferred?: true;
}

export type Path = readonly Link[];

export interface Links {
  /** The rows that a table's rows refer to. */
  readonly of: (table: CatalogueTable) => readonly Link[];
  /** The shortest ways from a row to the one row of another table that belongs to it; one empty way to itself. */
  readonly paths: (from: CatalogueTable, to: CatalogueTable) => readonly Path[];
  /** Tables from which a row of each of these can be reached. */
  readonly bridges: (tables: readonly CatalogueTable[]) => readonly CatalogueTable[];
}

const longest = 4;

export function linksOf(catalogue: Catalogue): Links {
  const known = new Map<CatalogueTable, readonly Link[]>();
  const owners = keyOwners(catalogue);
  const of = (table: CatalogueTable): readonly Link[] => {
    const links = known.get(table) ?? linksFrom(table, { catalogue, owners });
    known.set(table, links);
    return links;
  };
  const paths = (from: CatalogueTable, to: CatalogueTable): readonly Path[] => {
    let front: readonly { readonly at: CatalogueTable; readonly path: Path }[] = [{ at: from, path: [] }];
    for (let hops = 0; hops <= longest; hops++) {
      const arrived = front.filter(({ at }) => at === to);
      if (arrived.length > 0) return arrived.map(({ path }) => path);
      front = front.flatMap(({ at, path }) =>
        of(at)
          .filter(({ parent }) => parent !== from && !path.some((link) => link.parent === parent))
          .map((link) => ({ at: link.parent, path: [...path, link] })),
      );
    }
    return [];
  };
  const bridges = (tables: readonly CatalogueTable[]): readonly CatalogueTable[] => {
    const ways = catalogue.tables.flatMap((table) => {
      if (tables.includes(table) || of(table).length === 0) return [];
      const lengths = tables.map((other) => paths(table, other)[0]?.length ?? Infinity);
      const total = lengths.reduce((sum, length) => sum + length, 0);
      return total === Infinity ? [] : [{ table, total }];
    });
    const least = Math.min(...ways.map(({ total }) => total));
    return ways.filter(({ total }) => total === least).map(({ table }) => table);
  };
  return { of, paths, bridges };
}

interface Surroundings {
  readonly catalogue: Catalogue;
  readonly owners: ReadonlyMap<string, readonly CatalogueTable[]>;
}

function linksFrom(table: CatalogueTable, { catalogue, owners }: Surroundings): readonly Link[] {
  const declared = table.foreignKeys.flatMap(({ columns, references }): Link[] => {
    const parent = catalogue.find({ schema: references.schema, name: references.table });
    if (!parent || parent === table) return [];
    return [
      { child: table, parent, pairs: columns.map((child, at) => ({ child, parent: references.columns[at] ?? '' })) },
    ];
  });
  const spoken = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
  const inferred = table.columns.flatMap(({ name, type }): Link[] => {
    const [parent, ...others] = owners.get(name) ?? [];
    if (!parent || others.length > 0 || parent === table || spoken.has(name)) return [];
    // A table whose own key this is has a row of its own for it: it is not the child.
    if (table.primaryKey?.length === 1 && table.primaryKey[0] === name) return [];
    if (parent.columns.find((column) => column.name === name)?.type !== type) return [];
    return [{ child: table, parent, pairs: [{ child: name, parent: name }], inferred: true }];
  });
  return [...declared, ...inferred];
}

/** Tables by the name of their key's one column, where that name says more than `id`. */
function keyOwners({ tables }: Catalogue): ReadonlyMap<string, readonly CatalogueTable[]> {
  const owners = new Map<string, CatalogueTable[]>();
  for (const table of tables) {
    const [column, ...others] = table.primaryKey ?? [];
    if (column === undefined || others.length > 0 || !column.includes('_')) continue;
    owners.set(column, [...(owners.get(column) ?? []), table]);
  }
  return owners;
}
