import type { Fix, Problem } from '../../spec/problem.ts';
import type { JsonPath, Positions } from '../../spec/positions.ts';
import type { Check } from '../../spec/spec.ts';
import { catalogueProblem, type CatalogueCode } from './codes.ts';
import type { SqlParser } from '../expressions/contract.ts';
import type { ResolvedSpec } from '../resolved.ts';

/** What a rule over a resolved spec may see and say. It looks for what is allowed and seldom meant. */
export interface AdviceContext {
  readonly resolved: ResolvedSpec;
  readonly checks: readonly Check[];
  readonly positions: Positions;
  readonly parser: SqlParser;
  readonly report: (code: CatalogueCode, place: Place, message: string, fix?: { readonly fix?: Fix }) => void;
}

/** A value of the document, or a part of its decoded text. */
export interface Place {
  readonly path: JsonPath;
  readonly part?: { readonly offset: number; readonly length: number };
}

export type Advice = (context: AdviceContext) => void;

export function advise(rules: readonly Advice[], context: Omit<AdviceContext, 'report'>): Problem[] {
  const problems: Problem[] = [];
  const { positions } = context;
  const report: AdviceContext['report'] = (code, { path, part }, message, fix) => {
    const span = part ? positions.within(path, part.offset, part.length) : positions.span(path);
    problems.push(catalogueProblem(code, span, message, fix?.fix));
  };
  for (const rule of rules) rule({ ...context, report });
  return problems;
}
