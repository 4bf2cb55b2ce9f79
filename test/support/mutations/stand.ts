/** A database with the rows that the mutated jobs read, and all that compiles and compares over it. */
import type { Column } from '../../../src/compiler/resolved.ts';
import type { Snapshots } from '../../../src/agents/validation/snapshot.ts';
import { loadCatalogue } from '../../../src/services/catalogue.ts';
import { openPostgres, type Postgres } from '../../../src/services/postgres.ts';
import { snapshotsOf } from '../../../src/services/snapshot.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';
import { catalogueOf } from '../../../src/spec/catalogue.ts';
import { parsePgType } from '../../../src/spec/pgTypes.ts';
import { createDatabase, type TestDatabase } from '../testDatabase.ts';
import { loadTpch, shopData } from './data.ts';
import { shopSpecs, tpchSpecs, type Workshop } from './specs.ts';

const collation = `template template0 encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' lc_collate 'C' lc_ctype 'C'`;
export interface Stand {
  readonly database: TestDatabase;
  readonly postgres: Postgres;
  readonly workshop: Workshop;
  readonly snapshots: Snapshots;
}

export const stands = {
  shop: { specs: shopSpecs(), load: (database: TestDatabase) => database.run(shopData) },
  tpch: { specs: tpchSpecs(), load: (database: TestDatabase) => loadTpch((sql) => database.run(sql)) },
};

export async function standOf(name: string, load: (database: TestDatabase) => Promise<void>): Promise<Stand> {
  const database = await createDatabase(`faults_${name}`, collation);
  await load(database);
  const postgres = await openPostgres(database.options);
  const parser = await loadSqlParser();
  const { tables, searchPath, ...facts } = await loadCatalogue(postgres);
  const describe = async (query: string): Promise<readonly Column[]> => {
    const prepared = await postgres.prepare(query);
    return ('columns' in prepared ? prepared.columns : []).map((column) => ({
      name: column.name,
      type: parsePgType(column.type),
      nullable: true,
    }));
  };
  const workshop = { parser, catalogue: catalogueOf(tables, searchPath, facts), describe };
  return { database, postgres, workshop, snapshots: snapshotsOf(postgres, parser) };
}
