import type { Catalogue, CatalogueTable } from '../spec/catalogue.ts';
import { suggest } from '../spec/suggest.ts';
import { formatTableName, parseTableName } from '../spec/tableName.ts';
import type { CatalogueReader } from './lookups/cataloguePort.ts';
import { describeObject } from './lookups/describe.ts';
import { readValues } from './lookups/readValues.ts';
import { lookupTools } from './lookups/tools.ts';
import type { ToolCall, ToolResult, ToolShape } from './model.ts';
import type { GlossaryTerm } from './planner.ts';
import type { QueryGate } from './queryPort.ts';
import { quoted } from './quoted.ts';
import { schemaSlice } from './schemaSlice.ts';
import { nameOf } from './schemaSlice/render.ts';
import { wordsOf } from './schemaSlice/words.ts';

/** What a model may look up before it answers. */
export interface Lookups {
  readonly tools: readonly ToolShape[];
  /** One result a call, in their order; what cannot be answered is told to the model. */
  run(calls: readonly ToolCall[], signal: AbortSignal): Promise<readonly ToolResult[]>;
}

export interface LookupsInput {
  readonly catalogue: Catalogue;
  readonly glossary?: readonly GlossaryTerm[];
  /** View SQL and freshness; left out where there is no connection. */
  readonly reader?: CatalogueReader;
  /** Values of tables; left out without the user's consent. */
  readonly values?: QueryGate;
  /** Characters of all results together. */
  readonly maxCharacters?: number;
}

const limits = { total: 24_000, each: 8000, tables: 6, columns: 8, found: 1200, calls: 8 } as const;

export function createLookups(input: LookupsInput): Lookups {
  let left = input.maxCharacters ?? limits.total;
  const answer = async (call: ToolCall, signal: AbortSignal): Promise<ToolResult> => {
    if (left <= 0) return { id: call.id, text: 'There is no room for more look-ups: answer now.', failed: true };
    const result = await lookUp(call, { ...input, signal });
    const room = Math.min(limits.each, left);
    const text = result.text.length > room ? `${result.text.slice(0, room)}\n(cut here)` : result.text;
    left -= text.length;
    return { id: call.id, text, ...(result.failed ? { failed: true } : {}) };
  };
  return {
    tools: lookupTools,
    async run(calls, signal) {
      const results: ToolResult[] = [];
      // One after the other: the room that is left depends on those before.
      for (const [at, call] of calls.entries()) {
        const tooMany = { id: call.id, text: `At most ${limits.calls} look-ups at a time.`, failed: true };
        results.push(at < limits.calls ? await answer(call, signal) : tooMany);
      }
      return results;
    },
  };
}

interface Looked {
  readonly text: string;
  readonly failed?: boolean;
}

type Look = (input: Readonly<Record<string, unknown>>, context: Context) => Looked | Promise<Looked>;

interface Context extends LookupsInput {
  readonly signal: AbortSignal;
}

const failed = (text: string): Looked => ({ text, failed: true });

function lookUp({ name, input }: ToolCall, context: Context): Looked | Promise<Looked> {
  const look = Object.hasOwn(looks, name) ? looks[name] : undefined;
  if (!look) return failed(`There is no tool ${quoted(name, 60)}.`);
  if (typeof input !== 'object' || input === null) return failed('The input is one object.');
  return look(input as Readonly<Record<string, unknown>>, context);
}

const looks: Readonly<Record<string, Look>> = {
  search_catalogue({ words }, { catalogue }) {
    if (typeof words !== 'string') return failed('`words` is a text.');
    const slice = schemaSlice(words, catalogue, { maxTokens: limits.found });
    return slice.tables.length === 0 ? failed('Nothing speaks of these words.') : { text: slice.text };
  },

  async describe_objects({ tables }, { catalogue, reader, signal }) {
    if (!isTexts(tables)) return failed('`tables` is a list of names.');
    const asked = tables.slice(0, limits.tables).map((name) => found(name, catalogue));
    const known = asked.flatMap(({ table }) => table ?? []);
    const details = reader && known.length > 0 ? await outside(() => reader.details(known, signal), signal) : undefined;
    const told = asked.map(({ table, missing }) => {
      if (!table) return missing ?? '';
      const more = details?.value?.find(({ schema, name }) => schema === table.schema && name === table.name);
      return describeObject(table, more);
    });
    const notes = details?.problem === undefined ? [] : [details.problem];
    const text = [...told, ...notes].join('\n');
    return known.length === 0 ? failed(text) : { text };
  },

  async read_values({ table: name, columns: names }, { catalogue, values, signal }) {
    if (typeof name !== 'string' || !isTexts(names)) return failed('`table` is a name, `columns` a list of names.');
    if (!values) return failed('Values may not be read: the user has not agreed to it. Ask, where it matters.');
    const { table, missing } = found(name, catalogue);
    if (!table) return failed(missing ?? '');
    const wanted = new Set(names.slice(0, limits.columns));
    const unknown = [...wanted].find((each) => !table.columns.some((column) => column.name === each));
    if (unknown !== undefined) return failed(`There is no column ${quoted(unknown, 80)} in it.`);
    const columns = table.columns.filter((column) => wanted.has(column.name));
    if (columns.length === 0) return failed('Name at least one column.');
    const read = await outside(() => readValues({ gate: values, table, columns, signal }), signal);
    return read.value === undefined ? failed(read.problem) : { text: read.value };
  },

  glossary({ term }, { glossary = [] }) {
    if (typeof term !== 'string') return failed('`term` is a text.');
    const words = new Set(wordsOf(term));
    const entries = glossary.filter((entry) => wordsOf(entry.term).some((word) => words.has(word)));
    if (entries.length === 0) return failed('The glossary has no such term.');
    return { text: entries.map((entry) => `${quoted(entry.term, 80)}: ${quoted(entry.meaning, 600)}`).join('\n') };
  },
};

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');

function found(name: string, catalogue: Catalogue): { readonly table?: CatalogueTable; readonly missing?: string } {
  const parsed = parseTableName(name);
  const table = parsed && catalogue.find(parsed);
  if (table) return { table };
  // By its own name where no schema is said, and by both where one is.
  const labels = new Map(
    catalogue.tables.map((each) => [name.includes('.') ? formatTableName(each) : each.name, each]),
  );
  const near = labels.get(suggest(name, labels.keys()) ?? '');
  return { missing: `There is no table ${quoted(name, 80)}.${near ? ` Did you mean ${nameOf(near)}?` : ''}` };
}

type Outside<Value> =
  { readonly value: Value; readonly problem?: undefined } | { readonly value?: undefined; readonly problem: string };

/** A look-up that the database refuses is an answer to the model; only the end of the run is none. */
async function outside<Value>(work: () => Promise<Value>, signal: AbortSignal): Promise<Outside<Value>> {
  try {
    return { value: await work() };
  } catch (error) {
    signal.throwIfAborted();
    // Its words name hosts and users, which are no business of a model's.
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed';
    return { problem: `The database did not answer (${code}).` };
  }
}
