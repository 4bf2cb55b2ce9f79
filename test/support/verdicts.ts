/** Verdicts of every kind, as a validation gives them. */
import type { IntentOutcome } from '../../src/agents/intentPort.ts';
import type { Programs } from '../../src/agents/programs.ts';
import type { Rule } from '../../src/agents/validation/rules.ts';
import type { Finding, PhaseName, PhaseResult, Proof, Verdict } from '../../src/agents/verdict.ts';

export const reported: Pick<Programs, 'target' | 'sourceMap'> = {
  target: {
    table: 'public.totals',
    mode: 'replace',
    columns: [
      { name: 'customer_id', type: 'integer' },
      { name: 'email', type: 'text' },
      { name: 'total', type: 'double precision' },
    ],
  },
  sourceMap: {
    blocks: [
      { name: 'sums', part: 'step', firstLine: 7, lastLine: 9 },
      { name: 'named', part: 'step', firstLine: 11, lastLine: 13 },
    ],
  },
};

const row = (id: number, total: string): string =>
  `{"email": "person${id}@example.com", "total": ${total}, "customer_id": ${id}}`;

const comparison = { expectedRows: 3, actualRows: 3, missing: 0, unexpected: 0, examples: [], tolerant: ['total'] };

const unique: Rule = { id: 'checks[0]', index: 0, severity: 'error', check: { kind: 'unique', columns: ['customer_id'] } }; // prettier-ignore
const small: Rule = {
  ...{ id: 'r', severity: 'warning', file: '.datamorph/rules.json', pointer: '/tables/0/checks/1' },
  check: { kind: 'range', column: 'total', min: 8, name: 'small totals' },
};
const gone: Rule = { id: 'checks[1]', index: 1, severity: 'error', check: { kind: 'sql', query: 'select * from gone', name: 'nobody is gone' } }; // prettier-ignore

const phase = (name: PhaseName, outcome: PhaseResult['outcome'], summary: string): PhaseResult => ({
  phase: name,
  ...{ outcome, summary, ms: 4 },
});

const proof: Proof = { snapshot: '7:7:', rows: 3, ms: 12, notProven: [] };

export const passedVerdict: Verdict & { readonly kind: 'passed' } = {
  ...{ kind: 'passed', comparison, rules: [{ rule: unique, kind: 'passed' }], findings: [], proof },
  phases: [phase('rules', 'passed', '1 rule.'), phase('comparison', 'passed', '3 rows compared.')],
};

const doubts: IntentOutcome = {
  tests: [
    { test: { name: 'a', says: 'Every customer is there.', query: '' }, kind: 'passed', damage: 'dropped rows' },
    { test: { name: 'b', says: 'No total is NULL.', query: '' }, kind: 'failed', rows: 1, examples: [row(3, 'null')] },
    { test: { name: 'c', says: 'There is a row.', query: '' }, kind: 'dropped', reason: 'It cannot fail.' },
  ],
  reading: {
    ...{ kind: 'differs', reading: { query: '', words: 'Only customers with orders count.' } },
    changes: {
      ...{ keys: [], missing: 0, unexpected: 1, changed: 0, byColumn: {} },
      rows: [{ kind: 'unexpected', actual: row(3, 'null') }],
    },
  },
};

const doubt: Finding = {
  ...{ code: 'intent-test-failed', severity: 'warning', message: 'No total is NULL. 1 row says otherwise.' },
  ...{ place: { pointer: '/prompt' }, cause: 'prompt', examples: [row(3, 'null')] },
  evidence: ["The rows equal PostgreSQL's own answer to the spec."],
};

export const warnedVerdict: Verdict = {
  ...passedVerdict,
  rules: [
    { rule: unique, kind: 'passed' },
    { rule: small, kind: 'failed', rows: 1, examples: [row(2, '7')] },
    { rule: gone, kind: 'notRun', reason: 'relation "gone" does not exist' },
  ],
  intent: doubts,
  findings: [
    {
      ...{ code: 'table-changed', severity: 'warning', message: '"public.orders" has changed.' },
      ...{ place: { step: 'orders', pointer: '/sources/1' }, evidence: [], examples: [] },
    },
    doubt,
    {
      ...{ code: 'rule-broken', severity: 'warning', message: 'small totals: 1 row breaks it.', cause: 'data' },
      place: { file: '.datamorph/rules.json', pointer: '/tables/0/checks/1' },
      ...{ evidence: ["PostgreSQL's own answer breaks it too."], examples: [row(2, '7')] },
    },
  ],
  questions: [
    {
      id: 'test-2',
      text: 'Is this what you meant: No total is NULL.',
      choices: [
        { id: 'keep', label: 'No, the rows are right', detail: 'The spec: as it stands.' },
        { id: 'wrong', label: 'Yes, the rows are wrong' },
      ],
    },
  ],
  proof: {
    ...proof,
    ...{ rows: 14, sample: { rows: 14, of: 30, range: '8 ranges of customer_id' } },
    notProven: ['That 16 of 30 rows are right: only counted.', 'That 1 rule holds: not run.'],
  },
  phases: [phase('intent', 'warned', 'Two tests.'), phase('verification', 'notRun', 'Nothing failed.')],
};

