/** The edits that mend joins which repeat rows. */
import type { ForeignKey } from '../../spec/catalogue.ts';
import { fixOf, removeValue, replaceValue } from '../../spec/edits.ts';
import type { Fix } from '../../spec/problem.ts';
import type { ResolvedInput, ResolvedSource, ResolvedSpec, ResolvedStep } from '../resolved.ts';
import type { AdviceContext } from './rule.ts';

type Fixed = { readonly fix?: Fix };

/** Where an aggregate needs nothing of the side that repeats its rows, the join need not bring that side. */
export function withoutRepeating(
  aggregate: ResolvedStep<'aggregate'>,
  joinName: string,
  context: AdviceContext,
): Fixed {
  const { resolved, positions } = context;
  const [input] = aggregate.inputs;
  const join = resolved.steps.find(({ step }) => step.name === joinName) as ResolvedStep<'join'> | undefined;
  const [left] = join?.inputs ?? [];
  if (!join || !left || input?.name !== joinName || !readsOnlyLeft(aggregate, join)) return {};
  const isSoleReader = readersOf(joinName, resolved) === 1;
  const { how } = join.step;
  if (how === 'inner' && isSoleReader) {
    const edits = replaceValue(positions, ['steps', join.index, 'how'], '"semi"');
    return fixOf(`Only ask whether "${joinName}" finds a match`, edits);
  }
  if (how !== 'left') return {};
  const edits = replaceValue(positions, ['steps', aggregate.index, 'from'], JSON.stringify(left.name));
  const gone = isSoleReader ? removeValue(positions, ['steps', join.index]) : [];
  return fixOf(`Read "${left.name}" without the join`, [...edits, ...gone]);
}

function readsOnlyLeft(aggregate: ResolvedStep<'aggregate'>, join: ResolvedStep<'join'>): boolean {
  const [left, right] = join.inputs;
  const sameFromLeft = new Set(
    join.columns.flatMap(({ name }, index) => {
      const reads = join.expressions.get(`columns.${index}.expr`)?.reads ?? [];
      const isSame = reads.length === 1 && reads[0]?.name === name && reads[0].qualifier === left?.qualifier;
      return isSame && left?.qualifier !== right?.qualifier ? [name] : [];
    }),
  );
  const { by, columns } = aggregate.step;
  const texts = [...by.flatMap(({ expr }) => expr ?? []), ...columns.map(({ expr }) => expr)];
  // An expression that spells the join's name would not be understood without it.
  if (texts.some((text) => text.includes(`${join.step.name}.`) || text.includes(`${join.step.name}".`))) return false;
  if (join.step.columns && join.columns.length !== sameFromLeft.size) return false;
  const reads = [...aggregate.expressions.values()].flatMap((expression) => expression.reads);
  return reads.every(({ name }) => sameFromLeft.has(name));
}

const readersOf = (name: string, { steps, target }: ResolvedSpec): number =>
  steps.filter(({ inputs }) => inputs.some((input) => input.name === name)).length +
  (target.target.from === name ? 1 : 0);

/** The keys of a foreign key that one side has on the other, where both come straight from tables. */
export function alongForeignKey({ step, index, inputs }: ResolvedStep<'join'>, context: AdviceContext): Fixed {
  const [left, right] = inputs;
  const pairs = left && right && (keyPairs(left, right, context) ?? keyPairs(right, left, context)?.map(turned));
  if (!pairs || !step.on) return {};
  const written = pairs.map((pair) => `${pair.left} = ${pair.right}`).join(', ');
  const json = `[${pairs.map((pair) => JSON.stringify(pair)).join(', ')}]`;
  return fixOf(`Join on the foreign key: ${written}`, replaceValue(context.positions, ['steps', index, 'on'], json));
}

interface KeyPair {
  readonly left: string;
  readonly right: string;
}

const turned = ({ left, right }: KeyPair): KeyPair => ({ left: right, right: left });

/** From the side that points to the side that is pointed at. */
function keyPairs(from: ResolvedInput, to: ResolvedInput, { resolved }: AdviceContext): readonly KeyPair[] | undefined {
  const [pointing, pointed] = [from, to].map(({ name }) => sourceOf(name, resolved)?.table);
  const key = pointing?.foreignKeys.find(
    ({ references }) => references.schema === pointed?.schema && references.table === pointed.name,
  );
  return key && pairsOf(key);
}

const sourceOf = (name: string, { sources }: ResolvedSpec): ResolvedSource | undefined =>
  sources.find(({ source }) => source.name === name);

const pairsOf = ({ columns, references }: ForeignKey): readonly KeyPair[] =>
  columns.map((left, index) => ({ left, right: references.columns[index] ?? '' }));
