import assert from 'node:assert/strict';
import { compile } from '../../../src/compiler/compile.ts';
import { compileExpression } from '../../../src/compiler/expressions/compile.ts';
import type { Scope, Use } from '../../../src/compiler/expressions/contract.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';
import { formatSpec } from '../../../src/spec/write.ts';
import type { Spec } from '../../../src/spec/spec.ts';
import { everyStep, everything, specWith } from '../spec/samples.ts';
import { shop } from './shop.ts';
import { shopChecker } from './support.ts';

/** Words that do harm where a text is taken for something else. */
const hostile = [
  ...[
    '"',
    "'",
    '\\',
    '$1',
    '😀',
    '`',
    '(',
    '*',
    'null',
    'orders.*',
    '__proto__',
    'constructor',
    'toString',
    '--',
    '/*',
  ],
  ...[
    "'; drop table x; --",
    'select 1',
    '1) from x',
    'count(*)',
    'sum(amount) over ()',
    'order_id',
    'amount',
    'status',
    'tags',
  ],
  ...[
    'orders',
    's_filter',
    's_join',
    's_sql',
    'customers',
    'details',
    'integer[]',
    'a\nb',
    ' ',
    '\u00e9'.repeat(31),
    '(select 1)',
  ],
];

const rounds = 10_000;

describe('checking and compiling anything that has the shape of a spec', () => {
  it(`answers ${rounds} specs, with words exchanged or cut off, never with an exception`, async function () {
    this.timeout(180_000);
    const check = await shopChecker();
    const parser = await loadSqlParser();
    const random = randomOf(4);
    const found = { resolved: 0, compiled: 0 };
    for (let round = 0; round < rounds; round++) {
      const whole = formatSpec(exchanged(round % 25 === 0 ? everything : someSteps(random), random) as Spec);
      const text = round % 8 === 0 ? whole.slice(0, random(whole.length)) : whole;
      try {
        const { problems, resolved, document } = check(text);
        const { spec, positions } = document;
        if (resolved) found.resolved += 1;
        if (spec) {
          const expression = (sql: string, scope: Scope, use: Use) => compileExpression(sql, scope, use, parser);
          const compiled = compile({ spec, positions, catalogue: shop, parser, compile: expression });
          if (compiled.pyspark) found.compiled += 1;
          assert.ok(compiled.pyspark ?? problems.length + compiled.problems.length > 0, 'a program or a reason');
        }
        assert.ok(spec ?? problems.length > 0, 'a spec or a reason');
        for (const { span, message } of problems) {
          assert.ok(span.offset >= 0 && span.offset + span.length <= text.length, message);
        }
      } catch (error) {
        throw new Error(`round ${round} threw on:\n${text}`, { cause: error });
      }
    }
    // Words too wild would stop every spec at its shape, and words too tame would leave nothing to find.
    assert.ok(found.resolved > rounds / 2, `${found.resolved} of ${rounds} specs were resolved`);
    assert.ok(found.compiled > rounds / 10 && found.compiled < rounds / 2, `${found.compiled} of ${rounds} compiled`);
  });
});

/** A chain of up to four steps of any kinds. */
function someSteps(random: Random): Spec {
  const all = Object.values(everyStep);
  const steps = new Set(Array.from({ length: 1 + random(4) }, () => all[random(all.length)] ?? everyStep.filter));
  const spec = specWith(...steps);
  return { ...spec, target: { ...spec.target, keys: ['order_id'], columns: [{ name: 'order_id', type: 'integer' }] } };
}

type Random = (below: number) => number;

function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

/** The same with about every thirtieth text exchanged for another; kinds and the other closed words stay. */
function exchanged(value: unknown, random: Random): unknown {
  if (typeof value === 'string') return random(30) === 0 ? (hostile[random(hostile.length)] ?? value) : value;
  if (Array.isArray(value)) return value.map((element) => exchanged(element, random));
  if (typeof value !== 'object' || value === null) return value;
  const closed = new Set(['kind', 'how', 'direction', 'nulls', 'keep', 'mode', 'carry', 'severity']);
  return Object.fromEntries(
    Object.entries(value).map(([key, inside]) => [key, closed.has(key) ? inside : exchanged(inside, random)]),
  );
}
