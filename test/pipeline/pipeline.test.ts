/**
 * From a sentence to rows that a person's SQL gives too: every engine with every kind of planner, over the sample shop. AWS is
 * played by loopback stand-ins that speak its wire, and Glue's really runs the scripts. The scripted model answers with the spec
 * that stands in the offline planner's place; what it is sent, and what becomes of it, is the product's own way.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { loadShop } from '../../samples/shop/load.mjs';
import type { Engine } from '../../src/agents/engine.ts';
import { createOfflinePlanner } from '../../src/agents/offlinePlanner.ts';
import { run } from '../../src/agents/orchestrator.ts';
import { programsOf } from '../../src/agents/programs.ts';
import type { RunOrder } from '../../src/agents/run/events.ts';
import type { RunState, RunStop } from '../../src/agents/runState.ts';
import { validatorOn } from '../../src/agents/validator.ts';
import { mindsOf } from '../../src/cli/minds.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { loadCatalogue } from '../../src/services/catalogue.ts';
import { glueEngine } from '../../src/services/glueEngine.ts';
import { createLog } from '../../src/services/log.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { publisherOn } from '../../src/services/publisher.ts';
import { createRedactor } from '../../src/services/redact.ts';
import { createRun } from '../../src/services/runJournal.ts';
import { snapshotsOf } from '../../src/services/snapshot.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { catalogueOf, type Catalogue } from '../../src/spec/catalogue.ts';
import { cases, type Case } from '../database/plannerCases.ts';
import { variablesOf } from '../engines/connections.ts';
import { sparkHere } from '../engines/sparkHere.ts';
import { openAccount, type Account } from '../support/glue/account.ts';
import { databaseSecret } from '../support/glue/databaseSecret.ts';
import { startModelServer, type ModelServer } from '../support/models/modelServer.ts';
import { withEnvironment } from '../support/models/withEnvironment.ts';
import { dropDatabase, serverUrl, urlOf } from '../support/postgres.ts';

const database = 'pipeline_shop';
/** When the hand-written SQL takes place. */
const instant = '2025-06-15T12:00:00.000Z';
/** From easy to hard. */
const prompts = [
  'number of orders per status',
  'Join customers and orders on customer_id, calculate total order amount per customer',
  'orders excluding cancelled and test orders in March 2025',
  'orders in the last 30 days',
  'number of orders per month and channel, sorted by month',
  'customers without paid orders since 2024',
  'number of orders and total order amount per customer including customers without orders',
  'number of orders and total amount of paid orders per customer',
  'number of orders per product category',
  'top 3 products per category by price',
  'most recent payment per order by paid_at',
  'total line amount per product category with share of total',
];

