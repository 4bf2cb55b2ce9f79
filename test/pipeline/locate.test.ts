/** An edited script is wrong in one step: which one, in which lines and rows, is found by a second run that writes nothing. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { loadShop } from '../../samples/shop/load.mjs';
import type { Engine } from '../../src/agents/engine.ts';
import { resume, run, type RunOptions } from '../../src/agents/orchestrator.ts';
import type { RunPorts } from '../../src/agents/ports.ts';
import { programsOf } from '../../src/agents/programs.ts';
import { recordOf, type RunRecord } from '../../src/agents/run/record.ts';
import type { Divergence } from '../../src/agents/validation/divergence.ts';
import { validatorOn } from '../../src/agents/validator.ts';
import { loadCatalogue } from '../../src/services/catalogue.ts';
import { glueEngine } from '../../src/services/glueEngine.ts';
import { openPostgres, type Postgres } from '../../src/services/postgres.ts';
import { publisherOn } from '../../src/services/publisher.ts';
import { createRun } from '../../src/services/runJournal.ts';
import { snapshotsOf } from '../../src/services/snapshot.ts';
import { loadSqlParser } from '../../src/services/sqlParser.ts';
import { catalogueOf } from '../../src/spec/catalogue.ts';
import type { Spec } from '../../src/spec/spec.ts';
import { formatSpec } from '../../src/spec/write.ts';
import { variablesOf } from '../engines/connections.ts';
import { sparkHere } from '../engines/sparkHere.ts';
import { openAccount, type Account } from '../support/glue/account.ts';
import { databaseSecret } from '../support/glue/databaseSecret.ts';
import { dropDatabase, serverUrl, urlOf } from '../support/postgres.ts';

const database = 'locate_shop';
const spec: Spec = {
  version: 1,
  name: 'paid-per-segment',
  sources: [
    { name: 'orders', table: 'public.orders' },
    { name: 'customers', table: 'public.customers' },
  ],
  steps: [
    { name: 'placed', kind: 'filter', from: 'orders', where: "status <> 'X' and total_amount * 2 > 100" },
    {
      name: 'with_customers',
      kind: 'join',
      left: 'placed',
      right: 'customers',
      how: 'inner',
      on: [{ left: 'customer_id', right: 'customer_id' }],
      columns: [
        { name: 'order_id', expr: 'placed.order_id' },
        { name: 'segment', expr: 'customers.segment' },
        { name: 'total', expr: 'placed.total_amount' },
      ],
    },
    {
      name: 'per_segment',
      kind: 'aggregate',
      from: 'with_customers',
      by: [{ name: 'segment' }],
      columns: [
        { name: 'orders', expr: 'count(*)' },
        { name: 'total', expr: 'sum(total)' },
      ],
    },
  ],
  target: {
    table: 'public.per_segment',
    mode: 'replace',
    from: 'per_segment',
    columns: [
      { name: 'segment', type: 'text' },
      { name: 'orders', type: 'bigint' },
      { name: 'total', type: 'numeric' },
    ],
  },
};

type Edit = readonly [from: string | RegExp, to: string];

interface Wrong {
  readonly title: string;
  readonly edits: readonly Edit[];
  readonly found: string;
}

const noComment = (step: string): Edit => [new RegExp(`^# ${step}: .*$`, 'm'), ''];

const wrong: readonly Wrong[] = [
  {
    title: 'a filter that keeps what it should drop',
    edits: [[`where="status <> 'X'`, `where="status = 'X'`]],
    found: `placed at 0 (14732 and 1451 rows; 14731 missing, 1450 unexpected, 0 changed): "placed = job.read( table="public.orders", columns={"customer_id": "integer", "total_amount": "numeric(12,2)"}, where="status = 'X' and total_amount * 2 > 100", )"`,
  },
  {
    title: 'another join',
    edits: [['how="inner"', 'how="left"']],
    found: `with_customers at 1 (14414 and 14732 rows; 0 missing, 318 unexpected, 0 changed): "with_customers = ( placed.alias("placed") .join( F.broadcast(customers.alias("customers")), on=F.expr("placed.customer_id = customers.customer_id"), how="left" ) .select(F.col("customers.segment").alias("segment"), F.col("placed.total_amount").alias("total")) )"`,
  },
  {
    title: 'another measure',
    edits: [['sum(total)', 'max(total)']],
    found: `per_segment at 2 (3 and 3 rows; 0 missing, 0 unexpected, 3 changed): "per_segment = with_customers.groupBy("segment").agg( F.expr("count(*)").alias("orders"), F.expr("max(total)").alias("total") )"`,
  },
  {
    title: 'another measure, without its comment',
    edits: [['sum(total)', 'max(total)'], noComment('per_segment')],
    found: `per_segment at 2 (3 and 3 rows; 0 missing, 0 unexpected, 3 changed): near with_customers "with_customers = ( placed.alias("placed") .join( F.broadcast(customers.alias("customers")), on=F.expr("placed.customer_id = customers.customer_id"), how="inner" ) .select(F.col("customers.segment").alias("segment"), F.col("placed.total_amount").alias("total")) ) per_segment = with_customers.groupBy("segment").agg( F.expr("count(*)").alias("orders"), F.expr("max(total)").alias("total") )"`,
  },
  {
    title: 'a step that is not traced any more',
    edits: [
      ['sum(total)', 'max(total)'],
      [', "per_segment": per_segment}', '}'],
    ],
    found: `behind with_customers, unseen per_segment: "per_segment = with_customers.groupBy("segment").agg( F.expr("count(*)").alias("orders"), F.expr("max(total)").alias("total") )"`,
  },
  {
    title: 'a script that traces nothing',
    edits: [
      ['sum(total)', 'max(total)'],
      [/^job\.trace.*\n/m, ''],
    ],
    found: `nothing`,
  },
  {
    title: 'rows that are doubled where they are written',
    edits: [['    per_segment.select(', '    per_segment.union(per_segment).select(']],
    found: `behind per_segment, unseen : "job.trace({"placed": placed, "with_customers": with_customers, "per_segment": per_segment}) job.write( per_segment.union(per_segment).select("segment", "orders", "total"), table="public.per_segment", mode="replace", columns={"segment": "text", "orders": "bigint", "total": "numeric"}, )"`,
  },
];

describe('the step that went wrong', function () {
  this.timeout(180_000);
  let folder: string;
  let postgres: Postgres;
  let account: Account;
  const engines = new Map<string, Engine & { close(): void | Promise<void> }>();
  let number = 0;

  before(async () => {
    await loadShop({ url: serverUrl(), password: 'engineer', database });
    folder = await mkdtemp(join(tmpdir(), 'datamorph-locate-'));
    const url = new URL(urlOf(database));
    const [user = '', password = ''] = [url.username, url.password].map(decodeURIComponent);
    const settings = { name: 'default', host: url.hostname, port: Number(url.port), database, user };
    postgres = await openPostgres({ settings: { ...settings, auth: 'password', ssl: 'disable' }, password });
    account = await openAccount();
    engines.set('local', sparkHere({ connections: variablesOf(url.href) }));
    const secrets = { default: await account.secret(databaseSecret(url.href)) };
    engines.set('glue', glueEngine(account.settings({ secrets })));
  });
  after(async () => {
    for (const engine of engines.values()) await engine.close();
    await account.close();
    await postgres.close();
    await dropDatabase(database);
    await rm(folder, { recursive: true });
  });

  async function portsOn(engine: Engine, journal: RunPorts['journal']): Promise<RunPorts> {
    const parser = await loadSqlParser();
    const snapshots = snapshotsOf(postgres, parser);
    return {
      ...{
        journal,
        engine,
        snapshots,
        publisher: publisherOn(postgres),
        validator: validatorOn(snapshots),
        gate: () => [],
      },
      database: {
        async catalogue() {
          const { tables, searchPath, ...facts } = await loadCatalogue(postgres);
          return catalogueOf(tables, searchPath, facts);
        },
        select: (sql, abort) => postgres.select(sql, { signal: abort }),
      },
      compile: (specText, catalogue, instant) =>
        programsOf({ specText, catalogue, parser, instant, prepare: (sql) => postgres.prepare(sql) }),
    };
  }

  /** The whole run with the script edited on the way. */
  async function edited(edits: readonly Edit[], engine: Engine): Promise<RunRecord> {
    const order = {
      ...{
        instant: '2026-02-10T12:00:00Z',
        engine: engine.name,
        codegen: 'compiled' as const,
        publish: 'later' as const,
      },
      ...{ specText: formatSpec(spec), until: 'code' as const },
    } as const;
    const journal = await createRun(order, { workspace: folder, runId: `run-${++number}`, now: () => new Date() });
    try {
      const options: RunOptions = {
        ports: await portsOn(engine, journal),
        signal: new AbortController().signal,
        onState: () => undefined,
      };
      assert.equal((await run(options)).kind, 'coded');
      const compiled = recordOf(journal.entries)?.code?.script ?? '';
      const script = edits.reduce((text, [from, to]) => {
        const next = text.replace(from, to);
        assert.notEqual(next, text, `${String(from)} stands in the script`);
        return next;
      }, compiled);
      const last = await resume({ script }, options);
      assert.equal(last.kind === 'finished' && last.verdict.kind, 'failed', JSON.stringify(last));
      const record = recordOf(journal.entries);
      assert.ok(record);
      return record;
    } finally {
      await journal.close();
    }
  }

  /** The divergence in a line, with the script's lines that it names. */
  function said({ located, code }: RunRecord): string {
    const found: Divergence | undefined = located?.divergence;
    if (!found) return 'nothing';
    const lines = code?.script.split('\n').slice((found.lines?.first ?? 1) - 1, found.lines?.last ?? 0) ?? [];
    const place = `${found.lines?.near === undefined ? '' : `near ${found.lines.near} `}"${lines.join(' ').replaceAll(/\s+/g, ' ')}"`;
    if (found.kind === 'behind') return `behind ${found.step ?? 'nothing'}, unseen ${found.unseen.join()}: ${place}`;
    const { missing, unexpected, changed } = found.changes ?? { missing: 'no', unexpected: 'no', changed: 'no' };
    return `${found.step} at ${found.index} (${found.expectedRows} and ${found.actualRows} rows; ${missing} missing, ${unexpected} unexpected, ${changed} changed): ${place}`;
  }

  const leftovers = (): Promise<readonly object[]> =>
    postgres.query(`select relname from pg_class where relname like 'datamorph%' and relkind = 'r'`);

  for (const { title, edits, found } of wrong) {
    it(`is named, with lines and rows: ${title}`, async () => {
      const engine = engines.get('local');
      assert.ok(engine);
      assert.equal(said(await edited(edits, engine)), found);
      assert.deepEqual(await leftovers(), [], 'nothing is left of it');
    });
  }

  it('is found on AWS Glue in the same way', async () => {
    const engine = engines.get('glue');
    assert.ok(engine && wrong[0]);
    assert.equal(said(await edited(wrong[0].edits, engine)), wrong[0].found);
  });
});
