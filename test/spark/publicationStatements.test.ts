/** Both languages fill the templates of publication.json to the same text, whatever the names. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import templates from '../../python/datamorph/publication.json' with { type: 'json' };
import {
  publicationStatements,
  type PlacedPublication,
  type StatementName,
} from '../../src/services/publicationStatements.ts';

const hostile = [
  `quote"s`,
  `it's`,
  '$table',
  '{columns:$name}',
  'back\\slash',
  'line\nbreak',
  '--',
  '🙂',
  '?',
  '10',
  '2',
];
const columns = [
  { name: 'id', type: 'integer' },
  ...hostile.map((name) => ({ name, type: 'numeric(12,2)' })),
  { name: 'from', type: 'timestamp with time zone' },
];
const base: PlacedPublication = {
  table: `"sch""ema"."it's $run {x}"`,
  mode: 'replace',
  columns,
  keys: [],
  required: ['id'],
  instant: '2026-02-10T12:34:56+00:00',
  runId: `run 'of' \\ "mine"`,
  schema: `sch"ema`,
};
const history = { validFrom: 'from', validTo: `to"'`, current: '$now' };

const publications: readonly PlacedPublication[] = [
  base,
  { ...base, mode: 'append' },
  { ...base, mode: 'upsert', keys: ['id', hostile[0] ?? ''] },
  { ...base, mode: 'upsert', columns: columns.slice(0, 1), keys: ['id'] },
  { ...base, mode: 'history', keys: ['id', hostile[2] ?? ''], history },
  { ...base, mode: 'history', keys: ['id'], history: { validFrom: 'start', validTo: 'end' } },
  { ...base, mode: 'history', keys: ['id'], columns: columns.slice(0, 1), history: { ...history, validFrom: 'start' } },
];

/** What the job alone does; TypeScript never stages. */
const ofTheJob = ['create_stage', 'wait_for_publication'];
const ofHistory = 'history';

const script = `
import json, sys
from datamorph.publish import target_from
from datamorph.statements import statements
for each in json.load(sys.stdin):
    target = target_from(each["publication"], run_id=each["publication"]["runId"], schema=each["publication"]["schema"])
    print(json.dumps({name: statements(target, name) for name in each["names"]}))
`;

describe('the statements of publication', () => {
  it('are the same text in both languages, for all modes and hostile names', () => {
    const jobs = publications.map((publication) => ({
      names: Object.keys(templates.statements).filter(
        (name) => !ofTheJob.includes(name) && (name !== ofHistory || publication.mode === 'history'),
      ) as StatementName[],
      publication,
    }));
    const input = jobs.map(({ names, publication }) => ({
      names,
      publication: { ...publication, columns: publication.columns.map(({ name, type }) => [name, type]) },
    }));
    const output = execFileSync(process.env['DATAMORPH_TEST_PYTHON'] ?? '', ['-c', script], {
      input: JSON.stringify(input),
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: fileURLToPath(new URL('../../python', import.meta.url)) },
    });
    const lines = output.trim().split('\n');
    assert.equal(lines.length, jobs.length);
    jobs.forEach(({ names, publication }, at) => {
      const ours = Object.fromEntries(names.map((name) => [name, publicationStatements(publication, name)]));
      assert.deepEqual(JSON.parse(lines[at] ?? ''), ours);
    });
  });
});
