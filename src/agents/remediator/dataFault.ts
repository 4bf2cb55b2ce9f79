/** A job that fails on what the rows hold: which expression or column it is, and the ways out. */
import type { RemedyRequest } from '../ports.ts';
import type { Outcome } from '../run/events.ts';
import { blockAt } from '../../compiler/sourceMap.ts';
import { parseDocument } from '../../spec/json.ts';
import { plainValue } from '../../spec/jsonValue.ts';
import { isObject } from '../../spec/isObject.ts';

export type DataFaultKind =
  'null' | 'duplicate' | 'reference' | 'constraint' | 'overflow' | 'tooLong' | 'cast' | 'division';

export interface DataFault {
  readonly kind: DataFaultKind;
  /** In a sentence: what it is, and where; never a value of the row. */
  readonly says: string;
  readonly wayOut: string;
}

interface Sign {
  readonly kind: DataFaultKind;
  /** The name that it captures is a column's or a constraint's. */
  readonly patterns: readonly RegExp[];
  readonly is: string;
  readonly wayOut: string;
}

/** As PostgreSQL and Spark write them. */
const signs: readonly Sign[] = [
  {
    kind: 'null',
    patterns: [/null value in column "([^"]+)"/i, /not-null constraint/i, /NOT_NULL_ASSERT|may not be NULL/],
    is: 'NULL stands where it may not',
    wayOut: 'Fill it (a `fill` step, or coalesce), filter those rows, or let the column be NULL.',
  },
  {
    kind: 'duplicate',
    patterns: [
      /unique constraint "([^"]+)"/i,
      /could not create unique index "([^"]+)"/i,
      /keys? (?:is|are) not unique|more than once/i,
    ],
    is: 'Rows have the same key',
    wayOut: 'Take one of each key (`dedupe`, or an aggregate), or name the columns that really tell rows apart.',
  },
  {
    kind: 'reference',
    patterns: [/foreign key constraint "([^"]+)"/i],
    is: 'A row refers to one that is not there',
    wayOut: 'Write the rows that it refers to first, or leave such rows out by a semi join.',
  },
  {
    kind: 'constraint',
    patterns: [/check constraint "([^"]+)"/i, /exclusion constraint "([^"]+)"/i],
    is: 'A row breaks a constraint of the table',
    wayOut: 'Filter or correct such rows in the spec, or change the constraint.',
  },
  {
    kind: 'tooLong',
    patterns: [/value too long for type/i, /EXCEED_(?:CHAR|LIMIT)/],
    is: 'A text is longer than its column takes',
    wayOut: 'Declare a longer type, or cut the text where that is meant.',
  },
  {
    kind: 'division',
    patterns: [/division by zero/i, /DIVIDE_BY_ZERO/],
    is: 'A number is divided by zero',
    wayOut: 'Write nullif(…, 0) around the divisor, or filter those rows.',
  },
  {
    kind: 'overflow',
    patterns: [/out of range/i, /numeric field overflow/i, /OVERFLOW|OUT_OF_(?:RANGE|SUPPORTED_RANGE)/],
    is: 'A value does not fit into its type',
    wayOut: 'Cast to a wider type before the calculation, and declare it in the target.',
  },
  {
    kind: 'cast',
    patterns: [/invalid input syntax/i, /CAST_INVALID_INPUT|CANNOT_PARSE|INVALID_(?:DATE|TIMESTAMP|FORMAT)/],
    is: 'A text cannot be read as the type that it is cast to',
    wayOut: 'Filter the rows that hold no such value, or correct them at their source.',
  },
];

/** Undefined where the failure tells of nothing that rows could be to blame for. */
export function dataFaultOf(
  request: Pick<RemedyRequest, 'programs' | 'specText'>,
  outcome: Outcome,
): DataFault | undefined {
  const { result } = outcome;
  if (result.kind !== 'failed') return undefined;
  for (const { kind, patterns, is, wayOut } of signs) {
    const match = patterns.map((pattern) => pattern.exec(result.message)).find((found) => found !== null);
    if (match) return { kind, says: `${is}${placeText(request, outcome, match[1])}.`, wayOut };
  }
  return undefined;
}

function placeText(
  request: Pick<RemedyRequest, 'programs' | 'specText'>,
  outcome: Outcome,
  name: string | undefined,
): string {
  if (name !== undefined) return `: "${name}" of ${request.programs.target.table}`;
  const expressions = expressionsAt(request, outcome);
  const step = outcome.step === undefined ? '' : ` in step ${outcome.step}`;
  return `${step}${expressions.length > 0 ? `: ${expressions.join('; ')}` : ''}`;
}

const mostExpressions = 3;

/** Those of the failing line, or the only one of its step: the spec's own words. */
function expressionsAt(
  { programs, specText }: Pick<RemedyRequest, 'programs' | 'specText'>,
  { result, step }: Outcome,
): readonly string[] {
  if (step === undefined || result.kind !== 'failed') return [];
  const all = expressionsOf(specText, step);
  const { line } = result;
  const block = line === undefined ? undefined : blockAt(programs.sourceMap, line);
  const code = block
    ? programs.script
        .split('\n')
        .slice((line ?? 1) - 1, block.lastLine)
        .join('\n')
    : '';
  const named = all.filter(({ name }) => name !== undefined && code.includes(JSON.stringify(name)));
  return (named.length > 0 ? named : all)
    .slice(0, mostExpressions)
    .map(({ name, expr }) => `${name === undefined ? '' : `${name} = `}${expr}`);
}

interface Expression {
  readonly name?: string;
  readonly expr: string;
}

function expressionsOf(specText: string, step: string): readonly Expression[] {
  const { root } = parseDocument(specText);
  const spec = root && plainValue(root);
  const steps = isObject(spec) && Array.isArray(spec['steps']) ? (spec['steps'] as readonly unknown[]) : [];
  const found = steps.find((each) => isObject(each) && each['name'] === step);
  return found === undefined ? [] : inside(found);
}

function inside(value: unknown): readonly Expression[] {
  if (Array.isArray(value)) return value.flatMap(inside);
  if (!isObject(value)) return [];
  const { name, expr, where } = value;
  const own = typeof expr === 'string' ? [{ ...(typeof name === 'string' && { name }), expr }] : [];
  const condition = typeof where === 'string' ? [{ expr: where }] : [];
  return [
    ...own,
    ...condition,
    ...Object.values(value)
      .filter((each) => typeof each === 'object')
      .flatMap(inside),
  ];
}

/** A message without the values that it quotes: they are somebody's data. */
export const withoutValues = (message: string): string =>
  message
    .replaceAll(/'(?:[^'\\]|\\.)*'/g, "'…'")
    .replaceAll(/(syntax for type [\w ]+: )"(?:[^"\\]|\\.)*"/g, '$1"…"')
    .replaceAll(/=\([^)]*\)/g, '=(…)')
    .replaceAll(/\bcontains \(.*\)/gs, 'contains (…)')
    .replaceAll(/(value )"?[^\s"]+"?( is out of range)/g, '$1"…"$2');
