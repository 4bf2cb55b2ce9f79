import { loadShop } from '../../samples/shop/load.mjs';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { shopSql } from '../golden/shop.ts';
import { dropDatabase, serverUrl } from '../support/postgres.ts';
import { createDatabase } from '../support/testDatabase.ts';
import { personnelSql } from './small.ts';

/** A database that goes with whoever opened it. */
export interface Opened {
  readonly postgres: Postgres;
  close(): Promise<void>;
}

const shopDatabase = 'misread_shop';

export async function openShop(): Promise<Opened> {
  await loadShop({ url: serverUrl(), password: 'engineer', database: shopDatabase });
  const { hostname: host, port, username, password } = new URL(serverUrl());
  const postgres = await openPostgres({
    settings: {
      ...{ name: 'test', host, port: Number(port), database: shopDatabase, user: decodeURIComponent(username) },
      ...{ auth: 'password', ssl: 'disable' },
    },
    password: decodeURIComponent(password),
  });
  return {
    postgres,
    async close() {
      await postgres.close();
      await dropDatabase(shopDatabase);
    },
  };
}

export async function openSmall(): Promise<Opened> {
  const database = await createDatabase('misread', `template template0 encoding 'UTF8' locale 'C'`);
  await database.run(shopSql);
  await database.run(personnelSql);
  const postgres = await openPostgres(database.options);
  return {
    postgres,
    async close() {
      await postgres.close();
      await database.drop();
    },
  };
}
