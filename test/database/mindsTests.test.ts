/** Who writes tests of intent, as the command line puts it together: a model where one is named, asked once for the same request. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { glossaryFile } from '../../src/agents/glossary.ts';
import type { IntentRequest } from '../../src/agents/intentPort.ts';
import { mindsOf, type Minds, type Needs } from '../../src/cli/minds.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { loadCatalogue } from '../../src/services/catalogue.ts';
import { createLog } from '../../src/services/log.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { createRedactor } from '../../src/services/redact.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { catalogueOf } from '../../src/spec/catalogue.ts';
import { startModelServer, type ModelServer } from '../support/models/modelServer.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

const intent = {
  reading: { words: 'Each customer once.', query: 'select customer_id from orders group by 1' },
  tests: [{ name: 'no customer twice', says: 'Each is there once.', query: 'select 1 from target group by customer_id having count(*) > 1' }], // prettier-ignore
};
const { signal } = new AbortController();

describe('the tests of intent of a command', () => {
  let database: TestDatabase;
  let postgres: Postgres;
  let server: ModelServer;
  let workspace: string;
  const kept: string[] = [];
  const said: string[] = [];

  before(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'datamorph-minds-'));
    database = await createDatabase('minds');
    await database.run('create table orders (order_id integer primary key, customer_id integer)');
    postgres = await openPostgres(database.options);
    server = await startModelServer('openai');
  });
  after(async () => {
    await server.stop();
    await postgres.close();
    await database.drop();
    await rm(workspace, { recursive: true });
  });

  async function minds(model: string, needs: Needs): Promise<Minds> {
    const redactor = createRedactor();
    const silent = (): void => undefined;
    const info = (text: string): void => void said.push(text);
    const log = createLog({ trace: silent, debug: silent, info, warn: silent, error: silent }, redactor);
    return mindsOf({
      terminal: { values: { model, workspace }, environment: {}, log, redactor } as unknown as Terminal,
      ...{ postgres, parser: await loadSqlParser(), settings: database.options.settings, needs },
      keep: (name) => {
        kept.push(name);
        return Promise.resolve();
      },
    });
  }
  async function request(): Promise<IntentRequest> {
    const { tables, searchPath, ...facts } = await loadCatalogue(postgres);
    return {
      prompt: 'every customer who ordered',
      catalogue: catalogueOf(tables, searchPath, facts),
      columns: [{ name: 'customer_id', type: 'integer' }],
    };
  }

  it('are written by the model, mended by what PostgreSQL says of them, kept, and asked for once', async () => {
    const wrong = { ...intent, reading: { ...intent.reading, query: 'select customer from orders' } };
    await writeFile(join(workspace, glossaryFile), '{ "customer": "Whoever has ordered." }');
    server.script({ kind: 'answer', value: wrong }, { kind: 'answer', value: intent });
    const first = await minds(server.model, { plan: false, code: false, tests: true, mend: false });
    assert.deepEqual(await first.intent?.write(await request(), signal), intent);
    first.close();
    assert.match(
      server.requests[0]?.messages[0]?.text ?? '',
      /<glossary>\n"customer": "Whoever has ordered\."\n<\/glossary>/,
    );
    assert.match(server.requests[1]?.messages.at(-1)?.text ?? '', /The reading: column "customer" does not exist/);
    assert.deepEqual(kept, ['requests/1.json', 'requests/2.json']);
    assert.match(said.join('\n'), /scripted: About [\d,–]+ tokens/);
    const second = await minds(server.model, { plan: false, code: false, tests: true, mend: false });
    assert.deepEqual(await second.intent?.write(await request(), signal), intent);
    second.close();
    assert.deepEqual([server.requests.length, server.unplayed.length], [2, 0]);
  });

  it('are written by nobody where there is no model, or where nobody wants them', async () => {
    const offline = await minds('offline', { plan: true, code: false, tests: true, mend: false });
    const unwanted = await minds(server.model, { plan: true, code: false, tests: false, mend: false });
    const nothing = await minds('offline', { plan: false, code: false, tests: true, mend: false });
    assert.deepEqual(
      [offline, unwanted, nothing].map((each) => [each.intent, each.planner !== undefined]),
      [
        [undefined, true],
        [undefined, true],
        [undefined, false],
      ],
    );
    for (const each of [offline, unwanted, nothing]) each.close();
  });
});
