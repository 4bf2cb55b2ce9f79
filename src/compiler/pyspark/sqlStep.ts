import type { ResolvedStep } from '../resolved.ts';
import { sqlString } from './columns.ts';
import type { Context } from './context.ts';
import { method, named, word, type Code } from './layout.ts';

/** Where a query reads an input, until the name of its data frame is put there. */
export const markOf = (input: string): string => `\u0001${encodeURIComponent(input)}\u0001`;

/** `spark.sql` puts each data frame where its name stands in braces. */
export function sql(resolved: ResolvedStep<'sql'>, context: Context): Code {
  const { step } = resolved;
  const variables = new Map(step.inputs.map((input) => [input, context.variable(input)]));
  const text = context.translateQuery(resolved);
  const frames = [...new Set(variables.values())].map((variable) => named(variable, word(variable)));
  // Only a text with frames is a template, in which braces have to be doubled.
  const template = frames.length > 0 ? text.replace(/[{}]/g, '$&$&') : text;
  const filled = [...variables].reduce(
    (query, [input, variable]) => query.replaceAll(markOf(input), `{${variable}}`),
    template,
  );
  return method(word('job.spark'), 'sql', sqlString(filled), ...frames);
}
