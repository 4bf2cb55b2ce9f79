import type { Bindings } from './bindings.ts';
import type { GateRule, Inspection } from './finding.ts';
import { argumentsOf, attributeOf, calleeOf, nodesOf, type PyNode } from './pythonTree.ts';
import { staticTexts, staticValue, type Static } from './staticValue.ts';

/** What a script reads, asks and writes through the runtime. */
export interface InputOutput {
  readonly reads: readonly Call[];
  readonly writes: readonly Call[];
  /** Texts of `spark.sql`. */
  readonly queries: ReadonlySet<string>;
}

interface Call {
  readonly node: PyNode;
  readonly method: string;
  readonly source?: Static;
  /** Undefined where one of the arguments depends on the run. */
  readonly keywords?: Readonly<Record<string, Static>>;
}

export function inputOutputOf(root: PyNode, bindings: Bindings): InputOutput {
  const calls = [...nodesOf(root)].flatMap((node) => {
    const callee = calleeOf(node);
    const method = callee && attributeOf(callee)?.name.text;
    return method !== undefined && ['read', 'read_since', 'write', 'sql'].includes(method) ? [{ node, method }] : [];
  });
  const read = calls.filter(({ method }) => method === 'read' || method === 'read_since');
  const queries = calls.filter(({ method }) => method === 'sql');
  return {
    reads: read.map(({ node, method }) => callOf(node, method, bindings)),
    writes: calls.filter(({ method }) => method === 'write').map(({ node }) => callOf(node, 'write', bindings)),
    queries: new Set(queries.flatMap(({ node }) => queryTexts(node, bindings) ?? [])),
  };
}

function callOf(node: PyNode, method: string, bindings: Bindings): Call {
  const all = argumentsOf(node);
  const entries = all.flatMap(({ name, value }) =>
    name === undefined ? [] : [[name, staticValue(value, bindings)] as const],
  );
  const isKnown = all.every(({ star }) => star === undefined) && entries.every(([, value]) => value !== undefined);
  const [first] = all.filter(({ name }) => name === undefined);
  const source = method === 'read_since' && first ? staticValue(first.value, bindings) : undefined;
  return {
    node,
    method,
    ...(source === undefined ? {} : { source }),
    ...(isKnown ? { keywords: Object.fromEntries(entries) as Readonly<Record<string, Static>> } : {}),
  };
}

function queryTexts(call: PyNode, bindings: Bindings): readonly string[] | undefined {
  const [first] = argumentsOf(call);
  return first && !first.star && first.name === undefined ? staticTexts(first.value, bindings) : undefined;
}

/**
 * A script reads what the compiled one reads and writes what it writes: the same tables by the same conditions, one target in
 * the same mode with the same columns and keys. How it comes from the one to the other is its own business.
 */
export const inputOutput =
  (allowed: InputOutput): GateRule =>
  (inspection) => {
    const { reads, writes } = inputOutputOf(inspection.root, inspection.bindings);
    for (const read of reads) checkRead(read, allowed, inspection);
    for (const write of writes) checkWrite(write, allowed, inspection);
    const { from, text } = inspection.root;
    if (writes.length === 0 && allowed.writes.length > 0) {
      inspection.report('input-output', { from, text }, 'The script writes nothing: it ends with job.write(...).');
    }
    for (const write of writes.slice(Math.max(1, allowed.writes.length))) {
      inspection.report('input-output', write.node, 'The target is written once.');
    }
    checkQueries(allowed, inspection);
  };

function checkRead(read: Call, allowed: InputOutput, { report }: Inspection): void {
  const { keywords } = read;
  if (!keywords) {
    report('input-output', read.node, `What job.${read.method}(...) is given has to be written out.`);
    return;
  }
  const candidates = allowed.reads.filter(
    (call) =>
      call.method === read.method && same(call.source, read.source) && call.keywords?.['table'] === keywords['table'],
  );
  if (candidates.length === 0) {
    report(
      'input-output',
      read.node,
      `The plan does not read ${JSON.stringify(keywords['table'])} by job.${read.method}(...).`,
    );
    return;
  }
  const isAsPlanned = candidates.some(({ keywords: planned = {} }) =>
    Object.entries(keywords).every(
      ([name, value]) => ['columns', 'partitioned'].includes(name) || same(planned[name], value),
    ),
  );
  if (!isAsPlanned) {
    report('input-output', read.node, 'Rows are read as the plan reads them; other conditions belong into where(...).');
  }
  if (!hasPlainTypes(keywords['columns'])) {
    report('input-output', read.node, '`columns` names each column with its PostgreSQL type.');
  }
}

const hasPlainTypes = (columns: Static | undefined): boolean =>
  isDictionary(columns) && Object.values(columns).every((type) => typeof type === 'string' && plainType.test(type));

/** As `format_type` writes it: `numeric(12,2)`, `timestamp(3) with time zone`, `shop."Mood"[]`; no room for anything else. */
const part = String.raw`(?:"[^"'\\]+"|[A-Za-z_][A-Za-z0-9_ ]*)`;
const plainType = new RegExp(
  String.raw`^${part}(?:\.${part})?(?:\(\d+(?:, ?-?\d+)?\))?(?: with(?:out)? time zone)?(?:\[\])*$`,
);

function checkWrite(write: Call, allowed: InputOutput, { report }: Inspection): void {
  if (!write.keywords) {
    report('input-output', write.node, 'What job.write(...) is given beside the rows has to be written out.');
  } else if (!allowed.writes.some((call) => same(call.keywords, write.keywords))) {
    report(
      'input-output',
      write.node,
      'The target is written as the plan writes it: table, mode, columns, keys and the rest.',
    );
  }
}

function checkQueries(allowed: InputOutput, { root, bindings, report }: Inspection): void {
  for (const node of nodesOf(root)) {
    const callee = calleeOf(node);
    if (!callee || attributeOf(callee)?.name.text !== 'sql') continue;
    const texts = queryTexts(node, bindings);
    if (!texts?.every((text) => allowed.queries.has(text))) {
      report(
        'input-output',
        node,
        'A query is one of the plan’s own, word by word; say anything else with data frames.',
      );
    }
  }
}

const isDictionary = (value: Static | undefined): value is Readonly<Record<string, Static>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whatever the order of keywords. */
function same(one: Static | undefined, other: Static | undefined): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    const [a, b] = [one as readonly Static[], other as readonly Static[]];
    return a.length === b.length && a.every((value, at) => same(value, b[at]));
  }
  if (!isDictionary(one) || !isDictionary(other)) return one === other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => same(one[key], other[key]));
}
