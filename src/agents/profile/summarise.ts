import type { CatalogueColumn } from '../../spec/catalogue.ts';
import { personalKindByName } from '../personalData/columnNames.ts';
import type { PersonalKind } from '../personalData/kinds.ts';
import type { Masker } from '../personalData/masker.ts';
import { personalKindByValues } from '../personalData/values.ts';
import { patternOf } from './pattern.ts';
import type { ColumnProfile, ColumnStatistics } from './tableProfile.ts';

export interface ColumnEvidence {
  readonly column: Pick<CatalogueColumn, 'name' | 'type'>;
  readonly table: string;
  /** Values of the sampled rows, as PostgreSQL writes them; empty where no row was read. */
  readonly values: readonly (string | null)[];
  /** Whether these are all there are: then they are better than any estimate. */
  readonly isWhole: boolean;
  readonly statistics?: ColumnStatistics;
  /** For shares that the statistics give of the rows. */
  readonly rows?: number;
  /** Undefined where the user has asked to see what there is. */
  readonly masker?: Masker;
}

const topCount = 5;
const patternCount = 3;

/** One column's profile, from whatever is known of it. */
export function summariseColumn(evidence: ColumnEvidence): ColumnProfile {
  const { column, table, values, statistics } = evidence;
  const present = values.filter((value) => value !== null);
  const seen = present.length > 0 ? present : [...(statistics?.common ?? [])];
  const personal =
    personalKindByName({ ...column, table }) ?? (isText(column.type) ? personalKindByValues(seen) : undefined);
  const show = shower(personal, evidence.masker);
  return {
    ...column,
    ...known('nullShare', nullShare(evidence)),
    ...known('distinct', distinct(evidence, present)),
    ...(personal === undefined || !evidence.masker ? extremes(evidence, present, show) : {}),
    top: topValues(evidence, present).map(({ value, share }) => ({ value: show(value), share })),
    patterns: isText(column.type) ? mostFrequent(seen.map(patternOf), patternCount).map(toPattern) : [],
    ...(personal === undefined ? {} : { personal }),
  };
}

const isText = (type: string): boolean => /^(?:text|character|citext|name|bpchar)/.test(type) && !type.endsWith('[]');
const isNumber = (type: string): boolean =>
  /^(?:smallint|integer|bigint|numeric|real|double precision)(?:\(.*\))?$/.test(type);
const hasOrder = (type: string): boolean => isText(type) || isNumber(type) || /^(?:date|time)/.test(type);

const shower =
  (personal: PersonalKind | undefined, masker: Masker | undefined) =>
  (value: string): string => {
    if (!masker) return value;
    return personal === undefined ? masker.text(value) : masker.value(personal, value);
  };

const known = <Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> =>
  value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);

function nullShare({ values, isWhole, statistics }: ColumnEvidence): number | undefined {
  if (statistics && !isWhole) return statistics.nullShare;
  return values.length === 0 ? undefined : values.filter((value) => value === null).length / values.length;
}

/** A sample says little about how many there are in all; only the statistics, or all rows, do. */
function distinct({ isWhole, statistics, rows }: ColumnEvidence, present: readonly string[]): number | undefined {
  if (isWhole) return new Set(present).size;
  if (!statistics) return undefined;
  if (statistics.distinct >= 0) return statistics.distinct;
  return rows === undefined ? undefined : Math.round(-statistics.distinct * rows);
}

function extremes(
  { column, statistics }: ColumnEvidence,
  present: readonly string[],
  show: (value: string) => string,
): Pick<ColumnProfile, 'min' | 'max'> {
  if (!hasOrder(column.type)) return {};
  const bounds = [statistics?.lowest, statistics?.highest].filter((value) => value !== undefined);
  const compare = isNumber(column.type) ? byNumber : byText;
  const sorted = [...present, ...bounds].sort(compare);
  const [min, max] = [sorted.at(0), sorted.at(-1)];
  return min === undefined || max === undefined ? {} : { min: show(min), max: show(max) };
}

const byNumber = (a: string, b: string): number => Number(a) - Number(b);
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Of many more rows than the sample, where there are statistics; a value that stands once is no top value. */
function topValues({ statistics, isWhole, values }: ColumnEvidence, present: readonly string[]): ColumnProfile['top'] {
  if (statistics && !isWhole && statistics.common.length > 0) {
    return statistics.common.slice(0, topCount).map((value, at) => ({ value, share: statistics.frequencies[at] ?? 0 }));
  }
  return mostFrequent(present, topCount)
    .filter(({ count }) => count > 1)
    .map(({ value, count }) => ({ value, share: count / values.length }));
}

const toPattern = ({ value, share }: Counted): ColumnProfile['patterns'][number] => ({ pattern: value, share });

interface Counted {
  readonly value: string;
  readonly count: number;
  readonly share: number;
}

function mostFrequent(values: readonly string[], limit: number): readonly Counted[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([a, left], [b, right]) => right - left || byText(a, b))
    .slice(0, limit)
    .map(([value, count]) => ({ value, count, share: count / values.length }));
}
