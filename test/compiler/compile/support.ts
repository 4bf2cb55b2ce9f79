import { compile, type Compiled } from '../../../src/compiler/compile.ts';
import { compileExpression } from '../../../src/compiler/expressions/compile.ts';
import type { SqlParser } from '../../../src/compiler/expressions/contract.ts';
import type { ReferenceOptions } from '../../../src/compiler/reference/reference.ts';
import { catalogueOf, type CatalogueTable } from '../../../src/spec/catalogue.ts';
import type { Problem } from '../../../src/spec/problem.ts';
import { readSpec } from '../../../src/spec/read.ts';
import { described } from '../../golden/described.ts';
import { shopTables } from '../../golden/shop.ts';

export interface CompileText extends ReferenceOptions {
  readonly parser: SqlParser;
  readonly tables?: readonly CatalogueTable[];
}

/** From the text of a document to its programs, over the golden shop where no other tables are given. */
export function compileText(text: string, { parser, tables = shopTables, ...options }: CompileText): Compiled {
  const { spec, positions, problems } = readSpec(text);
  if (!spec) return { problems };
  const compiled = compile(
    {
      spec,
      positions,
      catalogue: catalogueOf(tables),
      parser,
      described,
      compile: (expression, scope, use) => compileExpression(expression, scope, use, parser),
    },
    options,
  );
  return { ...compiled, problems: [...problems, ...compiled.problems] };
}

export const errorsOf = (problems: readonly Problem[]): readonly string[] =>
  problems.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code}: ${message}`);
