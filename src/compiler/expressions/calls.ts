/** Function calls: the forms with rules of their own first, then the table. */
import { aggregateEntries, compileAggregate } from './aggregates.ts';
import { arrayFunctions } from './arrays.ts';
import { compileConditionalCall } from './conditional.ts';
import { dateMakingFunctions } from './dateMaking.ts';
import { dateFunctions } from './dates.ts';
import { dateTemplateFunctions } from './dateTemplates.ts';
import { resolve, resultType, type Entry } from './entry.ts';
import { jsonFunctions } from './json.ts';
import { moreNumericFunctions } from './numericDigits.ts';
import { numberTemplates } from './numberTemplates.ts';
import { numericFunctions } from './numeric.ts';
import { Refusal, type Place } from './refusal.ts';
import { stringFunctions } from './strings.ts';
import type { CallSyntax } from './syntax.ts';
import { transcendentalFunctions } from './transcendental.ts';
import { nameOf } from './types.ts';
import { decimalFor, type CompileValue, type Context, type Value } from './value.ts';
import { compileWindowFunction, windowEntries } from './windows.ts';

export const functionTable: readonly Entry[] = [
  ...numericFunctions,
  ...moreNumericFunctions,
  ...transcendentalFunctions,
  ...numberTemplates,
  ...stringFunctions,
  ...dateFunctions,
  ...dateMakingFunctions,
  ...dateTemplateFunctions,
  ...jsonFunctions,
  ...arrayFunctions,
];

const byName = new Map<string, readonly Entry[]>();
for (const entry of functionTable) byName.set(entry.name, [...(byName.get(entry.name) ?? []), entry]);

const synonyms: Readonly<Record<string, string>> = { ceiling: 'ceil', substr: 'substring', variance: 'variance' };

export function compileCall(syntax: CallSyntax, context: Context, compile: CompileValue): Value {
  const special =
    compileConditionalCall(syntax, context, compile) ??
    compileAggregate(syntax, context, compile) ??
    compileWindowFunction(syntax, context, compile);
  return special ?? compileFunction(syntax, context, compile);
}

function compileFunction(syntax: CallSyntax, context: Context, compile: CompileValue): Value {
  const { at } = syntax;
  const name = synonyms[syntax.name] ?? syntax.name;
  const candidates = byName.get(name);
  if (!candidates) throw unknownFunction(name, at);
  if (syntax.over ?? syntax.filter ?? (syntax.distinct || syntax.star || syntax.order.length > 0)) {
    throw new Refusal(
      'no-such-signature',
      at,
      `${name} is not an aggregate: it takes neither DISTINCT, FILTER nor OVER.`,
    );
  }
  const args = syntax.args.map((argument) => compile(argument, context));
  return callFunction(name, candidates, { args, context, at });
}

function callFunction(
  name: string,
  candidates: readonly Entry[],
  call: { args: readonly Value[]; context: Context; at: Place },
): Value {
  const { entry, args } = resolve(name, candidates, call);
  const built = entry.build({ ...call, args });
  const type = built.type ?? resultType(entry, args);
  const [first] = args;
  const decimal = nameOf(type) === 'numeric' ? (built.decimal ?? (first && decimalFor(first))) : undefined;
  const nullable = built.nullable ?? (name === 'concat' ? false : args.some((argument) => argument.nullable));
  const { whole, open } = built;
  return {
    type,
    nullable,
    sql: built.sql,
    ...(decimal && { decimal }),
    ...(whole && { whole }),
    ...(open && { open }),
    at: call.at,
  };
}

const allNames = [
  ...byName.keys(),
  ...aggregateEntries.map(({ name }) => name),
  ...windowEntries.map(({ name }) => name),
];

function unknownFunction(name: string, at: Place): Refusal {
  const [similar] = allNames.filter(
    (known) => known.startsWith(name.slice(0, 4)) || known.replaceAll('_', '') === name.replaceAll('_', ''),
  );
  const hint =
    similar === undefined ? 'use a `sql` or `python` step' : `did you mean ${similar}? Otherwise use a \`sql\` step`;
  return new Refusal('unknown-function', at, `The function ${name} cannot be translated: ${hint}.`);
}