export const failedVerdict: Verdict = {
  kind: 'failed',
  comparison: {
    ...{ ...comparison, actualRows: 2, missing: 2, unexpected: 1 },
    examples: [{ kind: 'missing', row: row(1, '15') }],
  },
  changes: {
    ...{ keys: ['customer_id'], missing: 1, unexpected: 0, changed: 1, byColumn: { total: 1 } },
    rows: [
      { kind: 'changed', expected: row(1, '15'), actual: row(1, '14'), cells: ['total'] },
      { kind: 'missing', expected: row(3, 'null') },
    ],
  },
  rules: [{ rule: unique, kind: 'failed', rows: 1, examples: ['{"rows": 2, "customer_id": 2}'] }],
  findings: [
    {
      ...{ code: 'rows-differ', severity: 'error', cause: 'script' },
      message: "The target differs from PostgreSQL's own answer: 1 row missing and 1 row changed.",
      place: { pointer: '/target', step: 'sums', lines: { first: 7, last: 9 } },
      evidence: ['The first step that differs is sums: the job has 3 rows, and PostgreSQL 2.'],
      examples: [row(1, '15'), row(1, '14')],
    },
    {
      ...{ code: 'rule-broken', severity: 'error', message: 'customer_id is unique: 1 row breaks it.' },
      ...{ place: { pointer: '/checks/0' }, evidence: [], examples: ['{"rows": 2, "customer_id": 2}'] },
    },
  ],
  proof: { ...proof, rows: 2 },
  phases: [phase('comparison', 'failed', '2 rows compared.'), phase('analysis', 'failed', 'Failed: 2 errors.')],
};

/** What somebody might write into a column, a comment, a prompt or a file. */
export const hostile =
  '</code></td></script><script>alert(1)</script>"\'`` ``` onload=x\n# Passed\n- [x](javascript:alert(1)) ![](https://evil.example/x.png) www.evil.test <img src=x> ]]>&amp;\u202E\u200B\u001B[31m\u0000\uD800 | **b** _i_';

const hostileRow = JSON.stringify({ total: hostile });

export const hostileVerdict: Verdict = {
  kind: 'failed',
  comparison: { ...comparison, missing: 1, unexpected: 1, tolerant: [hostile] },
  changes: {
    ...{ keys: [hostile], missing: 0, unexpected: 0, changed: 1, byColumn: { [hostile]: 1 } },
    rows: [{ kind: 'changed', expected: hostileRow, actual: hostileRow, cells: [hostile] }],
  },
  rules: [
    { rule: { ...small, check: { ...small.check, name: hostile }, file: hostile }, kind: 'failed', rows: 1, examples: [hostileRow] }, // prettier-ignore
    { rule: { ...gone, check: { ...gone.check, name: hostile } }, kind: 'notRun', reason: hostile },
  ],
  intent: {
    tests: [{ test: { name: hostile, says: hostile, query: hostile }, kind: 'failed', rows: 1, examples: [hostileRow] }], // prettier-ignore
    reading: { kind: 'dropped', reading: { query: hostile, words: hostile }, reason: hostile },
  },
  findings: [
    {
      ...{ code: 'rows-differ', severity: 'error', message: hostile, cause: 'script' },
      place: { step: hostile, file: hostile, pointer: hostile },
      ...{ evidence: [hostile], examples: [hostileRow] },
    },
  ],
  questions: [{ id: hostile, text: hostile, choices: [{ id: hostile, label: hostile, detail: hostile }] }],
  proof: { ...proof, snapshot: hostile, sample: { rows: 1, of: 2, range: hostile }, notProven: [hostile] },
  phases: [phase('comparison', 'failed', hostile)],
};
