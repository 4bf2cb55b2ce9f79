/** docs/expressions.md, from the function table and from what the suite has measured. */
import type { Subject } from './cases.ts';

export interface Measured {
  readonly subject: Subject;
  readonly cases: number;
  readonly errors: number;
  readonly stricter: number;
  readonly different: number;
}

const headings: Readonly<Record<Subject['family'], string>> = {
  operators: 'Operators and conditions',
  conditional: 'CASE, COALESCE and their kin',
  casts: 'Casts and literals',
  numeric: 'Numbers',
  text: 'Text',
  dates: 'Dates and times',
  json: 'JSON',
  arrays: 'Arrays',
  aggregates: 'Aggregates',
  windows: 'Window functions',
};

const introduction = `# Expressions

Expressions are PostgreSQL SQL. What stands here gives the same answer in PostgreSQL and in the Spark SQL that is written
from it: the value, its type, NULL, and an error where PostgreSQL has one. Anything else is refused by name.

Both sides run with the session time zone UTC. Text is ordered by bytes (the C collation); where a column is ordered by
another one, the check says so (\`text-order\`). Case is mapped one character for one, as PostgreSQL's C.UTF-8 does. Dates
lie in the years 1 to 9999. Sums and averages of double precision depend on the order of the rows and agree to 12 digits.
A number whose digits differ from row to row, such as a quotient, agrees exactly once it is rounded to a scale; unrounded,
Spark keeps at least 20 digits after the point, and the check says so where it would be stored (\`open-digits\`). Everything
else agrees exactly.

The figures are measured: every example runs for every row of a pool of edge values, in PostgreSQL 17 and in Spark 3.5.4.
A case counts as agreed when both give the same value, or both an error. "Stricter" counts the cases in which Spark reports
an error for text that PostgreSQL still reads. This page is written by the test suite.
`;

export function documentation(measured: readonly Measured[]): string {
  const total = measured.reduce((sum, { cases }) => sum + cases, 0);
  const sections = Object.entries(headings).map(([family, heading]) => {
    const rows = measured.filter(({ subject }) => subject.family === family).map(row);
    return [
      `## ${heading}`,
      '',
      '| | cases | agreed | of these errors in both | stricter | |',
      '|---|---:|---:|---:|---:|---|',
      ...rows,
      '',
    ].join('\n');
  });
  return `${introduction}\n${total.toLocaleString('en')} cases in all.\n\n${sections.join('\n')}`;
}

function row({ subject, cases, errors, stricter, different }: Measured): string {
  const cells = [
    `\`${escaped(subject.title)}\``,
    cases,
    cases - different - stricter,
    errors,
    stricter,
    escaped(subject.note ?? ''),
  ];
  return `| ${cells.join(' | ')} |`;
}

const escaped = (text: string): string => text.replaceAll('|', '\\|');
