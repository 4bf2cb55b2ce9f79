import type { PlanRequest } from '../planner.ts';
import type { Decision } from './answer.ts';
import type { SpecChecker } from './ports.ts';
import { parseDocument } from '../../spec/json.ts';
import { plainValue } from '../../spec/jsonValue.ts';
import { readSpec } from '../../spec/read.ts';
import { specVersion, type TargetColumn } from '../../spec/spec.ts';
import { formatSpec } from '../../spec/write.ts';

export interface DraftInput {
  readonly request: PlanRequest;
  readonly decisions: readonly Decision[];
  readonly checker: SpecChecker;
  readonly signal: AbortSignal;
}

type Plain = Readonly<Record<string, unknown>>;

/**
 * The document as it is kept: what we know better than the model is ours (version, prompt, what was asked for beside the prompt),
 * its decisions become assumptions, and types that it left out are those of the rows. A text that is no JSON stays as it is.
 */
export async function draftOf(text: string, input: DraftInput): Promise<string> {
  const { root, problems } = parseDocument(text);
  const value = root && problems.length === 0 ? plainValue(root) : undefined;
  if (!isPlain(value)) return text;
  const rest: Plain = Object.fromEntries(Object.entries(value).filter(([name]) => name !== '$schema'));
  const { prompt, target } = input.request;
  const own = isPlain(rest['target']) ? { ...rest['target'], ...definedOf(target ?? {}) } : rest['target'];
  const spec: Plain = {
    ...rest,
    version: specVersion,
    prompt,
    ...assumptionsOf(rest['assumptions'], input.decisions),
    ...(own === undefined ? {} : { target: own }),
  };
  return written(isPlain(own) ? { ...spec, target: await withTypes(spec, own, input) } : spec);
}

function definedOf({ table, mode }: NonNullable<PlanRequest['target']>): Plain {
  return { ...(table === undefined ? {} : { table }), ...(mode === undefined ? {} : { mode }) };
}

/** What is no spec yet keeps its layout to itself: the checker says what is wrong. */
function written(value: Plain): string {
  const json = JSON.stringify(value, undefined, 2);
  const { spec } = readSpec(json);
  return spec ? formatSpec(spec) : `${json}\n`;
}

async function withTypes(spec: Plain, target: Plain, { checker, request, signal }: DraftInput): Promise<Plain> {
  const listed = target['columns'];
  const columns = Array.isArray(listed) ? (listed as readonly unknown[]) : undefined;
  const lacks = columns?.some((column) => isPlain(column) && column['type'] === undefined) ?? listed === undefined;
  if (!lacks) return target;
  // Empty where nothing is known: so the checker still sees the rest, and says what hides the types.
  const open = columns?.map((column) => (isPlain(column) ? { ...column, type: column['type'] ?? '' } : column)) ?? [];
  const provisional = { ...target, columns: open };
  const specText = JSON.stringify({ ...spec, target: provisional });
  const rows = await checker.rows({ specText, catalogue: request.catalogue, signal });
  if (!rows) return provisional;
  return { ...target, columns: columns ? columns.map((column) => typed(column, rows)) : rows };
}

function typed(column: unknown, rows: readonly TargetColumn[]): unknown {
  if (!isPlain(column) || column['type'] !== undefined) return column;
  const row = rows.find(({ name }) => name === column['name']);
  return row ? { ...row, ...column } : { ...column, type: '' };
}

/** In words for the engineer: what was decided, on what it rests, what was not taken. */
function assumptionsOf(own: unknown, decisions: readonly Decision[]): Plain {
  const written = Array.isArray(own) ? own.filter((each): each is string => typeof each === 'string') : [];
  const all = [...new Set([...decisions.map(sentence), ...written.filter((each) => each.trim() !== '')])];
  return all.length === 0 ? {} : { assumptions: all };
}

function sentence({ choice, evidence, rejected }: Decision): string {
  const rests = evidence === '' ? '' : ` It rests on: ${ended(evidence)}`;
  const others =
    rejected.length === 0 ? '' : ` Not taken: ${ended(rejected.map((each) => each.replace(/\.$/, '')).join('; '))}`;
  return `${ended(choice)}${rests}${others}`;
}

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
