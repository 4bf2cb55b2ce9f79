/**
 * A target is never half-written: whoever publishes is killed at random moments while readers poll. Most kills end the
 * publishing backend, which is what PostgreSQL sees of a dead process; submit.test.ts kills real Spark jobs.
 *
 * That it can fail was shown on 25 November 2026: with a commit between the delete and the insert of `replace`, readers see
 * an empty table.
 */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { publish } from '../../src/services/publication.ts';
import { publicationStatements, type Publication } from '../../src/services/publicationStatements.ts';
import { identifier } from '../../src/compiler/reference/identifier.ts';

const kills = 50;
const keys = 200;
const never = new AbortController().signal;

const columns = [
  { name: 'id', type: 'integer' },
  { name: 'generation', type: 'integer' },
  { name: 'pad', type: 'text' },
];
const base = {
  ...{ table: 'public.target', columns, required: ['id'], instant: 'now' },
} satisfies Partial<Publication>;

/** Each mode with what a reader must see at any moment, as a condition that is true. */
const modes: readonly { readonly publication: Omit<Publication, 'runId'>; readonly whole: string }[] = [
  {
    publication: { ...base, mode: 'replace', keys: [] },
    whole: `select count(*) = ${keys} and count(distinct generation) = 1 from target`,
  },
  {
    publication: { ...base, mode: 'append', keys: [] },
    whole: `select bool_and(rows = ${keys}) from (select count(*) as rows from target group by generation) as g`,
  },
  {
    publication: { ...base, mode: 'upsert', keys: ['id'] },
    whole: `select count(*) = ${keys} and count(distinct generation) = 1 from target`,
  },
  {
    publication: {
      ...{ ...base, mode: 'history', keys: ['id'] },
      history: { validFrom: 'valid_from', validTo: 'valid_to', current: 'is_current' },
    },
    whole: `select count(*) filter (where is_current) = ${keys} and count(distinct generation) filter (where is_current) = 1
      and count(*) = ${keys} * count(distinct generation) and bool_and(is_current = (valid_to is null)) from target`,
  },
];

describe('a target whose writer is killed', function () {
  this.timeout(180_000);
  const name = `dm_atomicity_${process.pid}`;
  let admin: pg.Client;
  let client: pg.Client;
  let url: string;

  before(async () => {
    const address = new URL(process.env['DATAMORPH_TEST_PG'] ?? '');
    admin = new pg.Client(address.href);
    await admin.connect();
    await admin.query(`create database ${name}`);
    address.pathname = `/${name}`;
    url = address.href;
    client = await open();
  });
  after(async () => {
    await client.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });

  for (const { publication, whole } of modes) {
    it(`${publication.mode}: ${kills} kills, and every reader saw the old or the new table whole`, async () => {
      await client.query('drop table if exists target, datamorph_publication');
      let generation = 1;
      const run = (): Publication => ({
        ...{ ...publication, runId: `${publication.mode}-${generation}` },
        // Each generation of a history is true from a moment of its own.
        instant: new Date(Date.UTC(2026, 0, 1, 0, generation)).toISOString(),
      });
      await stage(run(), generation);
      await publish(client, run(), never);
      const readers = startReaders(whole);
      const usual = await millisecondsOf(async () => {
        generation++;
        await stage(run(), generation);
        await publish(client, run(), never);
      });
      const ends = { killed: 0, published: 0 };
      for (let kill = 0; kill < kills; kill++) {
        generation++;
        await stage(run(), generation);
        const died = await publishAndKill(run(), Math.random() * usual);
        ends[died ? 'killed' : 'published']++;
        // What waits is still there, or was published: the next attempt ends in the new table either way.
        if (died) await publishAgain(run());
        const { rows } = await client.query<{ at: number }>('select max(generation) as at from target');
        assert.equal(rows[0]?.at, generation);
      }
      const seen = await readers.stop();
      assert.deepEqual(seen.torn, []);
      assert.ok(seen.polls > kills, `${seen.polls} polls`);
      assert.ok(ends.killed > kills / 5, `only ${ends.killed} kills came in time`);
      const left = await client.query(`select from pg_class where relname ~ '^datamorph_stage' and relkind = 'r'`);
      assert.equal(left.rowCount, 0);
    });
  }

  async function open(): Promise<pg.Client> {
    const opened = new pg.Client(url);
    // Its death is what the test wants; the query in flight tells of it.
    opened.on('error', () => undefined);
    await opened.connect();
    return opened;
  }

  /** What a job leaves that was told to publish later. */
  async function stage(publication: Publication, generation: number): Promise<void> {
    const [drop] = publicationStatements({ ...publication, schema: 'public' }, 'give_up');
    const table = String(drop).replace('drop table if exists ', '');
    await client.query(`create unlogged table ${table} as
      select n as c1, ${generation} as c2, repeat('x', 100) as c3 from generate_series(1, ${keys}) as n`);
    await client.query(
      `comment on table ${table} is 'datamorph: ${keys} rows wait to be published in ${publication.table}'`,
    );
  }

  /** Whether the publisher died before it could say that it had published. */
  async function publishAndKill(publication: Publication, after: number): Promise<boolean> {
    const publisher = await open();
    const { processID } = publisher as unknown as { readonly processID: number };
    const outcome = publish(publisher, publication, never).then(
      () => false,
      () => true,
    );
    await delay(after);
    await client.query('select pg_terminate_backend($1, 5000)', [processID]);
    const died = await outcome;
    await publisher.end();
    return died;
  }

  async function publishAgain(publication: Publication): Promise<void> {
    const [state] = publicationStatements({ ...publication, schema: 'public' }, 'state');
    const { rows } = await client.query<{ stage: string }>(String(state));
    // The publisher may have died between its commit and the word of it.
    if (rows[0]?.stage === 'true') await publish(client, publication, never);
  }

  function startReaders(whole: string): {
    stop(): Promise<{ readonly polls: number; readonly torn: readonly unknown[] }>;
  } {
    let running = true;
    let polls = 0;
    const torn: unknown[] = [];
    const read = async (): Promise<void> => {
      const reader = await open();
      while (running) {
        const { rows } = await reader.query<{ whole: boolean }>(`select (${whole}) as ${identifier('whole')}`);
        polls++;
        if (rows[0]?.whole !== true) torn.push(rows[0]);
      }
      await reader.end();
    };
    const readers = Promise.all([read(), read()]);
    return {
      async stop() {
        running = false;
        await readers;
        return { polls, torn };
      },
    };
  }
});

async function millisecondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
