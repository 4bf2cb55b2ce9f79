/**
 * A fault in each layer, mended end to end: a real database, real Spark, the real checker, gate and remediator. The model is a
 * loopback server that speaks Bedrock's wire.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { loadShop } from '../../samples/shop/load.mjs';
import type { Engine, JobResult } from '../../src/agents/engine.ts';
import { resume, run, type RunOptions } from '../../src/agents/orchestrator.ts';
import type { Validator } from '../../src/agents/ports.ts';
import { programsOf } from '../../src/agents/programs.ts';
import type { JournalEntry, RunChanges, RunOrder } from '../../src/agents/run/events.ts';
import type { RunState, RunStop } from '../../src/agents/runState.ts';
import { validatorOn } from '../../src/agents/validator.ts';
import type { Finding, Verdict } from '../../src/agents/verdict.ts';
import { mindsOf } from '../../src/cli/minds.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { loadCatalogue } from '../../src/services/catalogue.ts';
import { createLog } from '../../src/services/log.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { publisherOn } from '../../src/services/publisher.ts';
import { createRedactor } from '../../src/services/redact.ts';
import { createRun, openRun, readRun } from '../../src/services/runJournal.ts';
import { snapshotsOf } from '../../src/services/snapshot.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { catalogueOf } from '../../src/spec/catalogue.ts';
import { variablesOf } from '../engines/connections.ts';
import { sparkHere } from '../engines/sparkHere.ts';
import { startModelServer, type ModelServer } from '../support/models/modelServer.ts';
import { withEnvironment } from '../support/models/withEnvironment.ts';
import { dropDatabase, serverUrl, urlOf } from '../support/postgres.ts';

const database = 'pipeline_remedies';
const prompt = 'Total order amount per customer';

/** The largest order where the sum was asked for, say. */
const specOf = (table: string, { measure = 'sum(total_amount)', checks = [] as readonly object[] } = {}): string =>
  `${JSON.stringify(
    {
      version: 1,
      name: 'totals',
      prompt,
      sources: [{ name: 'orders', table: 'public.orders', columns: ['customer_id', 'total_amount'] }],
      steps: [stepOf(measure)],
      target: {
        ...{ table, from: 'totals', mode: 'replace' },
        columns: [
          { name: 'customer_id', type: 'integer' },
          { name: 'total', type: 'numeric' },
        ],
      },
      ...(checks.length > 0 && { checks }),
    },
    undefined,
    2,
  )}\n`;

const stepOf = (measure: string, note?: string) => ({
  ...{ name: 'totals', kind: 'aggregate', from: 'orders' },
  ...(note !== undefined && { note }),
  by: [{ name: 'customer_id' }],
  columns: [{ name: 'total', expr: measure }],
});

const right = 'select customer_id, sum(total_amount) as total from orders group by customer_id';

