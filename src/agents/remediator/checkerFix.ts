import { agrees } from '../comparison.ts';
import { lineDiff } from '../lineDiff.ts';
import type { RemedyRequest } from '../ports.ts';
import type { Remedy } from '../run/events.ts';
import { applyEdits } from '../../spec/edits.ts';
import type { Problem } from '../../spec/problem.ts';
import { readSpec } from '../../spec/read.ts';
import type { DataFault } from './dataFault.ts';

/**
 * The check has warned of what then happened, and said the edit that mends it. Taken are edits by which nothing is lost: a wider
 * type, digits that are declared, an order that tells rows apart.
 */
export function checkerFix(request: RemedyRequest, data?: DataFault): (Remedy & { readonly kind: 'spec' }) | undefined {
  const { specText, problems = [], rounds } = request;
  const found = problems.find((problem) => problem.fix !== undefined && explains(problem, request, data));
  if (!found?.fix) return undefined;
  const edited = applyEdits(specText, found.fix.edits);
  const isTried = rounds.some(({ remedy }) => remedy.kind === 'spec' && remedy.specText === edited);
  if (edited === specText || isTried) return undefined;
  return {
    kind: 'spec',
    layer: 'spec',
    reason: `The check had warned: ${found.message} ${found.fix.title}.`,
    specText: edited,
    diff: lineDiff(specText, edited, 'spec.datamorph.json'),
  };
}

function explains(problem: Problem, request: RemedyRequest, data: DataFault | undefined): boolean {
  if (problem.code === 'lossy-type') return isTooNarrow(problem, request, data);
  if (request.fault.kind !== 'wrong') return false;
  if (problem.code === 'open-digits')
    return changedColumns(request).some((name) => isAt(problem, request, `columns.${name}`));
  return (
    (problem.code === 'unordered-dedupe' || problem.code === 'unordered-limit') &&
    rowsDiffer(request) &&
    isAt(problem, request, 'step')
  );
}

/** A step's own calculation does not get wider by the type of the target. */
function isTooNarrow({ span }: Problem, { specText, fault }: RemedyRequest, data: DataFault | undefined): boolean {
  const step = fault.kind === 'failed' ? fault.outcome.step : undefined;
  if (readSpec(specText).spec?.steps.some(({ name }) => name === step)) return false;
  const isText = /char|text/.test(specText.slice(span.offset, span.offset + span.length));
  return data?.kind === (isText ? 'tooLong' : 'overflow');
}

function rowsDiffer({ fault }: RemedyRequest): boolean {
  const comparison = fault.kind === 'wrong' && fault.verdict.kind === 'failed' ? fault.verdict.comparison : undefined;
  return comparison !== undefined && !agrees(comparison);
}

const changedColumns = ({ fault }: RemedyRequest): readonly string[] =>
  fault.kind === 'wrong' && fault.verdict.kind === 'failed' ? Object.keys(fault.verdict.changes?.byColumn ?? {}) : [];

/** `step`: the step that diverges, any where none is known; `columns.NAME`: a column of the target. */
function isAt({ span }: Problem, { specText, fault }: RemedyRequest, place: string): boolean {
  const { spec, positions } = readSpec(specText);
  const within = (path: readonly (string | number)[]): boolean => {
    const { offset, length } = positions.span(path);
    return offset <= span.offset && span.offset < offset + length;
  };
  if (place === 'step') {
    const step = fault.kind === 'wrong' && fault.divergence?.kind === 'step' ? fault.divergence.step : undefined;
    const at = spec?.steps.findIndex(({ name }) => name === step) ?? -1;
    return step === undefined || (at >= 0 && within(['steps', at]));
  }
  const at = spec?.target.columns.findIndex(({ name }) => `columns.${name}` === place) ?? -1;
  return at >= 0 && within(['target', 'columns', at]);
}
