import type { Catalogue } from '../../spec/catalogue.ts';
import { fixOf, replaceValue, replaceWithin } from '../../spec/edits.ts';
import type { JsonPath, Positions } from '../../spec/positions.ts';
import type { Fix, Problem } from '../../spec/problem.ts';
import type { Spec } from '../../spec/spec.ts';
import { didYouMean, suggest } from '../../spec/suggest.ts';
import { catalogueProblem, type CatalogueCode } from '../check/codes.ts';
import type { CompiledExpression, ExpressionResult, Scope, SqlParser, Use } from '../expressions/contract.ts';
import type { Column, Relation, ResolvedInput } from '../resolved.ts';
import { settled } from '../typeRules.ts';

export type ExpressionCompiler = (text: string, scope: Scope, use: Use) => ExpressionResult;

export interface ResolveInput {
  readonly spec: Spec;
  readonly positions: Positions;
  readonly catalogue: Catalogue;
  readonly parser: SqlParser;
  readonly compile: ExpressionCompiler;
  /** What PostgreSQL said about the columns of `sql` steps, by the step's name. */
  readonly described?: ReadonlyMap<string, readonly Column[]>;
}

/** Problems are collected, never thrown. */
export interface Reporter {
  readonly positions: Positions;
  readonly report: (code: CatalogueCode, path: JsonPath, message: string, fix?: { readonly fix?: Fix }) => void;
  readonly add: (problem: Problem) => void;
}

export function reporterOf(positions: Positions, problems: Problem[]): Reporter {
  return {
    positions,
    add: (problem) => void problems.push(problem),
    report: (code, path, message, fix) =>
      void problems.push(catalogueProblem(code, positions.span(path), message, fix?.fix)),
  };
}

/** What a step's handler may ask; paths are relative to the step. */
export interface StepContext {
  readonly name: string;
  readonly inputs: readonly ResolvedInput[];
  readonly positions: Positions;
  readonly parser: SqlParser;
  readonly described: readonly Column[] | undefined;
  /** The names that the document has given to sources and steps. */
  readonly taken: ReadonlySet<string>;
  readonly at: (path: JsonPath) => JsonPath;
  readonly report: (code: CatalogueCode, path: JsonPath, message: string, fix?: { readonly fix?: Fix }) => void;
  /** A problem at a part of an expression; offsets count in its decoded text. */
  readonly reportWithin: (code: CatalogueCode, part: PartOfText, message: string, fix?: { readonly fix?: Fix }) => void;
  /** Compiles an expression of the document, keeps it under its path, and says what is wrong with it in its place. */
  readonly expression: (path: JsonPath, text: string, scope: Scope, use?: Use) => CompiledExpression | undefined;
  /** The same for an expression that the document does not spell out, such as a column that passes through. */
  readonly implied: (key: string, text: string, scope: Scope, use?: Use) => CompiledExpression | undefined;
  /** The input's column of this name, or a problem at the path. */
  readonly column: (path: JsonPath, name: string, relation: Relation) => Column | undefined;
}

export interface PartOfText {
  readonly path: JsonPath;
  readonly offset: number;
  readonly length: number;
}

export interface StepContextInput {
  readonly input: ResolveInput;
  readonly reporter: Reporter;
  readonly index: number;
  readonly name: string;
  readonly inputs: readonly ResolvedInput[];
  readonly expressions: Map<string, CompiledExpression>;
}

export function stepContext({ input, reporter, index, name, inputs, expressions }: StepContextInput): StepContext {
  const at = (path: JsonPath): JsonPath => ['steps', index, ...path];
  const { positions } = input;
  return {
    name,
    inputs,
    positions,
    parser: input.parser,
    described: input.described?.get(name),
    get taken() {
      return new Set([...input.spec.sources, ...input.spec.steps].map((one) => one.name));
    },
    at,
    report: (code, path, message, fix) => {
      reporter.report(code, at(path), message, fix);
    },
    reportWithin(code, { path, offset, length }, message, fix) {
      reporter.add(catalogueProblem(code, positions.within(at(path), offset, length), message, fix?.fix));
    },
    expression(path, text, scope, use = 'row') {
      const { expression, problems } = input.compile(text, scope, use);
      for (const problem of problems) reporter.add(inDocument(problem, at(path), positions));
      if (expression) expressions.set(path.join('.'), expression);
      return expression;
    },
    implied(key, text, scope, use = 'row') {
      const { expression } = input.compile(text, scope, use);
      if (expression) expressions.set(key, expression);
      return expression;
    },
    column(path, column, relation) {
      const found = relation.columns.find((candidate) => candidate.name === column);
      if (!found) reportUnknownColumn({ column, relation, path: at(path), reporter });
      return found;
    },
  };
}

/** A mistake inside an expression, where the expression stands in the document. */
function inDocument(problem: ExpressionResult['problems'][number], path: JsonPath, positions: Positions): Problem {
  const { code, severity, message, offset, length, fix } = problem;
  const edits = fix && replaceWithin(positions, path, { offset, length, text: fix.replacement });
  return {
    code,
    severity,
    message,
    span: positions.within(path, offset, length),
    ...(fix && edits && edits.length > 0 && { fix: { title: fix.title, edits } }),
  };
}

export interface UnknownColumn {
  readonly column: string;
  readonly relation: Relation;
  readonly path: JsonPath;
  readonly reporter: Reporter;
  /** What has the columns, in words. */
  readonly owner?: string;
}

export function reportUnknownColumn({ column, relation, path, reporter, owner = 'The input' }: UnknownColumn): void {
  const suggestion = suggest(
    column,
    relation.columns.map(({ name }) => name),
  );
  reporter.report(
    'unknown-column',
    path,
    `${owner} has no column "${column}".${didYouMean(suggestion)}`,
    suggestion === undefined
      ? undefined
      : fixOf(`Change to "${suggestion}"`, replaceValue(reporter.positions, path, JSON.stringify(suggestion))),
  );
}

/** The column that an expression's value makes. */
export const columnOf = (name: string, { type, nullable, decimal, collation }: CompiledExpression): Column => ({
  name,
  type: settled(type),
  nullable,
  ...(decimal && { decimal }),
  ...(collation !== undefined && { collation }),
});

/** A column as an expression may always name it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const scopeOf = ({ columns, qualifier }: ResolvedInput): Scope => ({
  columns: columns.map((column) => ({ ...column, qualifier })),
});

/** Nothing more can be said of these rows. */
export const unknownRelation: Relation = { columns: [], known: false, uniqueKeys: [] };
