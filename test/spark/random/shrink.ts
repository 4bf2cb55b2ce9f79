import type { Step } from '../../../src/spec/spec.ts';
import type { Candidate, Comparison, Failure, Untargeted } from './comparison.ts';

const mostRounds = 40;

/** The smallest spec that still fails, as words; pieces are taken away as long as one can be spared. */
export async function shrink(failure: Failure, comparison: Comparison): Promise<string> {
  let smallest = failure;
  for (let round = 0; round < mostRounds; round++) {
    const smaller = smallerSpecs(smallest.candidate).flatMap((spec): Candidate[] => {
      const made = comparison.candidate(spec);
      return 'candidate' in made ? [made.candidate] : [];
    });
    const [next] = smaller.length > 0 ? await comparison.compare(smaller) : [];
    if (!next) break;
    smallest = next;
  }
  const { spec, compiled } = smallest.candidate;
  return [
    JSON.stringify({ ...spec, target: { from: spec.target.from } }, null, 1),
    smallest.words.split('\n').slice(0, 12).join('\n'),
    compiled.reference?.sql ?? '',
    compiled.pyspark?.text ?? '',
  ].join('\n\n');
}

function smallerSpecs({ spec }: Candidate): readonly Untargeted[] {
  const { target, ...rest } = spec;
  const { steps } = spec;
  const ends = steps
    .map(({ name }): Untargeted => needed({ ...rest, from: name }))
    .filter((each) => each.steps.length < steps.length);
  const bypassed = steps.flatMap((step): Untargeted[] =>
    inputsOf(step).map((input) =>
      needed({
        ...rest,
        steps: steps.filter((each) => each !== step).map((each) => redirected(each, step.name, input)),
        from: target.from === step.name ? input : target.from,
      }),
    ),
  );
  const thinned = steps.flatMap((step, at): Untargeted[] =>
    thinner(step).map((smaller) => needed({ ...rest, steps: steps.with(at, smaller), from: target.from })),
  );
  return [...ends.sort((a, b) => a.steps.length - b.steps.length), ...bypassed, ...thinned].filter(
    ({ steps: left }) => left.length > 0,
  );
}

/** Without the steps and sources that nothing reads any more. */
function needed(spec: Untargeted): Untargeted {
  const names = new Set([spec.from]);
  for (const step of spec.steps.toReversed())
    if (names.has(step.name)) for (const name of inputsOf(step)) names.add(name);
  return {
    ...spec,
    steps: spec.steps.filter(({ name }) => names.has(name)),
    sources: spec.sources.filter(({ name }) => names.has(name)),
  };
}

function inputsOf(step: Step): readonly string[] {
  if ('from' in step) return [step.from];
  if ('left' in step) return [step.left, step.right];
  return 'inputs' in step ? step.inputs : [];
}

function redirected(step: Step, from: string, to: string): Step {
  const moved = (name: string): string => (name === from ? to : name);
  if ('from' in step) return { ...step, from: moved(step.from) };
  if ('left' in step) return { ...step, left: moved(step.left), right: moved(step.right) };
  return 'inputs' in step ? { ...step, inputs: step.inputs.map(moved) } : step;
}

/** The step with one entry less in one of its lists, or without one of its options. */
function thinner(step: Step): readonly Step[] {
  const entries = Object.entries(step) as [string, unknown][];
  const shorter = entries.flatMap(([key, value]) =>
    Array.isArray(value) && value.length > 1 && key !== 'inputs'
      ? value.map((_, at) => ({ ...step, [key]: value.filter((__, place) => place !== at) }))
      : [],
  );
  const optional = ['where', 'nullSafe', 'offset', 'keepNulls', 'partitionBy', 'byName', 'startWith'];
  const without = entries
    .filter(([key]) => optional.includes(key) && step.kind !== 'filter')
    .map(([key]) => Object.fromEntries(entries.filter(([name]) => name !== key)) as unknown as Step);
  return [...shorter, ...without];
}
