import type { IntentWriter } from './intentPort.ts';
import type { ValidationRequest, Validator } from './ports.ts';
import { analyse, bareVerdict, proofOf } from './validation/analysisPhase.ts';
import { compareRows, notLookedAt } from './validation/comparisonPhase.ts';
import { execute, untested } from './validation/executionPhase.ts';
import { askIntent, type KnownIntent, type TestIntent } from './validation/intentPhase.ts';
import { Phases } from './validation/phases.ts';
import { gatherRules, noRules, type KnownRules } from './validation/rulesPhase.ts';
import { mostComparedRows } from './validation/sample.ts';
import type { SharedRulesSource } from './validation/sharedRules.ts';
import type { Snapshot, Snapshots } from './validation/snapshot.ts';
import { noEvidence, verify } from './validation/verificationPhase.ts';
import type { Verdict } from './verdict.ts';

export interface ValidatorOptions {
  /** Where there is none, nobody reads the prompt a second time, and the verdict says so. */
  readonly intentWriter?: IntentWriter;
  readonly testIntent?: TestIntent;
  readonly sharedRules?: SharedRulesSource;
  /** Of more rows only a sample is compared. */
  readonly compareRows?: number;
  /** After which the server ends a statement. */
  readonly timeoutMs?: number;
}

/** From rules to a verdict in six phases; all that looks at rows looks at one moment of the database. */
export const validatorOn = (snapshots: Snapshots, options: ValidatorOptions = {}): Validator => ({
  async validate(request, watch) {
    const phases = new Phases(request.skip, watch);
    const { intentWriter, sharedRules, timeoutMs } = options;
    const known = await phases.run(
      'rules',
      () => gatherRules(request, sharedRules),
      () => noRules,
    );
    // A model may take its time: the database is not held meanwhile.
    const intent = await phases.run('intent', () => askIntent(request, intentWriter, watch.signal), nothing);
    const limits = { signal: watch.signal, ...(timeoutMs !== undefined && { timeoutMs }) };
    return snapshots.snapshot((snapshot) => judge({ snapshot, request, phases, known, intent, options }), limits);
  },
});

const nothing = (): undefined => undefined;

interface Judging {
  readonly snapshot: Snapshot;
  readonly request: ValidationRequest;
  readonly phases: Phases;
  readonly known: KnownRules;
  readonly intent: KnownIntent;
  readonly options: ValidatorOptions;
}

async function judge({ snapshot, request, phases, known, intent, options }: Judging): Promise<Verdict> {
  const { testIntent, compareRows: mostRows = mostComparedRows } = options;
  const { rules } = known;
  const started = performance.now();
  const tested = await phases.run(
    'execution',
    () => execute(snapshot, request, { rules, intent, testIntent }),
    () => untested(rules),
  );
  const compared = await phases.run(
    'comparison',
    () => compareRows(snapshot, request, mostRows),
    () => notLookedAt,
  );
  const evidence = await phases.run(
    'verification',
    () => verify(snapshot, request, { tested, compared }),
    () => noEvidence,
  );
  const found = { known, tested, compared, evidence };
  const verdict = await phases.run(
    'analysis',
    () => analyse(found, request),
    () => bareVerdict(found),
  );
  const ms = Math.round(performance.now() - started);
  const proof = proofOf(found, { snapshot: snapshot.id, ms, phases: phases.results });
  return { ...verdict, proof, phases: phases.results };
}
