/** Which sets of columns no two rows share, as rows go through the steps. */
import type { Relation } from '../resolved.ts';

export type Keys = Relation['uniqueKeys'];

/** Keys under new names; a key that lost a column is no key any more. */
export function renamedKeys(keys: Keys, newNames: ReadonlyMap<string, string>): Keys {
  return keys.flatMap((key) => {
    const renamed = key.flatMap((column) => newNames.get(column) ?? []);
    return renamed.length === key.length ? [renamed] : [];
  });
}

/** Keys whose columns have kept their values. */
export const keysWithout = (keys: Keys, changed: ReadonlySet<string>): Keys =>
  keys.filter((key) => !key.some((column) => changed.has(column)));

/** Whether no two rows share these columns, as far as is known. */
export const isUnique = (keys: Keys, columns: Iterable<string>): boolean => {
  const given = new Set(columns);
  return keys.some((key) => key.every((column) => given.has(column)));
};

/** One more key, unless it follows from another. */
export const withKey = (keys: Keys, key: readonly string[]): Keys => (isUnique(keys, key) ? keys : [...keys, key]);
