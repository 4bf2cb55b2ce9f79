import { checkSpec, type Checked } from '../../../src/compiler/check.ts';
import type { SqlParser } from '../../../src/compiler/expressions/contract.ts';
import type { Column } from '../../../src/compiler/resolved.ts';
import { applyEdits } from '../../../src/spec/edits.ts';
import type { Problem } from '../../../src/spec/problem.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';
import { compileExpression } from '../../../src/compiler/expressions/compile.ts';
import { shop } from './shop.ts';

export type Checker = (text: string, described?: ReadonlyMap<string, readonly Column[]>) => Checked;

let parser: SqlParser | undefined;

/** Checks against the shop's catalogue with PostgreSQL's own grammar. */
export async function shopChecker(): Promise<Checker> {
  const loaded = (parser ??= await loadSqlParser());
  return (text, described) =>
    checkSpec(text, { catalogue: shop, parser: loaded, compile: compileExpression, ...(described && { described }) });
}

/** A problem as a reader sees it: its code, the words that it points at, its sentence and its fix. */
export function shown({ code, severity, message, span, fix }: Problem, text: string): string {
  const words = text.slice(span.offset, span.offset + span.length).replace(/\s+/g, ' ');
  const place = words.length > 60 ? `${words.slice(0, 57)}...` : words;
  return `${severity} ${code} at ${place}: ${message}${fix ? ` [${fix.title}]` : ''}`;
}

export const mended = (text: string, problem: Problem): string => applyEdits(text, problem.fix?.edits ?? []);
