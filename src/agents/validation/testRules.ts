import { isStatementFailed, type Snapshot } from './snapshot.ts';
import { brokenRowsSql, countsSql, type RuleTable } from './ruleSql.ts';
import type { Rule } from './rules.ts';

export type RuleResult = { readonly rule: Rule } & (
  | { readonly kind: 'passed' }
  /** `rows`: how many break it, or groups of rows where it is about those; `examples` are rows as JSON text. */
  | { readonly kind: 'failed'; readonly rows: number; readonly examples: readonly string[] }
  /** It is not known whether it holds, and nobody may take it for passed. */
  | { readonly kind: 'notRun'; readonly reason: string }
);

const exampleCount = 5;

/** Every rule against every row of the target: one scan for all that look at a row alone. */
export async function testRules(
  snapshot: Snapshot,
  rules: readonly Rule[],
  target: RuleTable,
): Promise<readonly RuleResult[]> {
  const refused = new Map<Rule, string>();
  for (const rule of rules) {
    const reason = refusalOf(rule, snapshot);
    if (reason !== undefined) refused.set(rule, reason);
  }
  const allowed = rules.filter((rule) => !refused.has(rule));
  const counts = await countAll(snapshot, allowed, target);
  const results: RuleResult[] = [];
  for (const rule of rules) {
    const count = counts.get(rule) ?? refused.get(rule) ?? '';
    if (typeof count === 'string') results.push({ rule, kind: 'notRun', reason: count });
    else if (count === 0) results.push({ rule, kind: 'passed' });
    else results.push({ rule, kind: 'failed', rows: count, examples: await examplesOf(snapshot, rule, target) });
  }
  return results;
}

const refusalOf = ({ check }: Rule, snapshot: Snapshot): string | undefined =>
  check.kind === 'sql' ? snapshot.refusal(check.query) : undefined;

/** By rule: how many rows break it, or why it could not be run. */
async function countAll(
  snapshot: Snapshot,
  rules: readonly Rule[],
  target: RuleTable,
): Promise<ReadonlyMap<Rule, number | string>> {
  if (rules.length === 0) return new Map();
  try {
    const [row] = await snapshot.select<Readonly<Record<string, string>>>(countsSql(rules, target));
    return new Map(rules.map((rule, at) => [rule, Number(row?.[`r${at}`])]));
  } catch (error) {
    snapshot.signal.throwIfAborted();
    if (!isStatementFailed(error)) throw error;
    if (rules.length === 1) return new Map(rules.map((rule) => [rule, error.message]));
    // One that PostgreSQL cannot run must not take the others with it.
    const middle = Math.ceil(rules.length / 2);
    const halves = [rules.slice(0, middle), rules.slice(middle)];
    const found = [];
    for (const half of halves) found.push(...(await countAll(snapshot, half, target)));
    return new Map(found);
  }
}

async function examplesOf(snapshot: Snapshot, rule: Rule, target: RuleTable): Promise<readonly string[]> {
  const sql = brokenRowsSql(rule, target, exampleCount);
  if (sql === undefined) return [];
  return (await snapshot.select<{ readonly row: string }>(sql)).map(({ row }) => row);
}
