/** What became of the mutated jobs, counted by family. */
export interface Outcome {
  readonly spec: string;
  readonly family: string;
  readonly harmless: boolean;
  /** Whether the rows are others, told by their texts. */
  readonly changes: boolean;
  readonly caught: boolean;
  /** Whether the first diverging step is the faulty one. */
  readonly located: boolean;
  /** By the usual checks; and by them with the spot tests. */
  readonly usual: boolean;
  readonly spot: boolean;
  /** What there is to look at where something is wrong. */
  readonly said: string;
}

const percent = (part: number, whole: number): string => (whole === 0 ? '' : `${((100 * part) / whole).toFixed(0)} %`);

/** A table in Markdown: faults that change the result, by family, and the harmless rewrites below. */
export function familyTable(outcomes: readonly Outcome[]): string {
  const faults = outcomes.filter(({ harmless, changes }) => !harmless && changes);
  const rows = [...groups(faults)].map(([family, list]) => faultRow(family, list));
  const harmless = outcomes.filter((outcome) => outcome.harmless || !outcome.changes);
  return markdown([
    ['family of faults', 'faults', 'caught', 'located', 'usual suite', 'with spot tests'],
    ...rows,
    faultRow('all', faults),
  ]).concat(`\n\n${harmless.length} harmless jobs, ${harmless.filter(({ caught }) => caught).length} false alarms`);
}

/** The same for the rewrites. */
export function rewriteTable(outcomes: readonly Outcome[]): string {
  const rewrites = outcomes.filter(({ harmless }) => harmless);
  const row = (family: string, list: readonly Outcome[]): string[] => [
    family,
    String(list.length),
    String(list.filter(({ caught }) => caught).length),
  ];
  return markdown([
    ['harmless rewrite', 'jobs', 'false alarms'],
    ...[...groups(rewrites)].map(([family, list]) => row(family, list)),
    row('all', rewrites),
  ]);
}

function groups(outcomes: readonly Outcome[]): ReadonlyMap<string, readonly Outcome[]> {
  const families = [...new Set(outcomes.map(({ family }) => family))].sort();
  return new Map(families.map((family) => [family, outcomes.filter((each) => each.family === family)]));
}

function faultRow(family: string, list: readonly Outcome[]): string[] {
  const count = (is: (each: Outcome) => boolean): number => list.filter(is).length;
  return [
    family,
    String(list.length),
    String(count(({ caught }) => caught)),
    String(count(({ located }) => located)),
    percent(
      count(({ usual }) => usual),
      list.length,
    ),
    percent(
      count(({ spot }) => spot),
      list.length,
    ),
  ];
}

function markdown([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => (row[at] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(Math.max(1, width - 1))}:`)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
