/** Phase 4.5: what evidence says of each failure. Nothing here is a model's word. */
import { agrees } from '../comparison.ts';
import { counted } from '../counted.ts';
import type { ValidationRequest } from '../ports.ts';
import { causeWords } from './causeWords.ts';
import type { Compared } from './comparisonPhase.ts';
import { isDoubtful, type Tested } from './executionPhase.ts';
import type { Cause } from './findings.ts';
import type { PhaseOutcome } from './phases.ts';
import type { Snapshot } from './snapshot.ts';
import { changedSources } from './sourceChanges.ts';
import { referenceAsTable } from './target.ts';
import { testRules, type RuleResult } from './testRules.ts';

export interface Evidence {
  /** By the rule's id. */
  readonly ofRules: ReadonlyMap<string, Cause>;
  readonly ofRows?: Cause;
  /** Of a test of the prompt that fails, and of a second reading that differs. */
  readonly ofIntent?: Cause;
}

export const noEvidence: Evidence = { ofRules: new Map() };

interface Failures {
  readonly tested: Tested;
  readonly compared: Compared;
}

export async function verify(
  snapshot: Snapshot,
  request: ValidationRequest,
  failures: Failures,
): Promise<PhaseOutcome<Evidence>> {
  const rows = differs(failures.compared) ? await causeOfRows(snapshot, request) : undefined;
  const evidence: Evidence = {
    ofRules: await causesOfRules(snapshot, request, { ...failures, rows }),
    ...(rows && { ofRows: rows }),
    ...(failures.tested.intent && isDoubtful(failures.tested.intent) && { ofIntent: causeOfDoubt(failures.compared) }),
  };
  return outcomeOf(evidence);
}

const differs = (compared: Compared): boolean => compared.kind === 'compared' && !agrees(compared.comparison);

const agreesWhole = (compared: Compared): boolean =>
  compared.kind === 'compared' && agrees(compared.comparison) && compared.sample === undefined;

async function causeOfRows(snapshot: Snapshot, request: ValidationRequest): Promise<Cause> {
  const changed = await changedSources(snapshot, request);
  const late = changed.filter(({ rows }) => rows > 0);
  if (late.length > 0) {
    const evidence = late.map(
      ({ source, rows }) => `${source} holds ${counted(rows, 'row')} written after the rows of the target.`,
    );
    return { cause: 'environment', evidence };
  }
  const evidence = [
    'PostgreSQL computes the same spec from the same tables and gets other rows: what ran says something else than the spec.',
    ...(changed.length > 0
      ? [`No row that was written after those of the target: ${changed.map(({ source }) => source).join(', ')}.`]
      : []),
  ];
  return { cause: 'script', evidence };
}

async function causesOfRules(
  snapshot: Snapshot,
  { programs }: ValidationRequest,
  { tested, compared, rows }: Failures & { readonly rows: Cause | undefined },
): Promise<Evidence['ofRules']> {
  const broken = tested.rules.filter(({ kind }) => kind === 'failed').map(({ rule }) => rule);
  if (broken.length === 0) return new Map();
  const { reference, target, noReference } = programs;
  const same = (cause: Cause): Evidence['ofRules'] => new Map(broken.map(({ id }) => [id, cause]));
  if (agreesWhole(compared)) return same(equalCause);
  if (reference === undefined) {
    return same({ evidence: [noReference ?? 'There is no answer of PostgreSQL to test the rule on.'] });
  }
  const expected = referenceAsTable({ reference, columns: target.columns });
  const results = await testRules(snapshot, broken, expected);
  return new Map(results.map((result) => [result.rule.id, causeOfRule(result, compared, rows)]));
}

const equalCause: Cause = {
  cause: 'data',
  evidence: ["Every row equals PostgreSQL's own answer, which breaks the rule too: the data or the spec, not the job."],
};

/** `result`: of the same rule on PostgreSQL's own answer. */
function causeOfRule(result: RuleResult, compared: Compared, rows: Cause | undefined): Cause {
  switch (result.kind) {
    case 'failed': {
      const n = counted(result.rows, 'row');
      return { cause: 'data', evidence: [`PostgreSQL's own answer breaks it too, by ${n}: the data or the spec, not the job.`] }; // prettier-ignore
    }
    case 'notRun':
      return { evidence: [`It could not be run on PostgreSQL's own answer: ${result.reason}`] };
    case 'passed':
      if (rows?.cause === 'environment') return rows;
      if (compared.kind === 'compared') return { cause: 'script', evidence: ["PostgreSQL's own answer keeps it."] };
      return {
        evidence: ["PostgreSQL's own answer keeps it: the rows are of the job, or were in the target before."],
      };
  }
}

function causeOfDoubt(compared: Compared): Cause {
  if (compared.kind === 'notCompared')
    return { evidence: ['The rows were not compared, so the fault may be anywhere.'] };
  if (!agrees(compared.comparison)) return { evidence: ["The rows differ from PostgreSQL's own answer anyway."] };
  const evidence = ["The rows equal PostgreSQL's own answer to the spec: the prompt can be read in another way."];
  return { cause: 'prompt', evidence };
}

function outcomeOf(evidence: Evidence): PhaseOutcome<Evidence> {
  const { ofRules, ofRows, ofIntent } = evidence;
  const causes = [...(ofRows ? [ofRows] : []), ...ofRules.values(), ...(ofIntent ? [ofIntent] : [])];
  if (causes.length === 0) return { found: evidence, outcome: 'notRun', summary: 'Nothing failed.' };
  const known = causes.flatMap(({ cause }) => cause ?? []);
  const tally = [...new Set(known)].map(
    (cause) => `${known.filter((each) => each === cause).length} of ${causeWords[cause]}`,
  );
  const unknown = causes.length - known.length;
  const parts = [...tally, ...(unknown > 0 ? [`${unknown} without a known cause`] : [])];
  const summary = `${counted(causes.length, 'failure')} looked into: ${parts.join(', ')}.`;
  return { found: evidence, outcome: unknown > 0 ? 'warned' : 'passed', summary };
}