describe('a sentence becomes a table', function () {
  this.timeout(180_000);
  let folder: string;
  let postgres: Postgres;
  let account: Account;
  let bedrock: ModelServer;
  let restore: () => void;
  const engines = new Map<string, Engine & { close(): void | Promise<void> }>();

  before(async () => {
    await loadShop({ url: serverUrl(), password: 'engineer', database });
    folder = await mkdtemp(join(tmpdir(), 'datamorph-pipeline-'));
    const url = new URL(urlOf(database));
    const [user, password] = [url.username, url.password].map(decodeURIComponent);
    postgres = await openPostgres({
      settings: {
        ...{ name: 'default', host: url.hostname, port: Number(url.port), database },
        ...{ user: user ?? '', auth: 'password', ssl: 'disable' },
      },
      password: password ?? '',
    });
    account = await openAccount();
    bedrock = await startModelServer('bedrock');
    restore = withEnvironment(bedrock.environment);
    engines.set('local Spark', sparkHere({ connections: variablesOf(url.href) }));
    const secrets = { default: await account.secret(databaseSecret(url.href)) };
    engines.set('AWS Glue', glueEngine(account.settings({ secrets })));
  });
  after(async () => {
    for (const engine of engines.values()) await engine.close();
    restore();
    await bedrock.stop();
    await account.close();
    await postgres.close();
    await dropDatabase(database);
    await rm(folder, { recursive: true });
  });

  const catalogue = async (): Promise<Catalogue> => {
    const { tables, searchPath, ...facts } = await loadCatalogue(postgres);
    return catalogueOf(tables, searchPath, facts);
  };

  /** A run as the command line puts it together, of which the engine stays warm. */
  async function runOf(
    order: RunOrder,
    { runId, engine, model }: { readonly runId: string; readonly engine: Engine; readonly model: string },
  ): Promise<{ readonly last: RunStop; readonly states: readonly string[] }> {
    const states: RunState[] = [];
    const parser = await loadSqlParser();
    const redactor = createRedactor();
    const silent = (): void => undefined;
    const log = createLog({ trace: silent, debug: silent, info: silent, warn: silent, error: silent }, redactor);
    const terminal = { values: { model, workspace: folder }, environment: process.env, log, redactor };
    const journal = await createRun(order, { workspace: folder, runId, now: () => new Date() });
    const { signal } = new AbortController();
    const minds = await mindsOf({
      terminal: terminal as unknown as Terminal,
      ...{ parser, postgres, settings: { queryRole: undefined } as never },
      keep: (name, text) => journal.keep(name, text),
      needs: { plan: true, code: false, tests: false, mend: true },
    });
    const { planner, gate, spent } = minds;
    try {
      const last = await run({
        ports: {
          ...{
            journal,
            engine,
            publisher: publisherOn(postgres),
            validator: validatorOn(snapshotsOf(postgres, parser)),
          },
          ...{ ...(planner && { planner }), ...(gate && { gate }), ...(spent && { spent }) },
          database: { catalogue, select: (sql, abort) => postgres.select(sql, { signal: abort }) },
          compile: (specText, known, at) =>
            programsOf({
              ...{ specText, catalogue: known, parser, instant: at },
              prepare: (sql) => postgres.prepare(sql),
            }),
        },
        signal,
        onState: (state) => states.push(state),
      });
      return { last, states: states.map(({ kind }) => kind) };
    } finally {
      minds.close();
      await journal.close();
    }
  }

  async function specFor(prompt: string, target: NonNullable<RunOrder['target']>): Promise<string> {
    const planner = createOfflinePlanner({ parser: await loadSqlParser() });
    const request = { prompt, catalogue: await catalogue(), target };
    const plan = await planner.plan(request, { signal: new AbortController().signal });
    assert.equal(plan.kind, 'spec', JSON.stringify(plan));
    return plan.specText;
  }

  const caseOf = (prompt: string): Case => {
    const found = cases.find((each) => each.prompt === prompt);
    assert.ok(found, prompt);
    return found;
  };

  /** What a person's SQL and the target do not have in common. */
  async function difference({ sql, columns, where = 'true' }: Case, table: string): Promise<readonly object[]> {
    const mine = `select ${columns ?? '*'} from ${table} where ${where}`;
    const only = (a: string, b: string): string => `(select * from (${a}) a except all select * from (${b}) b limit 3)`;
    return postgres.query(`${only(sql, mine)} union all ${only(mine, sql)}`);
  }

  let number = 0;
  /** Runs for which the model was asked. */
  const askedFor: string[] = [];
  for (const engineName of ['local Spark', 'AWS Glue']) {
    for (const model of ['offline', 'bedrock']) {
      describe(`by ${engineName}, planned ${model === 'offline' ? 'without a model' : 'by Bedrock'}`, () => {
        for (const prompt of prompts) {
          it(prompt, async () => {
            const engine = engines.get(engineName);
            assert.ok(engine);
            const table = `public.answer_${++number}`;
            const target = { table, mode: 'replace' } as const;
            const asked = bedrock.requests.length;
            if (model === 'bedrock') {
              const spec = await specFor(prompt, target);
              bedrock.script({
                kind: 'answer',
                value: { kind: 'spec', reason: '', questions: [], decisions: [], spec },
              });
            }
            const order = {
              instant,
              engine: engine.name,
              codegen: 'compiled',
              publish: 'now',
              prompt,
              target,
            } as const;
            const runId = `run-${number}`;
            if (model === 'bedrock') askedFor.push(runId);
            const { last, states } = await runOf(order, { runId, engine, model });
            assert.deepEqual(states.slice(0, 2), ['planning', 'checking']);
            assert.equal(last.kind === 'finished' && last.verdict.kind, 'passed', JSON.stringify(last, null, 1));
            assert.deepEqual(await difference(caseOf(prompt), table), []);
            const kept = await readdir(join(folder, '.datamorph', 'runs', runId));
            assert.equal(kept.includes('requests'), model === 'bedrock');
            // One call answers a prompt, and none is made without a model.
            assert.equal(bedrock.requests.length - asked, model === 'bedrock' ? 1 : 0);
          });
        }
      });
    }
  }

  // In a block of its own: a test that stands beside blocks runs before them.
  describe('afterwards', () => {
    it('what was sent to the model is kept, and no row of the database was sent', async () => {
      const sent = bedrock.requests.map(({ system, messages }) => system + messages.map(({ text }) => text).join('\n'));
      assert.ok(sent.length >= prompts.length);
      const rows = await postgres.query<{ email: string }>(
        'select email from customers where email is not null limit 200',
      );
      assert.equal(rows.length, 200);
      for (const { email } of rows) assert.ok(!sent.some((text) => text.includes(email)), email);
      const record = await readFile(
        join(folder, '.datamorph', 'runs', askedFor[0] ?? '', 'requests', '1.json'),
        'utf8',
      );
      assert.match(record, /"outcome": \{\s+"kind": "answered"/);
    });
  });
});
