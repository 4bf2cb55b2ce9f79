/** Phase 1: what the spec and the database themselves say of a right target, as rules that every row is tested against. */
import type { ResolvedTarget } from '../../compiler/resolved.ts';
import type { Check, TargetMode } from '../../spec/spec.ts';

export interface Rule {
  /** Stable within a spec: where the rule comes from and what it says. */
  readonly id: string;
  readonly check: Check;
  readonly severity: 'error' | 'warning';
  /** Its place in `checks` of the spec; left out where the spec did not have to say it. */
  readonly index?: number;
  /** The file of the workspace that says it for many specs, and where in it (RFC 6901). */
  readonly file?: string;
  readonly pointer?: string;
}

/** The engineer's own checks, and what follows from target and catalogue; nothing twice. */
export function rulesOf(checks: readonly Check[], target: ResolvedTarget): readonly Rule[] {
  const own = checks.map((check, index) => ruleOf(check, `checks[${index}]`, index));
  const said = new Set(own.map(({ check }) => meaning(check)));
  const implied = impliedChecks(target).filter((check) => !said.has(meaning(check)));
  return [...own, ...implied.map((check) => ruleOf(check, `target ${meaning(check)}`))];
}

const ruleOf = (check: Check, id: string, index?: number): Rule => ({
  ...{ id, check, severity: check.severity ?? 'error' },
  ...(index !== undefined && { index }),
});

function impliedChecks({ target, columns, table }: ResolvedTarget): readonly Check[] {
  const required = columns.filter(({ nullable }) => nullable === false).map(({ name }) => name);
  const keyed = isKeyed(target.mode) && target.history === undefined ? [target.keys ?? []] : [];
  const names = new Set(columns.map(({ name }) => name));
  const constrained = [...(table?.primaryKey ? [table.primaryKey] : []), ...(table?.uniqueKeys ?? [])];
  const unique = [...keyed, ...constrained].filter((key) => key.length > 0 && key.every((name) => names.has(name)));
  return distinct([
    ...required.map((column): Check => ({ kind: 'notNull', column })),
    ...unique.map((key): Check => ({ kind: 'unique', columns: key })),
  ]);
}

const isKeyed = (mode: TargetMode): boolean => mode === 'upsert' || mode === 'history';

const distinct = (checks: readonly Check[]): readonly Check[] => [
  ...new Map(checks.map((check) => [meaning(check), check])).values(),
];

/** Two checks of one meaning need to run once only, whatever they are called. */
function meaning(check: Check): string {
  const said = check.kind === 'unique' ? { ...check, columns: check.columns.toSorted() } : check;
  return JSON.stringify({ ...said, name: undefined, severity: undefined });
}

/** The rule in words, for reports; `name` is what the engineer calls it. */
export function ruleTitle({ check }: Pick<Rule, 'check'>): string {
  if (check.name !== undefined) return check.name;
  switch (check.kind) {
    case 'notNull':
      return `${check.column} is never NULL`;
    case 'unique':
      return `${check.columns.join(', ')} ${check.columns.length === 1 ? 'is' : 'are'} unique`;
    case 'accepted':
      return `${check.column} is one of ${check.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'range':
      return `${check.column} ${bounds(check)}`;
    case 'references':
      return `${check.columns.join(', ')} ${check.columns.length === 1 ? 'stands' : 'stand'} in ${check.table}`;
    case 'rowCount':
      return `the number of rows ${bounds(check)}`;
    case 'sql':
      return 'a query finds no row';
  }
}

function bounds({ min, max }: { readonly min?: string | number; readonly max?: string | number }): string {
  if (min !== undefined && max !== undefined) return `lies between ${min} and ${max}`;
  return min !== undefined ? `is at least ${min}` : `is at most ${max ?? ''}`;
}
