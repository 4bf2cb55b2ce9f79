import type { CodeGate } from '../codeGate.ts';
import type { SpecChecker } from './ports.ts';
import type { JsonPath } from '../../spec/positions.ts';
import type { Problem } from '../../spec/problem.ts';
import { readSpec } from '../../spec/read.ts';

/**
 * What a spec can carry beyond the language, and a model may not: SQL that calls what reads must not call, and Python that does
 * more than transform. A spec of an engineer's own is the engineer's business and does not come here.
 */
export function guardSpec(
  specText: string,
  tools: { readonly checker: SpecChecker; readonly gate: CodeGate },
): readonly Problem[] {
  const { spec, positions } = readSpec(specText);
  if (!spec) return [];
  const problems: Problem[] = [];
  const report = (code: string, path: JsonPath, message: string): void => {
    problems.push({ code, severity: 'error', message, span: positions.span(path) });
  };
  const query = (sql: string | undefined, path: JsonPath): void => {
    const refusal = sql === undefined ? undefined : tools.checker.refusal(sql);
    if (refusal !== undefined) report('query-refused', path, refusal);
  };
  spec.steps.forEach((step, at) => {
    if (step.kind === 'sql') query(step.query, ['steps', at, 'query']);
    if (step.kind !== 'python') return;
    query(step.sql, ['steps', at, 'sql']);
    for (const { line, message } of tools.gate.step(step.code)) {
      report('python-refused', ['steps', at, 'code'], `Line ${line} of the function: ${message}`);
    }
  });
  (spec.checks ?? []).forEach((check, at) => {
    if (check.kind === 'sql') query(check.query, ['checks', at, 'query']);
  });
  return problems;
}
