import { programsOf } from '../programs.ts';
import type { CheckedText, SpecChecker } from './ports.ts';
import { checkSpec } from '../../compiler/check.ts';
import { describeSpec, type Prepared } from '../../compiler/describe.ts';
import { compileExpression } from '../../compiler/expressions/compile.ts';
import type { SqlParser } from '../../compiler/expressions/contract.ts';
import { referenceSql } from '../../compiler/reference/reference.ts';
import { formatPgType } from '../../spec/pgTypes.ts';

export interface SpecCheckerOptions {
  readonly parser: SqlParser;
  /** PostgreSQL's own word on a statement, which is never run. */
  readonly prepare: (sql: string, signal: AbortSignal) => Promise<Prepared>;
  readonly instant: string;
  readonly refusal: SpecChecker['refusal'];
}

export function createSpecChecker({ parser, prepare, instant, refusal }: SpecCheckerOptions): SpecChecker {
  return {
    refusal,

    async check({ specText, catalogue, signal }) {
      const { problems } = await programsOf({
        specText,
        catalogue,
        parser,
        instant,
        prepare: (sql) => prepare(sql, signal),
      });
      return problems;
    },

    async rows({ specText, catalogue, signal }: CheckedText) {
      const { resolved } = await describeSpec({
        check: (described) => checkSpec(specText, { catalogue, parser, compile: compileExpression, described }),
        reference: (spec, step) => referenceSql(spec, { instant }).steps.get(step),
        prepare: (sql) => prepare(sql, signal),
      });
      const from = resolved?.target.from;
      if (!from?.known || from.columns.some(({ type }) => type.kind === 'unknown')) return undefined;
      return from.columns.map(({ name, type, nullable }) => ({
        name,
        type: formatPgType(type),
        ...(nullable ? {} : { nullable: false }),
      }));
    },
  };
}
