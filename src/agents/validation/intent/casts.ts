const numbers: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision']);
const texts: ReadonlySet<string> = new Set(['text', 'character varying', 'character', 'name']);
const times: ReadonlySet<string> = new Set(['date', 'timestamp without time zone', 'timestamp with time zone']);
const documents: ReadonlySet<string> = new Set(['json', 'jsonb']);

interface Types {
  /** Of the reading, as `pg_typeof` names it. */
  readonly given: string;
  /** Of the target, likewise. */
  readonly wanted: string;
  /** Of the target, as it is declared. */
  readonly type: string;
}

/**
 * The value as it can be compared with a column of the target; undefined where the two mean different things. Only what a column of
 * that type does to every value that it takes (such as rounding to its scale) is done here too: a cast that would make different
 * values equal is left to the comparison, which finds a type for both.
 */
export function castOf(value: string, { given, wanted, type }: Types): string | undefined {
  const both = (family: ReadonlySet<string>): boolean => family.has(given) && family.has(wanted);
  const cast = `${value}::${type}`;
  // An explicit cast would cut a text that is too long without a word.
  if (both(texts)) return value;
  if (given === wanted) return given.startsWith('bit') ? value : cast;
  if (both(numbers)) return ['numeric', 'real', 'double precision'].includes(wanted) ? cast : value;
  if (both(times)) return value;
  if (both(documents)) return cast;
  // What is no such text is refused by the cast.
  if (texts.has(given)) return isOwn(wanted) ? cast : undefined;
  if (texts.has(wanted)) return isOwn(given) ? `${value}::text` : undefined;
  return undefined;
}

/** Enums, ids and addresses have one text each. */
const isOwn = (type: string): boolean =>
  ![numbers, times, documents].some((family) => family.has(type)) &&
  !['boolean', 'interval', 'time without time zone', 'time with time zone', 'bytea', 'xml'].includes(type) &&
  !type.endsWith('[]');
