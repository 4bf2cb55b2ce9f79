/** The form of the function table: what a function takes and gives, how Spark says it, and what it is tested with. */
import type { PgType } from '../../spec/pgType.ts';
import { exactly } from './casts.ts';
import type { Decimal } from './contract.ts';
import { Refusal, type Place } from './refusal.ts';
import { callOf, type Sql } from './sparkSql.ts';
import { convertsImplicitly, formatType, isPreferred, sameType, scalar, text, type TypeName } from './types.ts';
import type { Context, Value } from './value.ts';

export type Family =
  'operators' | 'numeric' | 'text' | 'dates' | 'json' | 'arrays' | 'conditional' | 'aggregates' | 'windows' | 'casts';

/** `any` takes every type; `anyarray` every array, whose element type `element` then stands for. */
export type ArgType = TypeName | 'any' | 'anyarray' | 'element';

export interface Built {
  readonly sql: Sql;
  readonly type?: PgType;
  readonly decimal?: Decimal;
  readonly nullable?: boolean;
  readonly whole?: Sql;
  readonly open?: Value['open'];
}

export interface Call {
  readonly args: readonly Value[];
  readonly context: Context;
  readonly at: Place;
}

export interface Entry {
  readonly name: string;
  readonly family: Family;
  readonly args: readonly ArgType[];
  /** Type of any number of further arguments. */
  readonly rest?: ArgType;
  readonly result: TypeName | 'element' | 'first';
  readonly build: (call: Call) => Built;
  /** Expressions over the columns of the conformance suite's tables; each is run for every row. */
  readonly examples: readonly string[];
  /** Spark reports an error for some input that PostgreSQL still gives a value for. */
  readonly stricter?: boolean;
  /** What is refused, or stricter than in PostgreSQL, in words for the documentation. */
  readonly note?: string;
}

/** A function that Spark has too, under the same or another name. */
export const native =
  (name: string): Entry['build'] =>
  ({ args }) => ({ sql: callOf(name, ...args.map((argument) => argument.sql)) });

/** A function of the runtime that returns text (or an error's words) which `spark` is cast from; or a plain value. */
export const runtime =
  (name: string, cast?: string): Entry['build'] =>
  ({ args, context }) => {
    const sql = context.runtime(name, ...args.map((argument) => argument.sql));
    return { sql: cast === undefined ? sql : callOf('cast', `${sql.text} as ${cast}`) };
  };

/** The entry that PostgreSQL would choose for these arguments, with the arguments converted to its types. */
export function resolve(
  name: string,
  candidates: readonly Entry[],
  call: Call,
): { entry: Entry; args: readonly Value[] } {
  const fitting = candidates.filter((entry) => accepts(entry, call.args));
  const best = (score: (entry: Entry) => number, among: readonly Entry[]): readonly Entry[] => {
    const most = Math.max(...among.map(score));
    return among.filter((entry) => score(entry) === most);
  };
  const exact = (entry: Entry): number => count(entry, call.args, (given, wanted) => sameType(given, wanted));
  const preferred = (entry: Entry): number =>
    count(
      entry,
      call.args,
      (given, wanted) => sameType(given, wanted) || (given.kind !== 'unknown' && isPreferred(wanted)),
    );
  const strings = (entry: Entry): number =>
    count(entry, call.args, (given, wanted) => given.kind === 'unknown' && sameType(wanted, text));
  const [entry] = best(strings, best(preferred, best(exact, fitting)));
  if (!entry || fitting.length === 0) throw noSignature(name, candidates, call);
  const types = argTypes(entry, call.args);
  return { entry, args: call.args.map((argument, index) => exactly(argument, types[index] ?? argument.type)) };
}

function accepts(entry: Entry, args: readonly Value[]): boolean {
  if (args.length < entry.args.length || (args.length > entry.args.length && !entry.rest)) return false;
  const types = argTypes(entry, args);
  return args.every((argument, index) => {
    const wanted = types[index];
    const declared = entry.args[index] ?? entry.rest;
    if (declared === 'anyarray' && argument.type.kind !== 'array') return false;
    return wanted === undefined || convertsImplicitly(argument.type, wanted);
  });
}

function argTypes(entry: Entry, args: readonly Value[]): readonly (PgType | undefined)[] {
  const position = entry.args.indexOf('anyarray');
  const array = args[position]?.type;
  const element = array?.kind === 'array' ? array.element : undefined;
  return args.map((argument, index) => {
    const declared = entry.args[index] ?? entry.rest;
    if (declared === undefined || declared === 'anyarray') return undefined;
    if (declared === 'any') return argument.type.kind === 'unknown' ? text : undefined;
    return declared === 'element' ? element : scalar(declared);
  });
}

function count(entry: Entry, args: readonly Value[], matches: (given: PgType, wanted: PgType) => boolean): number {
  const types = argTypes(entry, args);
  return args.filter((argument, index) => {
    const wanted = types[index];
    return wanted !== undefined && matches(argument.type, wanted);
  }).length;
}

function noSignature(name: string, candidates: readonly Entry[], { args, at }: Call): Refusal {
  const given = args.map((argument) => formatType(argument.type)).join(', ');
  const known = candidates.map((entry) => `${name}(${entry.args.map(argName).join(', ')}${entry.rest ? ', ...' : ''})`);
  return new Refusal(
    'no-such-signature',
    at,
    `There is no ${name}(${given}) that can be translated; there is ${[...new Set(known)].join(', ')}.`,
  );
}

const argName = (type: ArgType): string =>
  type === 'any' || type === 'element' ? 'any' : type === 'anyarray' ? 'any[]' : formatType(scalar(type));

/** The type of the result before `build` says otherwise. */
export function resultType(entry: Entry, args: readonly Value[]): PgType {
  const [first] = args;
  if (entry.result === 'first') return first?.type ?? text;
  if (entry.result !== 'element') return scalar(entry.result);
  const array = args.find((argument) => argument.type.kind === 'array')?.type;
  return array?.kind === 'array' ? array.element : text;
}

/** An entry on a line or two, for the families whose table is long. */
export type Row = readonly [
  name: string,
  args: Entry['args'],
  result: Entry['result'],
  build: Entry['build'],
  examples: readonly string[],
  note?: string,
];

export const entriesOf =
  (family: Family) =>
  ([name, args, result, build, examples, note]: Row): Entry => ({
    name,
    family,
    args,
    result,
    build,
    examples,
    ...(note !== undefined && { note }),
  });
