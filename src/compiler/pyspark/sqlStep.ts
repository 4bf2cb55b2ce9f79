import type { ResolvedStep } from '../resolved.ts';
import type { Context } from './context.ts';
import type { Code } from './layout.ts';
import { Untranslatable } from './untranslatable.ts';

export function sql({ step }: ResolvedStep<'sql'>, _context: Context): Code {
  throw new Untranslatable('sql-step', `The query of ${step.name} has no PySpark yet.`);
}
