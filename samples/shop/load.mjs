// Loads the sample shop into a database of its own, unless it is there already as this generator makes it.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';

const PARTS = ['schema.sql', 'data.sql', 'finish.sql'].map((name) =>
  readFileSync(new URL(name, import.meta.url), 'utf8'),
);
const OWNER = 'shop_owner';
export const ENGINEER = 'engineer';

/** Stands on the finished database and changes with the generator. */
const COMMENT = `Sample shop of DataMorph, generation ${createHash('sha256').update(PARTS.join('\0')).digest('hex').slice(0, 16)}`;

/**
 * @param {{ url: string, password: string, database?: string }} options `url` of a superuser; `password` for the role engineer
 * @returns {Promise<{ loaded: boolean }>}
 */
export async function loadShop({ url, password, database = 'shop' }) {
  return withClient(url, async (admin) => {
    await ensureRoles(admin, password);
    if ((await commentOf(admin, database)) === COMMENT) return { loaded: false };
    // Filled under another name and renamed when whole, so an interrupted load leaves nothing that looks finished.
    const draft = `${database}_loading`;
    await admin.query(`DROP DATABASE IF EXISTS ${quote(draft)} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${quote(draft)} OWNER ${OWNER} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`);
    await withClient(inDatabase(url, draft), fill);
    await admin.query(`DROP DATABASE IF EXISTS ${quote(database)} WITH (FORCE)`);
    await admin.query(`ALTER DATABASE ${quote(draft)} RENAME TO ${quote(database)}`);
    await admin.query(`COMMENT ON DATABASE ${quote(database)} IS ${pg.escapeLiteral(COMMENT)}`);
    return { loaded: true };
  });
}

/**
 * The owner cannot log in. The engineer may read the shop and has a schema of their own to write to.
 * @param {pg.Client} admin @param {string} password
 */
async function ensureRoles(admin, password) {
  const { rows } = await admin.query('SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)', [[OWNER, ENGINEER]]);
  const known = rows.map(({ rolname }) => rolname);
  if (!known.includes(OWNER)) await admin.query(`CREATE ROLE ${OWNER} NOLOGIN`);
  if (!known.includes(ENGINEER)) await admin.query(`CREATE ROLE ${ENGINEER} LOGIN`);
  await admin.query(`ALTER ROLE ${ENGINEER} PASSWORD ${pg.escapeLiteral(password)}`);
}

/** @param {pg.Client} client */
async function fill(client) {
  await client.query('BEGIN');
  await client.query(
    `ALTER SCHEMA public OWNER TO ${OWNER}; GRANT CREATE, TEMPORARY ON DATABASE ${client.escapeIdentifier(client.database ?? '')} TO ${OWNER}`,
  );
  await client.query(`SET LOCAL ROLE ${OWNER}`);
  for (const part of PARTS) await client.query(part);
  await client.query(
    `GRANT USAGE ON SCHEMA public TO ${ENGINEER}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${ENGINEER}`,
  );
  await client.query('RESET ROLE');
  await client.query(`CREATE SCHEMA analytics AUTHORIZATION ${ENGINEER}`);
  await client.query(`COMMENT ON SCHEMA analytics IS 'Where the engineer writes.'`);
  await client.query('COMMIT');
}

/** @param {pg.Client} admin @param {string} database @returns {Promise<string | undefined>} */
async function commentOf(admin, database) {
  const { rows } = await admin.query(
    `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1`,
    [database],
  );
  return rows[0]?.comment;
}

/**
 * @template T
 * @param {string} url
 * @param {(client: pg.Client) => Promise<T>} work
 */
async function withClient(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** @param {string} url @param {string} database */
function inDatabase(url, database) {
  const target = new URL(url);
  target.pathname = `/${encodeURIComponent(database)}`;
  return target.href;
}

/** @param {string} name */
function quote(name) {
  return pg.escapeIdentifier(name);
}
