/** From a spec to its two programs. Pure: a mistake is a problem, never an exception. */
import type { Problem } from '../spec/problem.ts';
import type { Step } from '../spec/spec.ts';
import { formatPgType, samePgType } from '../spec/pgTypes.ts';
import type { CompiledExpression, Scope, Use } from './expressions/contract.ts';
import { identifier } from './reference/identifier.ts';
import { referenceSql, type Reference, type ReferenceOptions } from './reference/reference.ts';
import { columnAs, sparkText } from './pyspark/columns.ts';
import { sparkQuery, type QueryContext } from './pyspark/query.ts';
import { pieceOf } from './pyspark/queryText.ts';
import { pySpark, type PySpark, type TargetCode } from './pyspark/script.ts';
import { markOf } from './pyspark/sqlStep.ts';
import { Untranslatable } from './pyspark/untranslatable.ts';
import { scopeOf, type ResolveInput } from './resolve/context.ts';
import { resolve } from './resolve.ts';
import type { Column, ResolvedSpec, ResolvedStep } from './resolved.ts';

export type CompileOptions = ReferenceOptions;

export interface Compiled {
  readonly problems: readonly Problem[];
  /** Left out where an error stands in the way. */
  readonly resolved?: ResolvedSpec;
  readonly reference?: Reference;
  readonly pyspark?: PySpark;
}

export function compile(input: ResolveInput, options: CompileOptions = {}): Compiled {
  const resolved = resolve(input);
  const { problems } = resolved;
  if (problems.some(({ severity }) => severity === 'error')) return { problems };
  const reference = referenceSql(resolved, options);
  // The columns of a query that PostgreSQL has not described yet are not known, so nothing can be written behind it.
  if (resolved.steps.some(({ known }) => !known)) return { problems, resolved, reference };
  const translation = new Translation(input);
  try {
    const targetColumns = translation.targetColumns(resolved);
    const pyspark = pySpark({
      spec: input.spec,
      resolved,
      targetColumns,
      translate: (step, expression) => translation.ofStep(step, expression),
      translateQuery: (step) => translation.ofQuery(step),
      functions: functionsOf(resolved),
      laterFunctions: translation.functions,
    });
    return { problems: [...problems, ...translation.warnings], resolved, reference, pyspark };
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    return { problems: [...problems, problemOf(error, input)], resolved, reference };
  }
}

/** What the expressions of the spec call. */
function functionsOf({ steps }: ResolvedSpec): ReadonlySet<string> {
  const expressions = steps.flatMap((step) => [...step.expressions.values()]);
  return new Set(expressions.flatMap(({ runtimeFunctions }) => runtimeFunctions));
}

/** Translates what the document does not spell out: casts, and the cells of a pivot. */
class Translation {
  readonly functions = new Set<string>();
  readonly warnings: Problem[] = [];
  private readonly input: ResolveInput;

  constructor(input: ResolveInput) {
    this.input = input;
  }

  ofStep(step: ResolvedStep, expression: string): string {
    const scope: Scope = { columns: step.inputs.flatMap((side) => scopeOf(side).columns) };
    return this.translated(expression, {
      scope,
      use: step.step.kind === 'pivot' ? 'aggregate' : 'row',
      step: step.step,
    }).spark;
  }

  ofQuery({ step, index, inputs, columns }: ResolvedStep<'sql'>): string {
    const context: QueryContext = {
      step: step.name,
      inputs: inputs.map((input) => ({ name: input.name, spark: markOf(input.name), columns: scopeOf(input).columns })),
      compile: this.input.compile,
      seen: ({ runtimeFunctions }) => {
        for (const name of runtimeFunctions) this.functions.add(name);
      },
      warned: ({ code, severity, message }, piece) => {
        const [first, last] = [piece[0]?.offset ?? 0, piece.at(-1)];
        const length = last ? last.offset + last.text.length - first : 0;
        const span = this.input.positions.within(['steps', index, 'query'], first, length);
        this.warnings.push({ code, severity, message, span });
      },
    };
    const names = columns.map(({ name }) => name);
    return sparkQuery(pieceOf(step.query), context, names).text;
  }

  targetColumns({ target }: ResolvedSpec): readonly TargetCode[] {
    const scope = scopeOf({ ...target.from, name: target.target.from, qualifier: target.target.from });
    const moment = target.from.columns.find(({ name }) => name === target.target.history?.validFrom);
    const own = moment
      ? [{ name: moment.name, type: formatPgType(moment.type), pgType: moment.type, given: moment }]
      : [];
    return [...target.columns, ...own].map(({ name, type, pgType, given }) => {
      const cast = given === undefined || !isSame(given, pgType);
      const expression = cast ? `cast(${identifier(name)} as ${type})` : identifier(name);
      const code = columnAs(this.translated(expression, { scope, use: 'row' }).spark, name);
      return { name, type: formatPgType(pgType), code };
    });
  }

  private translated(
    expression: string,
    { scope, use, step }: { scope: Scope; use: Use; step?: Step },
  ): CompiledExpression {
    const { expression: compiled, problems } = this.input.compile(expression, scope, use);
    if (!compiled) {
      const [problem] = problems.filter(({ severity }) => severity === 'error');
      throw new Untranslatable(problem?.code ?? 'not-translatable', problem?.message ?? expression, step?.name);
    }
    for (const name of compiled.runtimeFunctions) this.functions.add(name);
    return { ...compiled, spark: sparkText(compiled) };
  }
}

/** A cast to the same type does nothing; of an open numeric it says what the target holds. */
const isSame = (given: Column, type: Column['type']): boolean =>
  samePgType(given.type, type) && formatPgType(type) !== 'numeric';

function problemOf(error: Untranslatable, { spec, positions }: ResolveInput): Problem {
  const index = spec.steps.findIndex(({ name }) => name === error.step);
  const span = positions.span(index < 0 ? ['target', 'columns'] : ['steps', index, 'kind']);
  return { code: error.code, severity: 'error', message: error.message, span };
}