describe('what is wrong is mended', function () {
  this.timeout(180_000);
  let folder: string;
  let postgres: Postgres;
  let bedrock: ModelServer;
  let restore: () => void;
  let spark: ReturnType<typeof sparkHere>;

  before(async () => {
    await loadShop({ url: serverUrl(), password: 'engineer', database });
    folder = await mkdtemp(join(tmpdir(), 'datamorph-remedies-'));
    const url = new URL(urlOf(database));
    const [user, password] = [url.username, url.password].map(decodeURIComponent);
    postgres = await openPostgres({
      settings: {
        ...{ name: 'default', host: url.hostname, port: Number(url.port), database },
        ...{ user: user ?? '', auth: 'password', ssl: 'disable' },
      },
      password: password ?? '',
    });
    bedrock = await startModelServer('bedrock');
    restore = withEnvironment(bedrock.environment);
    spark = sparkHere({ connections: variablesOf(url.href) });
  });
  after(async () => {
    await spark.close();
    restore();
    await bedrock.stop();
    await postgres.close();
    await dropDatabase(database);
    await rm(folder, { recursive: true });
  });

  interface How {
    readonly runId: string;
    readonly order: RunOrder;
    readonly engine?: Engine;
    readonly model?: string;
    readonly validator?: (real: Validator) => Validator;
    /** Goes on with a run that is there. */
    readonly changes?: RunChanges;
  }

  interface Ended {
    readonly last: RunStop;
    readonly states: readonly RunState['kind'][];
    readonly entries: readonly JournalEntry[];
  }

  /** A run as the command line puts it together, of which the engine stays warm. */
  async function ended({ runId, order, engine = spark, model, validator, changes }: How): Promise<Ended> {
    const parser = await loadSqlParser();
    const redactor = createRedactor();
    const silent = (): void => undefined;
    const log = createLog({ trace: silent, debug: silent, info: silent, warn: silent, error: silent }, redactor);
    const terminal = {
      values: { ...(model && { model }), workspace: folder },
      environment: process.env,
      log,
      redactor,
    };
    const place = { workspace: folder, runId, now: () => new Date() };
    const journal = changes ? await openRun(place) : await createRun(order, place);
    assert.ok(journal);
    const minds = await mindsOf({
      terminal: terminal as unknown as Terminal,
      ...{ parser, postgres, settings: { queryRole: undefined } as never },
      keep: (name, text) => journal.keep(name, text),
      needs: { plan: order.specText === undefined, code: false, tests: false, mend: true },
    });
    const snapshots = snapshotsOf(postgres, parser);
    const real = validatorOn(snapshots);
    const states: RunState['kind'][] = [];
    const options: RunOptions = {
      ports: {
        ...{ journal, engine, snapshots, publisher: publisherOn(postgres), ...minds },
        validator: validator ? validator(real) : real,
        database: {
          catalogue: async () => {
            const { tables, searchPath, ...facts } = await loadCatalogue(postgres);
            return catalogueOf(tables, searchPath, facts);
          },
          select: (sql, abort) => postgres.select(sql, { signal: abort }),
        },
        compile: (specText, catalogue, instant) =>
          programsOf({ ...{ specText, catalogue, parser, instant }, prepare: (sql) => postgres.prepare(sql) }),
      },
      signal: new AbortController().signal,
      onState: ({ kind }) => states.push(kind),
    };
    try {
      const last = await (changes ? resume(changes, options) : run(options));
      return { last, states, entries: await readRun(folder, runId) };
    } finally {
      minds.close();
      await journal.close();
    }
  }

  const orderOf = (more: Partial<RunOrder>): RunOrder => ({
    ...{ instant: '2025-06-15T12:00:00.000Z', engine: spark.name, codegen: 'compiled', publish: 'later' },
    ...more,
  });

  const verdictOf = ({ last }: Ended): Verdict => {
    assert.equal(last.kind, 'finished', JSON.stringify(last, null, 1));
    return last.verdict;
  };

  async function assertRight(table: string): Promise<void> {
    const only = (a: string, b: string): string => `(select * from (${a}) a except all select * from (${b}) b limit 3)`;
    const mine = `select * from ${table}`;
    assert.deepEqual(await postgres.query(`${only(right, mine)} union all ${only(mine, right)}`), []);
  }

  /** No stage of any run is left. */
  async function assertClean(): Promise<void> {
    const sql = "select relname from pg_class where relkind = 'r' and relname ~ '^datamorph_stage_'";
    assert.deepEqual(await postgres.query(sql), []);
  }

  const roundsIn = ({ entries }: Ended): readonly string[] =>
    entries.flatMap(({ event }) => (event.kind === 'remedied' ? `${event.remedy.layer} ${event.remedy.kind}` : []));

  it('script: an edited one that gives other rows is the compiled one again, without a model', async () => {
    const table = 'public.mended_script';
    const order = orderOf({ specText: specOf(table), until: 'code' });
    const coded = await ended({ runId: 'script', order });
    assert.equal(coded.last.kind, 'coded');
    const file = join(folder, '.datamorph', 'runs', 'script', 'script.py');
    const script = (await readFile(file, 'utf8')).replace('sum(total_amount)', 'sum(total_amount) + 1');
    const mended = await ended({ runId: 'script', order, changes: { script } });
    assert.equal(verdictOf(mended).kind, 'passed');
    assert.deepEqual(roundsIn(mended), ['script script']);
    assert.match(
      verdictOf(mended).rounds?.[0] ?? '',
      /^Round 1: script: The edited script gives other rows than the spec says from step totals on: .* -> passed$/,
    );
    assert.match(
      await readFile(join(folder, '.datamorph', 'runs', 'script', 'round-1.diff'), 'utf8'),
      /^-.*sum\(total_amount\) \+ 1.*\n\+.*sum\(total_amount\)"/m,
    );
    await assertRight(table);
    await assertClean();
  });

  it('data: a rule that the source rows break stands, with the reason, and the old rows stay', async () => {
    const table = 'public.mended_data';
    await postgres.query(`create table ${table} (customer_id integer, total numeric)`);
    await postgres.query(`insert into ${table} values (1, 1)`);
    const checks = [{ kind: 'range', column: 'total', max: 10 }];
    const broken = await ended({ runId: 'data', order: orderOf({ specText: specOf(table, { checks }) }) });
    assert.equal(verdictOf(broken).kind, 'failed');
    assert.deepEqual(roundsIn(broken), ['data none']);
    assert.match(
      verdictOf(broken).rounds?.[0] ?? '',
      /^Round 1: data: .*\btotal is at most 10\b.* -> nothing was changed$/,
    );
    assert.ok(broken.last.kind === 'finished' && broken.last.leftOld);
    assert.deepEqual(await postgres.query(`select customer_id, total::text from ${table}`), [
      { customer_id: 1, total: '1' },
    ]);
    await assertClean();
  });

  it('data: rows that the table does not take end the run with the constraint, and the old rows stay', async () => {
    const table = 'public.mended_constraint';
    await postgres.query(`create table ${table} (customer_id integer, total numeric check (total < 10))`);
    const refused = await ended({ runId: 'constraint', order: orderOf({ specText: specOf(table) }) });
    assert.ok(refused.last.kind === 'executionFailed', JSON.stringify(refused.last, null, 1));
    assert.match(
      refused.last.rounds?.[0] ?? '',
      /^Round 1: data: A row breaks a constraint of the table: "mended_constraint_total_check"/,
    );
    assert.deepEqual(await postgres.query(`select * from ${table}`), []);
    await assertClean();
  });

  it('rows wait for their verdict in every mode, and join those of earlier runs when they were found right', async () => {
    const specIn = (mode: string, more: object, checks: readonly object[] = []): string =>
      JSON.stringify({
        ...{ version: 1, name: mode },
        sources: [{ name: 'customers', table: 'public.customers', columns: ['customer_id'] }],
        steps: [{ name: 'few', kind: 'filter', from: 'customers', where: 'customer_id <= 3' }],
        target: {
          ...{ table: `public.kept_${mode}`, from: 'few', mode, ...more },
          columns: [{ name: 'customer_id', type: 'integer', nullable: false }],
        },
        ...(checks.length > 0 && { checks }),
      });
    const count = async (mode: string): Promise<unknown> =>
      (await postgres.query<{ rows: number }>(`select count(*)::int as rows from public.kept_${mode}`))[0]?.rows;
    for (const { mode, more, rows, verdict } of [
      { mode: 'append', more: {}, rows: [3, 6], verdict: 'passed' },
      { mode: 'upsert', more: { keys: ['customer_id'] }, rows: [3, 3], verdict: 'passed' },
      {
        mode: 'history',
        more: { keys: ['customer_id'], history: { validFrom: 'valid_from', validTo: 'valid_to' } },
        rows: [3, 3],
        verdict: 'notCompared',
      },
    ]) {
      const kept: unknown[] = [];
      for (const time of ['first', 'second']) {
        const done = await ended({ runId: `${mode}-${time}`, order: orderOf({ specText: specIn(mode, more) }) });
        assert.equal(verdictOf(done).kind, verdict, mode);
        assert.deepEqual(done.states.slice(-3), ['validating', 'publishing', 'finished']);
        kept.push(await count(mode));
      }
      assert.deepEqual(kept, rows, mode);
      // What is wrong joins nothing.
      const checks = [{ kind: 'range', column: 'customer_id', max: 1 }];
      const wrong = await ended({ runId: `${mode}-wrong`, order: orderOf({ specText: specIn(mode, more, checks) }) });
      assert.equal(verdictOf(wrong).kind, 'failed', mode);
      assert.ok(wrong.last.kind === 'finished' && wrong.last.leftOld, mode);
      assert.equal(await count(mode), rows[1], mode);
    }
    await assertClean();
  });

  it('environment: what an engine lost once is run once more, and nothing is changed', async () => {
    const table = 'public.mended_engine';
    let runs = 0;
    const lost: JobResult = { kind: 'failed', reason: 'engine', message: 'The worker ended with status 137.' };
    const engine: Engine = {
      name: spark.name,
      run: (job, watch) => (runs++ === 0 ? Promise.resolve(lost) : spark.run(job, watch)),
      attach: (handle, watch) => spark.attach(handle, watch),
    };
    const mended = await ended({ runId: 'engine', order: orderOf({ specText: specOf(table) }), engine });
    assert.equal(verdictOf(mended).kind, 'passed');
    assert.deepEqual([runs, roundsIn(mended)], [2, ['environment again']]);
    await assertRight(table);
  });

  const spec = (table: string, measure: string): void => {
    const value = { kind: 'spec', reason: '', questions: [], decisions: [], spec: specOf(table, { measure }) };
    bedrock.script({ kind: 'answer', value });
  };
  const correction = (measure: string, note?: string): void => {
    const text = JSON.stringify(stepOf(measure, note));
    const value = { layer: 'spec', reason: 'The sum was asked for.', kind: 'step', step: 'totals', text };
    bedrock.script({ kind: 'answer', value });
  };

  it('spec: what the engineer rejects is corrected by a model in the first round', async () => {
    const table = 'public.mended_spec';
    spec(table, 'max(total_amount)');
    const order = orderOf({ prompt, target: { table, mode: 'replace' } });
    const question = {
      ...{ id: 'reading', text: 'What is the total of a customer?' },
      choices: [
        { id: 'keep', label: 'The largest order' },
        { id: 'sum', label: 'The sum of the orders' },
      ],
    };
    // As a second reading of the prompt would ask.
    const validator = (real: Validator): Validator => ({
      async validate(request, watch) {
        const verdict = await real.validate(request, watch);
        return request.specText.includes('max(total_amount)') ? { ...verdict, questions: [question] } : verdict;
      },
    });
    const how = { runId: 'spec', order, model: 'bedrock', validator };
    const asking = await ended(how);
    assert.equal(asking.last.kind, 'asking', JSON.stringify(asking.last, null, 1));
    assert.deepEqual(await postgres.query(`select to_regclass('${table}') as there`), [{ there: null }]);

    correction('sum(total_amount)');
    const mended = await ended({ ...how, changes: { answers: [{ question: 'reading', answer: 'sum' }] } });
    assert.equal(verdictOf(mended).kind, 'passed');
    assert.deepEqual(roundsIn(mended), ['spec spec']);
    await assertRight(table);
    await assertClean();
    const asked =
      bedrock.requests
        .at(-1)
        ?.messages.map(({ text }) => text)
        .join('') ?? '';
    assert.match(asked, /"What is the total of a customer\?": "The sum of the orders"/);
    assert.match(asked, /\(rows are not shown: the engineer has not agreed to it\)/);
  });

  it('spec: an expression that fails on the rows is corrected by a model that was named, also where nobody planned', async () => {
    const table = 'public.mended_expression';
    const measure = 'count(*) / (count(*) - count(*))';
    correction('sum(total_amount)');
    const order = orderOf({ specText: specOf(table, { measure }) });
    const mended = await ended({ runId: 'expression', order, model: 'bedrock' });
    assert.equal(verdictOf(mended).kind, 'passed');
    assert.deepEqual(roundsIn(mended), ['spec spec']);
    await assertRight(table);
    assert.match(
      bedrock.requests
        .at(-1)
        ?.messages.map(({ text }) => text)
        .join('') ?? '',
      /<fault>\nThe job failed in step totals\.\nmessage: "\[DIVIDE_BY_ZERO\]/,
    );
  });

  it('what cannot be mended ends within its bounds, with a verdict that says what was tried', async () => {
    const table = 'public.mended_not';
    spec(table, 'max(total_amount)');
    const finding: Finding = {
      ...{ code: 'intent-test-failed', severity: 'error', cause: 'spec', place: {} },
      ...{ message: 'The total of a customer is not the sum.', evidence: [], examples: [] },
    };
    const validator = (real: Validator): Validator => ({
      async validate(request, watch) {
        const verdict = await real.validate(request, watch);
        return verdict.kind === 'passed' ? { ...verdict, kind: 'failed', findings: [finding] } : verdict;
      },
    });
    correction('min(total_amount)');
    correction('avg(total_amount)::numeric(20,6)');
    spec(table, 'max(total_amount)');
    const order = orderOf({ prompt, target: { table, mode: 'replace' } });
    const broken = await ended({ runId: 'not', order, model: 'bedrock', validator });
    assert.equal(verdictOf(broken).kind, 'failed');
    assert.deepEqual(roundsIn(broken), ['spec spec', 'spec spec', 'spec replan', 'spec none']);
    assert.deepEqual(bedrock.unplayed, []);
    const { rounds = [] } = verdictOf(broken);
    assert.match(rounds[1] ?? '', /-> not what was meant: The total of a customer is not the sum\.$/);
    assert.match(rounds[3] ?? '', /^Round 4: spec: A fresh start from the prompt ended in the same fault/);
    assert.match(
      bedrock.requests
        .at(-1)
        ?.messages.map(({ text }) => text)
        .join('') ?? '',
      /<before>\n"A plan for this request was carried out and is wrong \(not what was meant: /,
    );
    assert.deepEqual(await postgres.query(`select to_regclass('${table}') as there`), [{ there: null }]);
    await assertClean();
  });
});
