/**
 * Random specs over random rows: both compilers, both engines, the same rows. A failure is shrunk to the smallest spec that
 * still fails. DATAMORPH_RANDOM_SEED runs other specs, DATAMORPH_RANDOM_COUNT more of them.
 */
import assert from 'node:assert/strict';
import { startWorld, type World } from '../support/world.ts';
import { Comparison, type Candidate } from './comparison.ts';
import { Chance } from './chance.ts';
import { generateSpec, randomTables } from './generate.ts';
import { shrink } from './shrink.ts';

const firstSeed = Number(process.env['DATAMORPH_RANDOM_SEED'] ?? 20261121);
const count = Number(process.env['DATAMORPH_RANDOM_COUNT'] ?? 500);
const batch = 50;

describe(`random specs from seed ${firstSeed}`, function () {
  this.timeout(600_000);
  let world: World;
  let comparison: Comparison;

  before(async () => {
    world = await startWorld();
    comparison = await Comparison.open(await world.database('random', randomData(firstSeed)));
  });
  after(() => world.stop());

  it(`gives the same rows in both engines, ${count} times`, async () => {
    let seed = firstSeed;
    let compared = 0;
    const refused = new Map<string, number>();
    while (compared < count) {
      const candidates: Candidate[] = [];
      while (candidates.length < Math.min(batch, count - compared)) {
        const { last, ...spec } = generateSpec(seed++);
        const made = comparison.candidate({ ...spec, from: last.name });
        if ('candidate' in made) candidates.push(made.candidate);
        else refused.set(made.refused, (refused.get(made.refused) ?? 0) + 1);
      }
      const failures = await comparison.compare(candidates);
      const [failure] = failures;
      if (failure) {
        const smallest = await shrink(failure, comparison);
        assert.fail(
          `${failures.length} of ${candidates.length} specs differ; the first is ${failure.candidate.spec.name}, shrunk to\n${smallest}`,
        );
      }
      compared += candidates.length;
    }
    const reasons = [...refused].map(([reason, times]) => `${times} × ${reason}`).join('\n');
    // A generator whose specs are refused tests nothing.
    assert.ok(seed - firstSeed - compared < count / 10, `too many specs were refused:\n${reasons}`);
  });
});

/** Few values, many NULLs and repetitions, so that keys meet and groups are uneven. */
function randomData(seed: number): string {
  const chance = new Chance(seed);
  const orNull = (text: string): string => (chance.maybe(0.2) ? 'null' : text);
  const kinds: Readonly<Record<string, () => string>> = {
    integer: () => orNull(String(chance.between(-3, 12))),
    bigint: () => orNull(String(chance.pick([0, 1, 5, 5_000_000_000]))),
    numeric: () => orNull((chance.between(-2000, 20_000) / 100).toFixed(2)),
    text: () => orNull(chance.pick(["'a'", "'b'", "''", "'a '", "'Ä'", "'b%'", "'ab'"])),
    boolean: () => orNull(String(chance.maybe(0.5))),
    date: () => orNull(`'2026-0${chance.between(1, 4)}-${chance.between(10, 28)}'`),
    timestamp: () => orNull(`'2026-03-${chance.between(28, 30)} 0${chance.between(0, 9)}:30:00'`),
  };
  const types: Readonly<Record<string, string>> = { numeric: 'numeric(10,2)' };
  return Object.entries(randomTables)
    .map(([table, columns]) => {
      const create = `create table ${table} (${columns.map(({ name, kind }) => `${name} ${types[kind] ?? kind}`).join(', ')});`;
      const rows = Array.from({ length: 24 }, (_, at) =>
        table === 'nodes'
          ? `(${at}, ${at % 5 === 0 ? 'null' : Math.floor(at / 3)}, ${kinds['text']?.() ?? ''})`
          : `(${columns.map(({ kind }) => kinds[kind]?.() ?? 'null').join(', ')})`,
      );
      return `${create}\ninsert into ${table} values ${rows.join(', ')};`;
    })
    .join('\n');
}
