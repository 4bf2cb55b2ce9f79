/** The PySpark script: one block a source and step, named after it, and a map from each to its lines. */
import type { PgType } from '../../spec/pgType.ts';
import type { Spec, StepKind } from '../../spec/spec.ts';
import { sparkType } from '../expressions/types.ts';
import { tableIdentifier } from '../reference/identifier.ts';
import type { ResolvedSpec, ResolvedStep, ResolvedTarget } from '../resolved.ts';
import type { Block, SourceMap } from '../sourceMap.ts';
import type { Context } from './context.ts';
import { describe } from './describe.ts';
import { join } from './joins.ts';
import { liveColumns, type Live } from './live.ts';
import {
  assignment,
  dict,
  method,
  named,
  statement,
  string,
  strings,
  word,
  type Argument,
  type Code,
} from './layout.ts';
import { definedNames, hierarchy, python, series } from './made.ts';
import { pythonComment, pythonNames } from './pythonText.ts';
import { explode, fill, pivot, unpivot } from './reshape.ts';
import * as rows from './rows.ts';
import { read } from './sources.ts';
import { sql } from './sqlStep.ts';
import { usageOf, type Usage } from './usage.ts';

export interface PySpark {
  readonly text: string;
  readonly sourceMap: SourceMap;
}

export interface TargetCode {
  readonly name: string;
  /** As PostgreSQL's `format_type` writes it. */
  readonly type: string;
  readonly code: Code;
}

export interface ScriptInput {
  readonly spec: Spec;
  readonly resolved: ResolvedSpec;
  /** PostgreSQL text as Spark text, over the columns of a step's inputs. */
  readonly translate: Context['translate'];
  readonly translateQuery: Context['translateQuery'];
  /** The target's columns, cast to their declared types. */
  readonly targetColumns: readonly TargetCode[];
  /** Names of datamorph_functions that the expressions call, and those that turn out to be called while the steps are written. */
  readonly functions: ReadonlySet<string>;
  readonly laterFunctions: ReadonlySet<string>;
}

type Handler<Kind extends StepKind> = (resolved: ResolvedStep<Kind>, context: Context) => Code;

const handlers = {
  filter: rows.filter,
  derive: rows.derive,
  select: rows.select,
  rename: rows.rename,
  sort: rows.sort,
  limit: rows.limit,
  distinct: rows.distinct,
  dedupe: rows.dedupe,
  aggregate: rows.aggregate,
  window: rows.window,
  union: rows.union,
  intersect: rows.intersect,
  except: rows.except,
  join,
  pivot,
  unpivot,
  explode,
  fill,
  series,
  hierarchy,
  sql,
  python,
} satisfies { readonly [Kind in StepKind]: Handler<Kind> };

interface Piece extends Pick<Block, 'name' | 'part'> {
  readonly lines: readonly string[];
  /** Functions stand apart. */
  readonly definesFunction?: boolean;
}

export function pySpark(input: ScriptInput): PySpark {
  const { spec, resolved } = input;
  const live = liveColumns(resolved);
  const usage = usageOf(resolved, live);
  const variables = variablesOf(resolved);
  const context: Context = {
    variable: (name) => variables.get(name) ?? name,
    isSmall: (name) => usage.isSmall(name),
    isLive: (name, column) => live.get(name)?.has(column) ?? true,
    sparkType: (type: PgType) => sparkType(type),
    translate: input.translate,
    translateQuery: input.translateQuery,
  };
  const plan: Plan = { resolved, usage, live, context };
  const pieces = [...sourcePieces(plan), ...stepPieces(plan), targetPiece(input, context)];
  const body = pieces.flatMap(({ lines }) => lines).join('\n');
  const functions = [...new Set([...input.functions, ...input.laterFunctions])].sort();
  const head = header(spec, functions, body);
  return assemble(head, pieces);
}

function assemble(head: readonly string[], pieces: readonly Piece[]): PySpark {
  const lines = [...head];
  const blocks: Block[] = [];
  for (const { name, part, lines: own, definesFunction } of pieces) {
    lines.push(...(definesFunction ? ['', ''] : ['']));
    const text = own.flatMap((line) => line.split('\n'));
    blocks.push({ name, part, firstLine: lines.length + 1, lastLine: lines.length + text.length });
    lines.push(...text);
  }
  return { text: `${lines.join('\n')}\n`, sourceMap: { blocks } };
}

function variablesOf({ sources, steps }: ResolvedSpec): ReadonlyMap<string, string> {
  const taken = steps.flatMap(({ step }) => (step.kind === 'python' ? definedNames(step.code) : []));
  return pythonNames([...sources.map(({ source }) => source.name), ...steps.map(({ step }) => step.name)], taken);
}

