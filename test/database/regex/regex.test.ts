/** The runtime's regular expressions against PostgreSQL's own, and what the compiler says of a pattern before. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'mocha';
import pg from 'pg';
import { readRegex } from '../../../src/compiler/expressions/regexSyntax.ts';
import { Chance } from '../../spark/random/chance.ts';
import { serverUrl, urlOf, withClient } from '../../support/postgres.ts';
import { cases, type Case } from './patterns.ts';

const database = `regex_${process.pid}`;
const script = fileURLToPath(new URL('answers.py', import.meta.url));

const answers = `
  create function answers(value text, pattern text, flags text, replacement text) returns jsonb language plpgsql as $$
  begin
    return jsonb_build_object(
      'match', to_jsonb(regexp_match(value, pattern, flags)),
      'replaced', regexp_replace(value, pattern, replacement, flags || 'g'),
      'split', to_jsonb(regexp_split_to_array(value, pattern, flags)),
      'like', regexp_like(value, pattern, flags),
      'count', regexp_count(value, pattern, 1, flags),
      'second', regexp_substr(value, pattern, 1, 2, flags, 1));
  exception when invalid_regular_expression then
    return '{"error": true}';
  end $$`;

describe('regular expressions, in PostgreSQL and in the runtime', function () {
  this.timeout(60_000);
  let client: pg.Client;

  before(async () => {
    const created = `create database ${database} template template0 encoding 'UTF8'
      locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`;
    await withClient(serverUrl(), (admin) => admin.query(created));
    client = new pg.Client({ connectionString: urlOf(database) });
    await client.connect();
    await client.query(answers);
  });

  after(async () => {
    await client.end();
    await withClient(serverUrl(), (admin) => admin.query(`drop database ${database}`));
  });

  async function inPostgres(asked: readonly Case[]): Promise<readonly object[]> {
    const { rows } = await client.query<{ answers: object[] }>(
      `select array_agg(answers(value, pattern, flags, replacement) order by place) as answers
       from rows from (jsonb_to_recordset($1) as (value text, pattern text, flags text, replacement text))
         with ordinality as asked(value, pattern, flags, replacement, place)`,
      [JSON.stringify(asked)],
    );
    return rows[0]?.answers ?? [];
  }

  function inRuntime(asked: readonly Case[]): readonly object[] {
    const python = process.env['DATAMORPH_TEST_PYTHON'] ?? '';
    const { stdout, stderr } = spawnSync(python, [script], {
      input: JSON.stringify(asked),
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    assert.notEqual(stdout, '', stderr);
    return JSON.parse(stdout) as readonly object[];
  }

  it('agree on 3,000 random patterns over three texts each', async () => {
    const asked = cases(new Chance(17), 3000);
    const expected = await inPostgres(asked);
    const given = inRuntime(asked);
    const differing = asked.flatMap((one, index) => {
      const [left, right] = [expected[index], given[index]];
      try {
        assert.deepEqual(right, left);
        return [];
      } catch {
        return [
          `${JSON.stringify(one)}\n  PostgreSQL: ${JSON.stringify(left)}\n  runtime:    ${JSON.stringify(right)}`,
        ];
      }
    });
    assert.equal(differing.length, 0, `${differing.length} differ:\n${differing.slice(0, 10).join('\n')}`);
    const valid = expected.filter((answer) => !('error' in answer));
    assert.ok(
      valid.length > 3000 && valid.length < asked.length - 1000,
      `${valid.length} of ${asked.length} are valid`,
    );
  });

  it('agree with the compiler on which patterns are none', async () => {
    const asked = cases(new Chance(18), 3000);
    const expected = await inPostgres(asked);
    const differing = asked.filter(
      ({ pattern, flags }, index) =>
        'error' in (expected[index] ?? {}) !== (readRegex(pattern, flags).error !== undefined),
    );
    assert.deepEqual(differing, []);
  });
});
