/** The root cause as far as evidence alone says it: without a model, the same for the same fault every time. */
import { agrees } from '../comparison.ts';
import type { RemedyRequest } from '../ports.ts';
import type { Outcome, Remedy } from '../run/events.ts';
import type { FaultLayer, Finding, Verdict } from '../verdict.ts';
import { ruleTitle } from '../validation/rules.ts';
import { readSpec } from '../../spec/read.ts';
import { checkerFix } from './checkerFix.ts';
import { compiledForm } from './compiledForm.ts';
import { dataFaultOf, withoutValues } from './dataFault.ts';
import { environmentOf, troubles } from './environment.ts';
import { wasTried } from './signature.ts';

export interface Diagnosis {
  readonly remedy: Remedy;
  /** Evidence decides: nobody is asked. Otherwise it is what is known where nobody can be asked. */
  readonly isSure: boolean;
}

const sure = (remedy: Remedy): Diagnosis => ({ remedy, isSure: true });
const open = (layer: FaultLayer, reason: string): Diagnosis => ({
  remedy: { kind: 'none', layer, reason },
  isSure: false,
});
const none = (layer: FaultLayer, reason: string): Diagnosis => sure({ kind: 'none', layer, reason });

export function diagnosisOf(request: RemedyRequest): Diagnosis {
  const { fault } = request;
  return fault.kind === 'failed' ? ofFailure(request, fault.outcome) : ofVerdict(request, fault.verdict);
}

function ofFailure(request: RemedyRequest, outcome: Outcome): Diagnosis {
  const trouble = environmentOf(outcome);
  if (trouble) {
    const { is, wayOut, stays } = troubles[trouble];
    const noCode = 'that is nothing to be mended in code.';
    if (stays) return none('environment', `${is}: ${noCode} ${wayOut}`);
    return wasTried(request, 'again')
      ? none('environment', `${is}, also at a second try; ${noCode} ${wayOut}`)
      : sure({ kind: 'again', layer: 'environment', reason: `${is}: the same is run once more, and nothing changed.` });
  }
  if (request.code.origin !== 'compiled') return sure(compiledForm(request));
  const data = dataFaultOf(request, outcome);
  if (data) {
    const fix = checkerFix(request, data);
    return fix ? sure(fix) : open('data', `${data.says} ${data.wayOut}`);
  }
  const message = outcome.result.kind === 'failed' ? withoutValues(outcome.result.message) : outcome.result.kind;
  if (outcome.result.kind === 'failed' && outcome.result.reason === 'refused') {
    return open('spec', `The target is not written as it stands: ${message}`);
  }
  const where = outcome.step === undefined ? '' : ` in step ${outcome.step}`;
  return open('script', `The compiled script fails${where}, and no known cause fits: ${message}`);
}

function ofVerdict(request: RemedyRequest, verdict: Verdict): Diagnosis {
  if (verdict.kind !== 'failed') return none('prompt', 'Nothing is known to be wrong.');
  const byFindings = ofFindings(request, errorsIn(verdict));
  if (byFindings) return byFindings;
  const { comparison } = verdict;
  if (comparison && !agrees(comparison)) return ofRows(request);
  const unclear = errorsIn(verdict).find(({ cause }) => cause === 'spec' || cause === 'prompt');
  if (unclear?.cause) return open(unclear.cause, [unclear.message, ...unclear.evidence].join(' '));
  const broken = (verdict.rules ?? []).filter(({ kind, rule }) => kind === 'failed' && rule.severity === 'error');
  if (broken.length > 0) {
    const rules = broken.map(({ rule }) => ruleTitle(rule)).join('; ');
    return comparison
      ? none(
          'data',
          `Every row equals PostgreSQL's own answer, so that breaks the rule as well (${rules}): the code is right, and the source rows or the rule are not. ${aboutRules}`,
        )
      : open(
          'data',
          `A rule is broken (${rules}), and whether PostgreSQL's own answer breaks it too is not known. ${aboutRules}`,
        );
  }
  const why = verdict.reason ?? errorsIn(verdict)[0]?.message;
  return open(
    'prompt',
    `The rows are what the spec says; whether the spec says what is meant is the question. ${why ?? ''}`.trim(),
  );
}

const errorsIn = ({ findings = [] }: Verdict): readonly Finding[] =>
  findings.filter(({ severity }) => severity === 'error');

const aboutRules = 'Correct those rows at their source, filter them in the spec, or change the rule.';

/** Whoever verified the findings has said where the fault lies. */
function ofFindings(request: RemedyRequest, findings: readonly Finding[]): Diagnosis | undefined {
  const causes = new Set(findings.map(({ cause }) => cause));
  const [cause] = causes;
  if (causes.size !== 1 || cause === undefined) return undefined;
  const words = findings.flatMap(({ message, evidence }) => [message, ...evidence]).join(' ');
  switch (cause) {
    case 'data':
      // Sources that changed under the job stand still under the next one, perhaps.
      if (findings.some(({ code }) => code === 'rows-differ') && !wasTried(request, 'again')) {
        return sure({ kind: 'again', layer: 'data', reason: words });
      }
      return none('data', `The code is right, and the data is not: ${words}`);
    case 'test':
      return none('test', `The rows are right, and the test is not: ${words}`);
    case 'environment':
      return wasTried(request, 'again')
        ? none('environment', `Also at a second try: ${words}`)
        : sure({ kind: 'again', layer: 'environment', reason: words });
    default:
      return undefined;
  }
}

/** Target and reference come from one spec: where they differ, one of its two programs is not what it was compiled to, or saw other rows. */
function ofRows(request: RemedyRequest): Diagnosis {
  const { code, fault, specText } = request;
  if (code.origin !== 'compiled') return sure(compiledForm(request));
  const fix = checkerFix(request);
  if (fix) return sure(fix);
  const name = fault.kind === 'wrong' && fault.divergence?.kind === 'step' ? fault.divergence.step : undefined;
  const step = readSpec(specText).spec?.steps.find((each) => each.name === name);
  if (step?.kind === 'python') {
    return open(
      'spec',
      `The function of the python step ${step.name} and its SQL twin do not say the same: one of them has to be corrected.`,
    );
  }
  if (!wasTried(request, 'again')) {
    return sure({
      kind: 'again',
      layer: 'environment',
      reason:
        'The script is the compiled one: source rows may have changed between the job and the comparison. The same is run once more, and nothing changed.',
    });
  }
  return open(
    'script',
    `The compiled script and PostgreSQL do not agree${name === undefined ? '' : ` from step ${name} on`}, also at a second try: either source rows change all the time, or the compiler is at fault. Please report it.`,
  );
}
