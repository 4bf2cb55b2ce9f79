import type { Programs } from './programs.ts';
import { htmlReport } from './report/html.ts';
import { jsonReport } from './report/json.ts';
import { junitReport } from './report/junit.ts';
import { markdownReport } from './report/markdown.ts';
import { reportValue, type ReportValue } from './report/value.ts';
import type { Verdict } from './verdict.ts';

type Reported = Pick<Programs, 'target'> & Partial<Pick<Programs, 'sourceMap'>>;

/** The verdict in words and numbers, as Markdown. */
export const reportOf = (verdict: Verdict, programs: Reported): string =>
  markdownReport(reportValue(verdict, programs));

/** By the name of the file that a run keeps; the ends of the names say what a report is. */
const writers: Readonly<Record<string, (value: ReportValue) => string>> = {
  'report.md': markdownReport,
  'report.html': htmlReport,
  'report.json': jsonReport,
  'report.junit.xml': junitReport,
};

/** The same verdict in every form. */
export function reportsOf(verdict: Verdict, programs: Reported): readonly (readonly [name: string, text: string])[] {
  const value = reportValue(verdict, programs);
  return Object.entries(writers).map(([name, write]) => [name, write(value)]);
}

/** Undefined where no report is written into files of such a name. */
export function reportFor(file: string): ((verdict: Verdict, programs: Reported) => string) | undefined {
  const write = Object.entries(writers).find(([name]) => extensionOf(file) === extensionOf(name))?.[1];
  return write && ((verdict, programs) => write(reportValue(verdict, programs)));
}

const extensionOf = (file: string): string => /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
