import type { JsonPath, Positions } from '../positions.ts';
import type { Fix } from '../problem.ts';
import type { ShapeCode } from '../problemCodes.ts';
import type { Spec } from '../spec.ts';

/** What a rule over a whole, well-typed spec may see and say. */
export interface RuleContext {
  readonly spec: Spec;
  readonly positions: Positions;
  readonly report: (code: ShapeCode, path: JsonPath, message: string, fix?: { readonly fix?: Fix }) => void;
}

export type Rule = (context: RuleContext) => void;
