import assert from 'node:assert/strict';
import { readSpec } from '../../../src/spec/read.ts';
import { editSpec, formatSpec, writeSpec } from '../../../src/spec/write.ts';
import { everyStep, everything, specWith } from './samples.ts';

describe('writing a spec', () => {
  it('puts small things on one line and stays within 120 columns', () => {
    assert.equal(
      formatSpec(specWith(everyStep.aggregate)),
      `{
  "version": 1,
  "name": "sample",
  "sources": [
    { "name": "orders", "table": "shop.orders" },
    { "name": "customers", "table": "shop.customers" }
  ],
  "steps": [
    {
      "name": "s_aggregate",
      "kind": "aggregate",
      "from": "orders",
      "by": [{ "name": "customer_id" }, { "name": "month", "expr": "date_trunc('month', ordered_at)" }],
      "columns": [{ "name": "total", "expr": "sum(amount)" }]
    }
  ],
  "target": {
    "table": "mart.totals",
    "from": "s_aggregate",
    "mode": "replace",
    "keys": ["customer_id"],
    "columns": [
      { "name": "customer_id", "type": "integer", "nullable": false },
      { "name": "status", "type": "text" },
      { "name": "total", "type": "numeric(12,2)" }
    ]
  }
}
`,
    );
    const long = formatSpec(everything)
      .split('\n')
      .filter((line) => line.length > 120);
    assert.deepEqual(long, []);
  });

  it('writes what it reads, whatever the order of the properties', () => {
    assert.deepEqual(readSpec(formatSpec(everything)).spec, everything);
    const shuffled = JSON.parse(
      JSON.stringify(everything, (_key, value: unknown) => reversed(value)),
    ) as typeof everything;
    assert.equal(formatSpec(shuffled), formatSpec(everything));
  });

  const person = `{
  // What the shop owes us
  "version": 1,
  "name": "totals",   /* the nightly job */
  "target": {"table": "t", "from": "paid", "mode": "replace", "columns": [{"name": "id", "type": "integer"}]},
  "sources": [
    {"table": "orders", "name": "orders"},
  ],
  "steps": [
    // only what was paid
    {"kind": "filter", "name": "paid", "from": "orders", "where": "status = 'paid'"}
  ]
}
`;

  it('changes single values and leaves comments, order and layout', () => {
    const text = editSpec(person, [
      { path: ['steps', 0, 'where'], value: 'paid_at is not null' },
      { path: ['target', 'mode'], value: 'append' },
      { path: ['steps', 1], value: { name: 'last', kind: 'distinct', from: 'paid' } },
      { path: ['target', 'from'], value: 'last' },
      { path: ['prompt'], value: 'What was paid?' },
      { path: ['sources', 0, 'columns'], value: ['id', 'status'] },
    ]);
    assert.equal(
      text,
      `{
  // What the shop owes us
  "version": 1,
  "name": "totals",   /* the nightly job */
  "target": {"table": "t", "from": "last", "mode": "append", "columns": [{"name": "id", "type": "integer"}]},
  "sources": [
    {"table": "orders", "name": "orders", "columns": ["id", "status"]},
  ],
  "steps": [
    // only what was paid
    {"kind": "filter", "name": "paid", "from": "orders", "where": "paid_at is not null"},
    { "name": "last", "kind": "distinct", "from": "paid" }
  ],
  "prompt": "What was paid?"
}
`,
    );
  });

  it('writes a changed spec with the edits that it takes, and an unchanged one with none', () => {
    const { spec } = readSpec(person);
    assert.ok(spec);
    assert.equal(writeSpec(person, spec), person);
    const [paid] = spec.steps;
    assert.ok(paid);
    const first = { name: 'once', kind: 'distinct', from: 'orders' } as const;
    const changed = { ...spec, steps: [first, { ...paid, from: 'once', note: 'Paid ones' }] };
    const text = writeSpec(person, changed);
    assert.deepEqual(readSpec(text).spec, changed);
    assert.equal(
      text,
      person.replace(
        `    {"kind": "filter", "name": "paid", "from": "orders", "where": "status = 'paid'"}`,
        `    { "name": "once", "kind": "distinct", "from": "orders" },
    {"kind": "filter", "name": "paid", "from": "once", "where": "status = 'paid'", "note": "Paid ones"}`,
      ),
    );
  });

  it('writes any spec into any document', () => {
    for (const text of [person, '', '[]', '{', '{}', formatSpec(everything), JSON.stringify(everything)]) {
      for (const spec of [everything, specWith(everyStep.join), specWith(everyStep.filter, everyStep.sql)]) {
        assert.deepEqual(readSpec(writeSpec(text, spec)).spec, spec, text.slice(0, 80));
      }
    }
  });
});

/** The same with the properties of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).reverse());
}
