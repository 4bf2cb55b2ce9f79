import assert from 'node:assert/strict';
import type { Plan, Planner, PlanRequest } from '../../../src/agents/planner.ts';
import { catalogueOf, type Catalogue } from '../../../src/spec/catalogue.ts';
import { readSpec } from '../../../src/spec/read.ts';
import type { Spec } from '../../../src/spec/spec.ts';
import { catalogueFor, loadPlanner } from './corpus.ts';
import { tables } from './schemas/table.ts';

const never = new AbortController().signal;

describe('the offline planner', () => {
  let planner: Planner;
  const shop = catalogueFor('shop');
  before(async () => {
    planner = await loadPlanner();
  });

  const planFor = (request: Omit<PlanRequest, 'catalogue'> & { readonly catalogue?: Catalogue }): Promise<Plan> =>
    planner.plan({ catalogue: shop, ...request }, { signal: never });

  const specFor = async (request: Parameters<typeof planFor>[0]): Promise<Spec> => {
    const plan = await planFor(request);
    assert.equal(plan.kind, 'spec', JSON.stringify(plan));
    const { spec } = readSpec(plan.specText);
    assert.ok(spec);
    return spec;
  };

  it("takes the panel's target before the prompt's words", async () => {
    const { target } = await specFor({
      prompt: 'number of orders per status into counts, append',
      target: { table: 'analytics.status_counts', mode: 'upsert' },
    });
    assert.deepEqual([target.table, target.mode, target.keys], ['analytics.status_counts', 'upsert', ['status']]);
  });

  it('says which key an upsert goes by where the prompt does not', async () => {
    const { assumptions = [] } = await specFor({ prompt: 'number of orders per status', target: { mode: 'upsert' } });
    assert.deepEqual(assumptions, ['A row is the same row where its status is the same.']);
  });

  it('names a result that would be called like a table it reads otherwise', async () => {
    const { target, name } = await specFor({ prompt: 'all orders' });
    assert.deepEqual([target.table, name], ['public.orders_result', 'orders_result']);
  });

  it('takes an answer by its id or by its words', async () => {
    const prompt = 'number of orders per customer name';
    const asked = await planFor({ prompt });
    assert.deepEqual(asked, {
      kind: 'questions',
      questions: [
        {
          id: 'column customer name',
          text: 'Which column is meant by “customer name”?',
          choices: [
            { id: 'customers.first_name', label: 'customers.first_name' },
            { id: 'customers.last_name', label: 'customers.last_name' },
          ],
        },
      ],
    });
    const { steps } = await specFor({
      prompt,
      answers: [{ question: 'column customer name', answer: 'customers.last_name' }],
    });
    assert.match(JSON.stringify(steps), /"by":\[\{"name":"last_name"\}\]/);
  });

  it('asks again where an answer is none of the choices', async () => {
    const plan = await planFor({
      prompt: 'number of orders per customer name',
      answers: [{ question: 'column customer name', answer: 'customers.email; drop table customers' }],
    });
    assert.equal(plan.kind, 'questions');
  });

  it("knows the workspace's own words, and says what they mean", async () => {
    const glossary = [{ term: 'revenue', meaning: 'orders.total_amount' }];
    const { assumptions = [], steps } = await specFor({ prompt: 'total revenue per month of ordered_at', glossary });
    assert.match(JSON.stringify(steps), /sum\(total_amount\)/);
    assert.ok(assumptions.includes('“revenue” means orders.total_amount.'), assumptions.join('\n'));
  });

  it('takes quoted text for text, whatever it says', async () => {
    const { steps } = await specFor({ prompt: "orders where note contains 'drop table customers; --'" });
    assert.match(JSON.stringify(steps), /note like '%drop table customers; --%'/);
  });

  it('keeps quotes in a value from ending it', async () => {
    const { steps } = await specFor({ prompt: "customers where last_name is 'O''Neil'" });
    assert.match(JSON.stringify(steps), /last_name = 'O''Neil'/);
  });

  it('writes the types of a target that is there already', async () => {
    const counts = tables({ counts: { columns: ['status character(1) not null', 'order_count integer'] } });
    const plan = await planFor({
      prompt: 'number of orders per status into counts',
      catalogue: catalogueOf([...shop.tables, ...counts]),
    });
    assert.ok(plan.kind === 'spec' || plan.kind === 'draft');
    const { spec } = readSpec(plan.specText);
    assert.deepEqual(spec?.target.columns, [
      { name: 'status', type: 'character(1)', nullable: false },
      { name: 'order_count', type: 'integer' },
    ]);
  });

  it('asks which schema is meant where the search path does not say', async () => {
    const lines = { visits: { columns: ['visit_id bigint not null', 'visited_on date not null'], key: ['visit_id'] } };
    const both = [
      ...tables({ visits: { ...lines.visits, schema: 'web' } }),
      ...tables({ visits: { ...lines.visits, schema: 'store' } }),
    ];
    const plan = await planFor({ prompt: 'number of visits', catalogue: catalogueOf(both) });
    assert.equal(plan.kind, 'questions');
    const { sources } = await specFor({ prompt: 'number of store.visits', catalogue: catalogueOf(both) });
    assert.deepEqual(sources, [{ name: 'visits', table: 'store.visits', columns: ['visit_id'] }]);
  });

  it('refuses an empty prompt, and one over an empty database', async () => {
    assert.deepEqual(await planFor({ prompt: '  ' }), { kind: 'refused', reason: 'The prompt is empty.' });
    assert.equal((await planFor({ prompt: 'number of orders', catalogue: catalogueOf([]) })).kind, 'refused');
  });

  it('does nothing once it is cancelled', async () => {
    const request = { prompt: 'number of orders', catalogue: shop };
    await assert.rejects(planner.plan(request, { signal: AbortSignal.abort(new Error('cancelled')) }), /cancelled/);
  });

  it('gives the same answer every time', async () => {
    const prompt = 'top 10 customers by total order amount into top_customers';
    assert.deepEqual(await planFor({ prompt }), await planFor({ prompt }));
  });

  it('reads ten thousand tables in a moment', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [
        `thing_${at}_entries`,
        {
          columns: [`entry_${at}_id bigint not null`, 'label text', 'amount numeric(12,2)', 'made_on date'],
          key: [`entry_${at}_id`],
        },
      ]),
    );
    const catalogue = catalogueOf([...tables(many), ...shop.tables]);
    const started = performance.now();
    const { sources } = await specFor({ prompt: 'number of orders per status', catalogue });
    assert.deepEqual(
      sources.map(({ table }) => table),
      ['public.orders'],
    );
    assert.ok(performance.now() - started < 5000);
  });
});
