import type { ExpressionProblem } from './contract.ts';
import type { ExpressionProblemCode } from './problemCodes.ts';

/** A place in the expression's text, in UTF-16 units. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** Carries a problem from where it is found to `compileExpression`, which turns it into a value; it goes no further. */
export class Refusal extends Error {
  readonly problem: ExpressionProblem;

  constructor(code: ExpressionProblemCode, at: Place, message: string, fix?: ExpressionProblem['fix']) {
    super(message);
    this.problem = {
      code,
      severity: 'error',
      message,
      offset: at.offset,
      length: at.length,
      ...(fix && { fix }),
    };
  }
}
