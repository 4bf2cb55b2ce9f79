import type { CodeGate } from '../codeGate.ts';
import type { PlanRequest } from '../planner.ts';
import { wordsOf } from '../schemaSlice/words.ts';
import type { SpecChecker } from './ports.ts';
import type { JsonPath } from '../../spec/positions.ts';
import type { Problem } from '../../spec/problem.ts';
import { readSpec } from '../../spec/read.ts';
import { parseTableName } from '../../spec/tableName.ts';

export interface GuardTools {
  readonly checker: SpecChecker;
  readonly gate: CodeGate;
  /** Whose words say which table may be written. */
  readonly request: Pick<PlanRequest, 'prompt' | 'answers' | 'target' | 'accepted' | 'catalogue'>;
}

/**
 * What a spec can carry beyond the language, and a model may not: SQL that calls what reads must not call, Python that does more
 * than transform, and a target that is somebody's table and that nobody asked to be written. A spec of an engineer's own is the
 * engineer's business and does not come here.
 */
export function guardSpec(specText: string, { checker, gate, request }: GuardTools): readonly Problem[] {
  const { spec, positions } = readSpec(specText);
  if (!spec) return [];
  const problems: Problem[] = [];
  const report = (code: string, path: JsonPath, message: string): void => {
    problems.push({ code, severity: 'error', message, span: positions.span(path) });
  };
  const query = (sql: string | undefined, path: JsonPath): void => {
    const refusal = sql === undefined ? undefined : checker.refusal(sql);
    if (refusal !== undefined) report('query-refused', path, refusal);
  };
  spec.steps.forEach((step, at) => {
    if (step.kind === 'sql') query(step.query, ['steps', at, 'query']);
    if (step.kind !== 'python') return;
    query(step.sql, ['steps', at, 'sql']);
    for (const { line, message } of gate.step(step.code)) {
      report('python-refused', ['steps', at, 'code'], `Line ${line} of the function: ${message}`);
    }
  });
  (spec.checks ?? []).forEach((check, at) => {
    if (check.kind === 'sql') query(check.query, ['checks', at, 'query']);
  });
  if (!mayWrite(spec.target.table, request)) {
    const words = `${spec.target.table} exists, and the request does not name it: write to a new table, or ask.`;
    report('target-refused', ['target', 'table'], words);
  }
  return problems;
}

/** A new table, one that the engineer names, or one that an accepted spec writes. */
function mayWrite(
  target: string,
  { prompt, answers = [], target: asked, accepted = [], catalogue }: GuardTools['request'],
): boolean {
  const name = parseTableName(target);
  const table = name && catalogue.find(name);
  if (!table || asked?.table === target) return true;
  const said = [prompt, ...answers.flatMap(({ answer, label }) => [answer, label ?? ''])].join(' ');
  const words = new Set(wordsOf(said));
  if (said.toLowerCase().includes(table.name.toLowerCase()) || wordsOf(table.name).every((word) => words.has(word)))
    return true;
  return accepted.some(({ specText }) => {
    const written = readSpec(specText).spec?.target.table;
    const own = written === undefined ? undefined : parseTableName(written);
    return own !== undefined && catalogue.find(own) === table;
  });
}
