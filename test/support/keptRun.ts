/** A run as it is kept, which found its rows wrong and knew a remedy; docs/artifacts.md tells of the files. */
export const spec = `{
  "version": 1,
  "name": "found-totals",
  "sources": [{ "name": "orders", "table": "public.orders" }],
  "steps": [{ "name": "paid", "kind": "filter", "from": "orders", "where": "true" }],
  "target": {
    "table": "public.found_totals",
    "mode": "replace",
    "from": "paid",
    "columns": [{ "name": "order_id", "type": "bigint" }]
  }
}
`;
export const corrected = spec.replace('"where": "true"', '"where": "not is_test"');
const at = '2026-01-01T00:00:00.000Z';
const script = '# paid: all\npaid = orders\n';

const events = [
  { kind: 'ordered', order: { instant: at, engine: 'local', codegen: 'compiled', publish: 'later', specText: spec } },
  { kind: 'coded', code: { script, origin: 'compiled' } },
  {
    kind: 'validated',
    verdict: {
      kind: 'failed',
      findings: [
        {
          ...{ code: 'rows-differ', severity: 'error', message: 'Two rows differ.', examples: [] },
          place: { step: 'paid', pointer: '/steps/0', lines: { first: 2, last: 2 } },
          evidence: ['The first step that differs is paid.'],
        },
      ],
    },
  },
  {
    kind: 'remedied',
    remedy: { kind: 'spec', layer: 'spec', reason: 'Tests are left out.', specText: corrected, diff: '' },
  },
];

/** By their paths in the workspace; `run.json` last, for whoever watches it. */
export function keptRun(id: string): Readonly<Record<string, string>> {
  const folder = `.datamorph/runs/${id}`;
  return {
    [`${folder}/journal.jsonl`]: events
      .map((event, place) => `${JSON.stringify({ n: place + 1, at, event })}\n`)
      .join(''),
    [`${folder}/script.py`]: script,
    [`${folder}/report.md`]: '# Two rows differ\n',
    [`${folder}/run.json`]: JSON.stringify({ startedAt: at, state: 'failed', engine: 'local' }),
  };
}
