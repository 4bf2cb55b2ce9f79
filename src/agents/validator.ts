import { agrees, compare } from './comparison.ts';
import { expectation } from './comparisonValidator.ts';
import type { ValidationRequest, Validator } from './ports.ts';
import type { Verdict } from './verdict.ts';
import { findChanges } from './validation/changes.ts';
import type { Snapshot, Snapshots } from './validation/snapshot.ts';
import { testRules, type RuleResult } from './validation/testRules.ts';

/** Rules first, then every row against PostgreSQL's own answer, all at one moment of the database. */
export const validatorOn = (snapshots: Snapshots): Validator => ({
  validate: (request, { signal }) => snapshots.snapshot((snapshot) => judge(snapshot, request), { signal }),
});

async function judge(snapshot: Snapshot, request: ValidationRequest): Promise<Verdict> {
  const { programs, rows } = request;
  const { columns } = programs.target;
  const rules = await testRules(snapshot, programs.rules ?? [], { table: `(select * from ${rows})`, columns });
  const broken = rules.some(isBroken);
  const expected = expectation(request);
  if (expected.kind === 'none') return { kind: broken ? 'failed' : 'notCompared', reason: expected.reason, rules };
  const compared = { table: rows, reference: expected.reference, columns };
  const comparison = await compare({ select: (sql) => snapshot.select(sql) }, compared, snapshot.signal);
  if (agrees(comparison)) return { kind: broken ? 'failed' : 'passed', comparison, rules };
  const changes = await findChanges(snapshot, compared, programs.keys ?? []);
  return { kind: 'failed', comparison, changes, rules };
}

const isBroken = ({ kind, rule }: RuleResult): boolean => kind === 'failed' && rule.severity === 'error';
