import { fixOf, insertProperty, removeValue, renameKey, replaceValue } from '../../spec/edits.ts';
import type { JsonPath } from '../../spec/positions.ts';
import type { Fix } from '../../spec/problem.ts';
import type { JoinStep } from '../../spec/spec.ts';
import { identifier } from '../reference/identifier.ts';
import type { ResolvedInput } from '../resolved.ts';
import type { StepContext } from './context.ts';

/** Writes a key pair as a condition over texts, which every type has. */
export function comparedAsText(
  { on = [], where, how }: JoinStep,
  path: JsonPath,
  { left, right }: { readonly left: ResolvedInput; readonly right: ResolvedInput },
  { positions, at }: StepContext,
): { readonly fix?: Fix } {
  const index = path[0] === 'on' ? path[1] : undefined;
  const pair = typeof index === 'number' ? on[index] : undefined;
  if (!pair || how === 'asof') return {};
  const test = `${asText(left, pair.left)} = ${asText(right, pair.right)}`;
  const condition = JSON.stringify(where === undefined ? test : `(${where}) and ${test}`);
  const gone = on.length > 1 ? removeValue(positions, at(path)) : [];
  if (where !== undefined) {
    const rest = on.length > 1 ? gone : removeValue(positions, at(['on']));
    return fixOf('Compare them as texts', [...rest, ...replaceValue(positions, at(['where']), condition)]);
  }
  if (on.length > 1) {
    const added = insertProperty(positions, at([]), { key: 'where', json: condition });
    return fixOf('Compare them as texts', [...gone, ...added]);
  }
  const renamed = [...renameKey(positions, at(['on']), 'where'), ...replaceValue(positions, at(['on']), condition)];
  return fixOf('Compare them as texts', renamed);
}

const asText = ({ qualifier }: ResolvedInput, name: string): string =>
  `${identifier(qualifier)}.${identifier(name)}::text`;
