import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** What can be kept, and comes back as it was. */
export type Kept = string | number | boolean | null | readonly Kept[] | { readonly [name: string]: Kept };

export type Item = Readonly<Record<string, Kept>>;

export const toItem = (item: Item): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toAttribute(value)]));

export const fromItem = (item: Readonly<Record<string, AttributeValue>>): Item =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, fromAttribute(value)]));

function toAttribute(value: Kept): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'number') return number(value);
  return isList(value) ? { L: value.map(toAttribute) } : { M: toItem(value) };
}

/** DynamoDB holds 38 digits between 1e-130 and 1e126: what is beyond stays a text. */
function number(value: number): AttributeValue {
  const size = Math.abs(value);
  const fits = Number.isFinite(value) && (size === 0 || (size >= 1e-130 && size < 1e126));
  return fits ? { N: String(value) } : { S: String(value) };
}

const isList = (value: Kept & object): value is readonly Kept[] => Array.isArray(value);

function fromAttribute(value: AttributeValue): Kept {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.L !== undefined) return value.L.map(fromAttribute);
  if (value.M !== undefined) return fromItem(value.M);
  throw new Error(`The item holds a kind of value that DataMorph does not write: ${Object.keys(value).join(', ')}.`);
}
