import { compile } from '../compiler/compile.ts';
import { compileExpression } from '../compiler/expressions/compile.ts';
import type { SqlParser } from '../compiler/expressions/contract.ts';
import { tableIdentifier } from '../compiler/reference/identifier.ts';
import type { ResolvedSpec } from '../compiler/resolved.ts';
import type { Reference } from '../compiler/reference/reference.ts';
import { blockAt } from '../compiler/sourceMap.ts';
import type { Catalogue } from '../spec/catalogue.ts';
import type { Problem } from '../spec/problem.ts';
import { hasErrors, readSpec } from '../spec/read.ts';
import type { Spec, TargetColumn, TargetMode } from '../spec/spec.ts';

/** What a run needs of the compilers. */
export interface CompiledRun {
  readonly problems: readonly Problem[];
  /** Left out where a problem is an error. */
  readonly programs?: Programs;
}

export interface Programs {
  readonly script: string;
  /** The whole reference; left out where there is none, for the reason given. */
  readonly reference?: string;
  readonly noReference?: string;
  readonly target: { readonly table: string; readonly mode: TargetMode; readonly columns: readonly TargetColumn[] };
  /** The step that a line of the script belongs to. */
  readonly stepAt: (line: number) => string | undefined;
}

export interface ProgramsInput {
  readonly specText: string;
  readonly catalogue: Catalogue;
  readonly parser: SqlParser;
  /** The run's one instant: what `now()` means on both sides. */
  readonly instant: string;
}

/** From the text of a spec to its two programs; every mistake in it is a problem at its place. */
export function programsOf({ specText, catalogue, parser, instant }: ProgramsInput): CompiledRun {
  const { spec, problems: shape, positions } = readSpec(specText);
  if (!spec || hasErrors(shape)) return { problems: shape };
  const { problems, resolved, reference, pyspark } = compile(
    {
      spec,
      positions,
      catalogue,
      parser,
      compile: (text, scope, use) => compileExpression(text, scope, use, parser),
    },
    { instant },
  );
  const all = [...shape, ...problems];
  if (!resolved || !pyspark || !reference || hasErrors(all)) return { problems: all };
  return {
    problems: all,
    programs: {
      script: pyspark.text,
      ...referenceOf(spec, reference),
      target: targetOf(spec, resolved),
      stepAt: (line) => blockAt(pyspark.sourceMap, line)?.name,
    },
  };
}

function referenceOf(spec: Spec, { sql, beyond }: Reference): Pick<Programs, 'reference' | 'noReference'> {
  const incremental = spec.sources.find((source) => source.incremental !== undefined);
  if (incremental) {
    return { noReference: `${incremental.name} is read from its last mark on, and PostgreSQL was not told the marks.` };
  }
  if (sql !== undefined) return { reference: sql };
  const reason = beyond.get(spec.target.from) ?? spec.target.from;
  return {
    noReference: `The step ${reason} is Python without a SQL twin, so PostgreSQL cannot check what follows it.`,
  };
}

function targetOf(spec: Spec, { target }: ResolvedSpec): Programs['target'] {
  const { mode, columns } = spec.target;
  return { table: tableIdentifier(target.table ?? target.tableName), mode, columns };
}
