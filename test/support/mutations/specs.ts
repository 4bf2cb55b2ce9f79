/** The specs that are mutated, with their two databases: the shop of the golden specs, and TPC-H. */
import { readdirSync, readFileSync } from 'node:fs';
import { compile, type Compiled } from '../../../src/compiler/compile.ts';
import { compileExpression } from '../../../src/compiler/expressions/compile.ts';
import type { SqlParser } from '../../../src/compiler/expressions/contract.ts';
import type { Reference } from '../../../src/compiler/reference/reference.ts';
import type { Column, ResolvedSpec } from '../../../src/compiler/resolved.ts';
import type { Catalogue } from '../../../src/spec/catalogue.ts';
import { readSpec } from '../../../src/spec/read.ts';
import type { Spec } from '../../../src/spec/spec.ts';
import { ownSpecs } from './ownSpecs.ts';
import { formatSpec } from '../../../src/spec/write.ts';

/** The one instant of every run. */
export const instant = '2026-02-10T12:34:56+00:00';

const golden = new URL('../../golden/', import.meta.url);
const tpch = new URL('../../spark/tpch/', import.meta.url);

const specsIn = (folder: URL): readonly Spec[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.datamorph.json'))
    .sort()
    .map((file) => readSpec(readFileSync(new URL(file, folder), 'utf8')).spec)
    .filter((spec) => spec !== undefined)
    .filter(({ target }) => target.mode === 'replace');

export const shopSpecs = (): readonly Spec[] => [...specsIn(golden), ...ownSpecs];
export const tpchSpecs = (): readonly Spec[] => specsIn(tpch);

export interface Workshop {
  readonly catalogue: Catalogue;
  readonly parser: SqlParser;
  /** The columns that PostgreSQL gives a query. */
  describe(query: string): Promise<readonly Column[]>;
}

export interface Programs {
  readonly compiled: Compiled;
  readonly resolved: ResolvedSpec;
  readonly reference: Reference & { readonly sql: string };
}

/** Undefined where the spec is refused: such a fault never becomes a job. */
export async function programsOf(spec: Spec, workshop: Workshop): Promise<Programs | undefined> {
  const { positions } = readSpec(formatSpec(spec));
  const { catalogue, parser } = workshop;
  const described = new Map<string, readonly Column[]>();
  for (;;) {
    const compiled = compile(
      {
        ...{ spec, positions, catalogue, parser, described },
        compile: (expression, scope, use) => compileExpression(expression, scope, use, parser),
      },
      { instant },
    );
    const { resolved, reference } = compiled;
    const open = resolved?.steps.find(({ step }) => step.kind === 'sql' && !described.has(step.name));
    if (!open) {
      const sql = reference?.sql;
      return resolved && reference && sql !== undefined
        ? { compiled, resolved, reference: { ...reference, sql } }
        : undefined;
    }
    described.set(open.step.name, await workshop.describe(reference?.steps.get(open.step.name) ?? ''));
  }
}
