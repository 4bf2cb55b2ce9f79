import type { TracedStep } from './validation/divergence.ts';

/** What the job runtime reports on standard output; the events are described in python/datamorph/report.py. */
export interface JobReport {
  readonly event: string;
  readonly [detail: string]: unknown;
}

const prefix = 'datamorph: ';

export function jobReport(line: string): JobReport | undefined {
  if (!line.startsWith(prefix)) return undefined;
  try {
    const found: unknown = JSON.parse(line.slice(prefix.length));
    return isReport(found) ? found : undefined;
  } catch (error) {
    // A script may print what it likes.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isReport = (found: unknown): found is JobReport =>
  typeof found === 'object' && found !== null && 'event' in found && typeof found.event === 'string';

const isNames = (found: unknown): found is readonly string[] =>
  Array.isArray(found) && found.every((name) => typeof name === 'string');

/** What the reports of one execution come to. */
export class JobReports {
  published = false;
  staged = false;
  readonly marks: Record<string, string> = {};
  /** The last step of a traced run, with its columns. */
  schema: string | undefined;
  readonly traced: TracedStep[] = [];

  add(line: string): void {
    const report = jobReport(line);
    if (report?.event === 'published') this.addPublication(report);
    if (report?.event === 'staged') this.staged = true;
    if (report?.event === 'mark') this.addMark(report);
    if (report?.event === 'rows') this.addRows(report);
  }

  /** What is visible since an earlier execution was read up to marks that this one does not know. */
  private addPublication({ repeated }: JobReport): void {
    this.published = true;
    if (repeated === true) for (const source of Object.keys(this.marks)) Reflect.deleteProperty(this.marks, source);
  }

  private addMark({ source, value }: JobReport): void {
    if (typeof source === 'string' && typeof value === 'string') this.marks[source] = value;
  }

  private addRows({ step, columns, count, fingerprint }: JobReport): void {
    if (typeof step !== 'string' || !isNames(columns)) return;
    this.schema = `${step}: ${columns.join(', ')}`;
    this.traced.push({ step, columns, rows: String(count), fingerprint: String(fingerprint) });
  }
}
