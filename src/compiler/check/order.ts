import { appendElement, fixOf, insertProperty } from '../../spec/edits.ts';
import type { JsonPath } from '../../spec/positions.ts';
import type { OrderItem } from '../../spec/spec.ts';
import { isUnique } from '../resolve/keys.ts';
import { identifier } from '../reference/identifier.ts';
import { plainName } from '../resolve/plainName.ts';
import type { ResolvedInput } from '../resolved.ts';
import type { Advice, AdviceContext } from './rule.ts';

/** Rows that an order does not tell apart come in any order, in PostgreSQL and in Spark. */
export const totalOrder: Advice = (context) => {
  for (const { step, index, inputs } of context.resolved.steps) {
    const [input] = inputs;
    if (!input?.known) continue;
    const at: JsonPath = ['steps', index];
    if (step.kind === 'limit' && !ordered(input, [], step.by ?? [])) {
      const words = step.by
        ? `The order of "${step.name}" does not tell all rows apart.`
        : `"${step.name}" takes the first rows of no order.`;
      const path = step.by ? [...at, 'by'] : [...at, 'count'];
      context.report('unordered-limit', { path }, words, mend(input, { at, key: 'by', given: step.by ?? [] }, context));
    }
    if (step.kind === 'dedupe' && !ordered(input, step.keys, step.order)) {
      const words = `The order of "${step.name}" does not say which of several rows is kept.`;
      const fix = mend(input, { at, key: 'order', given: step.order }, context);
      context.report('unordered-dedupe', { path: [...at, 'order'] }, words, fix);
    }
  }
};

function ordered(input: ResolvedInput, keys: readonly string[], order: readonly OrderItem[]): boolean {
  const columns = [...keys, ...order.flatMap(({ expr }) => plainName(expr) ?? [])];
  return isUnique(input.uniqueKeys, columns) || input.columns.every(({ name }) => columns.includes(name));
}

interface Order {
  readonly at: JsonPath;
  readonly key: 'by' | 'order';
  readonly given: readonly OrderItem[];
}

/** Adds a unique key to the order, where one is known. */
function mend({ uniqueKeys }: ResolvedInput, { at, key, given }: Order, { positions }: AdviceContext) {
  const [unique] = uniqueKeys;
  if (!unique) return undefined;
  const had = new Set(given.map(({ expr }) => plainName(expr)));
  const items = unique
    .filter((name) => !had.has(name))
    .map((name) => `{ "expr": ${JSON.stringify(identifier(name))} }`);
  const list = items.join(', ');
  const edits =
    given.length > 0
      ? appendElement(positions, [...at, key], list)
      : insertProperty(positions, at, { key, json: `[${list}]` });
  return fixOf(`Order by ${unique.join(', ')} too`, edits);
}
