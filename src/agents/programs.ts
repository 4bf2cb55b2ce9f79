import type { Job } from './engine.ts';
import { estimateOf } from './estimate.ts';
import { rulesOf, type Rule } from './validation/rules.ts';
import { stepProgramsOf, type StepProgram } from './validation/stepPrograms.ts';
import { publicationTargetOf, type PublicationTarget } from './publicationTarget.ts';
import { checkSpec } from '../compiler/check.ts';
import { compile } from '../compiler/compile.ts';
import { describeSpec, type Prepared } from '../compiler/describe.ts';
import { compileExpression } from '../compiler/expressions/compile.ts';
import type { SqlParser } from '../compiler/expressions/contract.ts';
import { tableIdentifier } from '../compiler/reference/identifier.ts';
import type { ResolvedSpec } from '../compiler/resolved.ts';
import { referenceSql, type Reference } from '../compiler/reference/reference.ts';
import type { SourceMap } from '../compiler/sourceMap.ts';
import type { Catalogue } from '../spec/catalogue.ts';
import type { Problem } from '../spec/problem.ts';
import { hasErrors } from '../spec/read.ts';
import type { Spec, TargetColumn, TargetMode } from '../spec/spec.ts';

/** What a run needs of the compilers. */
export interface CompiledRun {
  readonly problems: readonly Problem[];
  /** Left out where a problem is an error. */
  readonly programs?: Programs;
  /** What each step gives, for whoever looks for the one that went wrong; never kept. */
  readonly steps?: readonly StepProgram[];
}

/** Plain data, so that the journal of a run can hold it. */
export interface Programs {
  readonly script: string;
  /** The whole reference; left out where there is none, for the reason given. */
  readonly reference?: string;
  readonly noReference?: string;
  readonly target: { readonly table: string; readonly mode: TargetMode; readonly columns: readonly TargetColumn[] };
  /** What every row of the target is tested against beside the reference. */
  readonly rules?: readonly Rule[];
  /** What tells rows of the target apart, so that a changed one is not one missing and one unexpected. */
  readonly keys?: readonly string[];
  /** What the job will read. */
  readonly estimate?: Job['estimate'];
  /** Which lines of the script belong to which step. */
  readonly sourceMap: SourceMap;
  /** Reads only what came after the last run: then its rows wait until it is known how far it read. */
  readonly incremental: boolean;
  /** What the run publishes, where its rows wait until they have been compared. */
  readonly publication: PublicationTarget;
}

export interface ProgramsInput {
  readonly specText: string;
  readonly catalogue: Catalogue;
  readonly parser: SqlParser;
  /** The run's one instant: what `now()` means on both sides. */
  readonly instant: string;
  /** PostgreSQL's own word on a statement, which is never run. */
  readonly prepare: (sql: string) => Promise<Prepared>;
}

/** From the text of a spec to its two programs; every mistake in it is a problem at its place. */
export async function programsOf({ specText, instant, prepare, ...known }: ProgramsInput): Promise<CompiledRun> {
  const input = { ...known, compile: compileExpression };
  const { document, problems, columns } = await describeSpec({
    check: (described) => checkSpec(specText, { ...input, described }),
    reference: (resolved, step) => referenceSql(resolved, { instant }).steps.get(step),
    prepare,
  });
  const { spec, positions } = document;
  if (!spec || hasErrors(problems)) return { problems };
  const compiled = compile(
    {
      spec,
      positions,
      catalogue: known.catalogue,
      parser: known.parser,
      compile: (text, scope, use) => compileExpression(text, scope, use, known.parser),
      described: columns,
    },
    { instant },
  );
  const { resolved, reference, pyspark } = compiled;
  // The check has told everything but what stands in the way of the PySpark alone.
  const all = [...problems, ...compiled.problems.filter((problem) => !problems.some((told) => same(told, problem)))];
  if (!resolved || !pyspark || !reference || hasErrors(all)) return { problems: all };
  return {
    problems: all,
    steps: stepProgramsOf(resolved, reference),
    programs: {
      script: pyspark.text,
      ...referenceOf(spec, reference),
      target: targetOf(spec, resolved),
      rules: rulesOf(spec.checks ?? [], resolved.target),
      keys: keysOf(resolved.target),
      estimate: estimateOf(resolved.sources),
      sourceMap: pyspark.sourceMap,
      incremental: spec.sources.some(({ incremental }) => incremental !== undefined),
      publication: publicationTargetOf(resolved.target),
    },
  };
}

const same = (one: Problem, other: Problem): boolean =>
  one.code === other.code && one.span.offset === other.span.offset && one.message === other.message;

function referenceOf(spec: Spec, { sql, beyond }: Reference): Pick<Programs, 'reference' | 'noReference'> {
  const incremental = spec.sources.find((source) => source.incremental !== undefined);
  if (incremental) {
    return { noReference: `${incremental.name} is read from its last mark on, and PostgreSQL was not told the marks.` };
  }
  const connections = new Set([spec.target, ...spec.sources].map(({ connection }) => connection));
  if (connections.size > 1) {
    return {
      noReference: 'Its tables stand on more than one connection, and one database cannot tell the right rows.',
    };
  }
  if (sql !== undefined) return { reference: sql };
  const reason = beyond.get(spec.target.from) ?? spec.target.from;
  return {
    noReference: `The step ${reason} is Python without a SQL twin, so PostgreSQL cannot check what follows it.`,
  };
}

/** What the spec says, or the table's own key, or what the last step is unique by. */
function keysOf({ target, table, from, columns }: ResolvedSpec['target']): readonly string[] {
  const names = new Set(columns.map(({ name }) => name));
  const known = [target.keys, table?.primaryKey, ...from.uniqueKeys];
  return known.find((key) => key !== undefined && key.length > 0 && key.every((name) => names.has(name))) ?? [];
}

function targetOf(spec: Spec, { target }: ResolvedSpec): Programs['target'] {
  const { mode, columns } = spec.target;
  return { table: tableIdentifier(target.table ?? target.tableName), mode, columns };
}
