/** An interval as PostgreSQL keeps it. */
export interface Interval {
  readonly months: number;
  readonly days: number;
  readonly microseconds: number;
}

const units: Readonly<Record<string, Interval>> = {
  year: { months: 12, days: 0, microseconds: 0 },
  month: { months: 1, days: 0, microseconds: 0 },
  mon: { months: 1, days: 0, microseconds: 0 },
  week: { months: 0, days: 7, microseconds: 0 },
  day: { months: 0, days: 1, microseconds: 0 },
  hour: { months: 0, days: 0, microseconds: 3_600_000_000 },
  minute: { months: 0, days: 0, microseconds: 60_000_000 },
  min: { months: 0, days: 0, microseconds: 60_000_000 },
  second: { months: 0, days: 0, microseconds: 1_000_000 },
  sec: { months: 0, days: 0, microseconds: 1_000_000 },
};

/** Reads `interval '1 month'`, `'2 days'::interval` and the like, of whole units; nothing where it is anything else. */
export function readInterval(expression: string): Interval | undefined {
  const match =
    /^\s*(?:interval\s*'([^']*)'|'([^']*)'\s*::\s*interval|cast\s*\(\s*'([^']*)'\s+as\s+interval\s*\))\s*$/i.exec(
      expression,
    );
  const text = (match?.[1] ?? match?.[2] ?? match?.[3])?.trim().toLowerCase();
  if (!text) return undefined;
  const total = { months: 0, days: 0, microseconds: 0 };
  const rest = text.replace(/([+-]?\d+)\s*([a-z]+)\s*/g, (whole: string, count: string, word: string) => {
    const unit = units[word] ?? units[word.replace(/s$/, '')];
    if (!unit) return whole;
    total.months += Number(count) * unit.months;
    total.days += Number(count) * unit.days;
    total.microseconds += Number(count) * unit.microseconds;
    return '';
  });
  return rest === '' ? total : undefined;
}
