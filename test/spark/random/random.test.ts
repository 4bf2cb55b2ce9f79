/**
 * Random specs over random rows: both compilers, both engines, the same rows. A failure is shrunk to the smallest spec that
 * still fails. DATAMORPH_RANDOM_SEED runs other specs, DATAMORPH_RANDOM_COUNT more of them.
 */
import assert from 'node:assert/strict';
import { startWorld, type World } from '../support/world.ts';
import { Comparison, type Candidate } from './comparison.ts';
import { randomData } from './data.ts';
import { generateSpec } from './generate.ts';
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