function header(spec: Spec, functions: readonly string[], body: string): readonly string[] {
  const title = wrapped(pythonComment(spec.prompt ?? spec.name)).map(docstring);
  const origin = docstring(
    `Compiled by DataMorph from the spec ${pythonComment(spec.name)}: change the spec rather than this file.`,
  );
  const needsF = /\bF\./.test(body);
  const needsWindow = /\bWindow\./.test(body);
  return [
    `"""${title[0] ?? ''}`,
    ...title.slice(1),
    '',
    ...wrapped(origin),
    '"""',
    '',
    'from datamorph import Job',
    ...(needsWindow ? ['from pyspark.sql import Window'] : []),
    ...(needsF ? ['from pyspark.sql import functions as F'] : []),
    '',
    ...assignment(
      'job',
      method(
        word('Job'),
        'start',
        string(spec.name),
        ...(functions.length > 0 ? [named('functions', strings(functions))] : []),
      ),
    ),
  ];
}

const docstring = (line: string): string => line.replaceAll('\\', '\\\\').replaceAll('"', '\\"');

/** Words in lines of the script's width. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const part of text.split(' ').flatMap((piece) => piece.match(/.{1,80}/gu) ?? [''])) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length < 100) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(part);
  }
  return lines;
}

const comment = (text: string): readonly string[] => wrapped(pythonComment(text)).map((line) => `# ${line}`);

interface Plan {
  readonly resolved: ResolvedSpec;
  readonly usage: Usage;
  readonly live: Live;
  readonly context: Context;
}

const all: ReadonlySet<string> = new Set();

function sourcePieces({ resolved, usage: { pushed, kept }, live, context }: Plan): readonly Piece[] {
  return resolved.sources
    .filter(({ source }) => !pushed.has(source.name))
    .map((source) => {
      const { name } = source.source;
      const code = keep(read(source, { live: live.get(name) ?? all }), kept.has(name));
      const words = `${name}: read from ${tableIdentifier(source.table ?? source.tableName)}`;
      return { name, part: 'source', lines: [...comment(words), ...assignment(context.variable(name), code)] };
    });
}

function stepPieces({ resolved, usage: { pushed, kept }, live, context }: Plan): readonly Piece[] {
  const sources = new Map(resolved.sources.map((source) => [source.source.name, source]));
  return resolved.steps.map((step) => {
    const { name, note } = step.step;
    const source = [...pushed].find(([, filter]) => filter.step.name === name)?.[0];
    const pushedInto = source === undefined ? undefined : sources.get(source);
    const code =
      pushedInto && step.step.kind === 'filter'
        ? read(pushedInto, { live: live.get(name) ?? all, where: step.step.where })
        : stepCode(step, context);
    const ownCode = step.step.kind === 'python' ? [step.step.code.trimEnd(), '', ''] : [];
    return {
      name,
      part: 'step',
      definesFunction: ownCode.length > 0,
      lines: [
        ...comment(`${name}: ${note ?? describe(step.step)}`),
        ...ownCode,
        ...assignment(context.variable(name), keep(code, kept.has(name))),
      ],
    };
  });
}

/** The table is the exhaustive one; only its type cannot follow from one step to its handler. */
function stepCode(resolved: ResolvedStep, context: Context): Code {
  const handler = handlers[resolved.step.kind] as Handler<StepKind>;
  return handler(resolved, context);
}

const keep = (code: Code, kept: boolean): Code => (kept ? method(code, 'persist') : code);

function targetPiece({ resolved, targetColumns }: ScriptInput, context: Context): Piece {
  const { target } = resolved;
  const { from } = target.target;
  const traced = resolved.steps.map(({ step }) => [step.name, word(context.variable(step.name))] as const);
  const chosen = method(word(context.variable(from)), 'select', ...targetColumns.map(({ code }) => code));
  return {
    name: from,
    part: 'target',
    lines: [
      ...comment(`The target: ${modes[target.target.mode]} ${tableIdentifier(target.table ?? target.tableName)}`),
      ...(traced.length > 0 ? statement('', method(word('job'), 'trace', dict(traced))) : []),
      ...statement('', method(word('job'), 'write', chosen, ...targetArguments(target, targetColumns))),
    ],
  };
}

const modes = {
  replace: 'these rows replace all of',
  append: 'these rows come on top of',
  upsert: 'these rows replace those of the same key in',
  history: 'these rows become versions in',
} as const;

function targetArguments(
  { target, table, tableName, columns }: ResolvedTarget,
  written: readonly TargetCode[],
): readonly Argument[] {
  const required = columns.filter(({ nullable }) => nullable === false).map(({ name }) => name);
  const { history, keys = [], connection } = target;
  return [
    named('table', string(tableIdentifier(table ?? tableName))),
    named('mode', string(target.mode)),
    named('columns', dict(written.map(({ name, type }) => [name, string(type)]))),
    ...(keys.length > 0 ? [named('keys', strings(keys))] : []),
    ...(required.length > 0 ? [named('required', strings(required))] : []),
    ...(history ? [named('valid_from', string(history.validFrom)), named('valid_to', string(history.validTo))] : []),
    ...(history?.current === undefined ? [] : [named('current', string(history.current))]),
    ...(connection === undefined ? [] : [named('connection', string(connection))]),
  ];
}
