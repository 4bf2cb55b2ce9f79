/** The first two depths of checking: shape, then names and types against a snapshot of the database. Pure. */
import type { Catalogue } from '../spec/catalogue.ts';
import type { Problem } from '../spec/problem.ts';
import { readSpec, type SpecDocument } from '../spec/read.ts';
import { expressionAdvice } from './check/expressions.ts';
import { fanOut } from './check/fanOut.ts';
import { totalOrder } from './check/order.ts';
import { advise } from './check/rule.ts';
import { tableChanged } from './check/tableChanged.ts';
import type { ExpressionResult, Scope, SqlParser, Use } from './expressions/contract.ts';
import type { Column, ResolvedSpec } from './resolved.ts';
import { resolve } from './resolve.ts';

export interface CheckInput {
  readonly catalogue: Catalogue;
  readonly parser: SqlParser;
  /** `compileExpression`. */
  readonly compile: (text: string, scope: Scope, use: Use, parser: SqlParser) => ExpressionResult;
  /** What PostgreSQL said about the columns of `sql` steps, by the step's name. */
  readonly described?: ReadonlyMap<string, readonly Column[]>;
}

export interface Checked {
  readonly document: SpecDocument;
  /** Left out where the document is not of the spec's type. Nothing is to be compiled while a problem is an error. */
  readonly resolved?: ResolvedSpec;
  /** All of them, in the document's order. */
  readonly problems: readonly Problem[];
}

export const checkSpec = (text: string, input: CheckInput): Checked => checkDocument(readSpec(text), input);

const rules = [tableChanged, totalOrder, fanOut, expressionAdvice];

/** The same for a document that has been read already. */
export function checkDocument(document: SpecDocument, input: CheckInput): Checked {
  const { spec, positions } = document;
  if (!spec) return { document, problems: document.problems };
  const parser = remembering(input.parser);
  const compile = (expression: string, scope: Scope, use: Use) => input.compile(expression, scope, use, parser);
  const resolved = resolve({ ...input, spec, positions, parser, compile });
  const advice = advise(rules, { resolved, positions, parser, checks: spec.checks ?? [] });
  const problems = [...document.problems, ...resolved.problems, ...advice];
  return { document, resolved, problems: problems.sort((a, b) => a.span.offset - b.span.offset) };
}

/** Each expression is looked at several times, and parsing is what checking spends its time on. */
function remembering(parser: SqlParser): SqlParser {
  const known = new Map<string, ReturnType<SqlParser['parse']>>();
  return {
    parse(sql) {
      const answer = known.get(sql) ?? parser.parse(sql);
      known.set(sql, answer);
      return answer;
    },
  };
}
