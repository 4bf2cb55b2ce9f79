/** What changed between two specs, in words an engineer would use: for review and for the history of runs. */
import { inputsOf } from '../spec/inputs.ts';
import type { Check, Source, Spec, Step, Target } from '../spec/spec.ts';

/** One sentence a change; none where the two say the same. */
export function diffSpecs(before: Spec, after: Spec): string[] {
  return [
    ...sentence(before.name === after.name, `the job: is now called "${after.name}"`),
    ...named(before.sources, after.sources, {
      noun: 'source',
      changes: sourceChanges,
      describe: ({ table }) => `, ${table}`,
    }),
    ...named(before.steps, after.steps, { noun: 'step', changes: stepChanges, describe: describeStep }),
    ...movedSteps(before.steps, after.steps),
    ...prefixed('target', targetChanges(before.target, after.target)),
    ...checkChanges(before.checks ?? [], after.checks ?? []),
    ...sentence(same(before.assumptions, after.assumptions), 'the assumptions changed'),
    ...sentence(before.prompt === after.prompt, 'the prompt changed'),
  ];
}

interface Named {
  readonly name: string;
}

interface Speaking<T> {
  readonly noun: string;
  readonly changes: (before: T, after: T) => string[];
  readonly describe: (entry: T) => string;
}

function named<T extends Named>(before: readonly T[], after: readonly T[], speaking: Speaking<T>): string[] {
  const { noun, changes, describe } = speaking;
  const old = new Map(before.map((entry) => [entry.name, entry] as const));
  const now = new Set(after.map(({ name }) => name));
  const gone = before.filter(({ name }) => !now.has(name));
  return [
    ...gone.map(({ name }) => `${noun} ${name}: removed`),
    ...after.flatMap((entry) => {
      const former = old.get(entry.name);
      if (!former) return [`${noun} ${entry.name}: new${describe(entry)}`];
      return prefixed(`${noun} ${entry.name}`, changes(former, entry));
    }),
  ];
}

const describeStep = (step: Step): string => {
  const inputs = inputsOf(step).map(({ name }) => name);
  return inputs.length === 0 ? `, ${step.kind}` : `, ${step.kind} of ${listed(inputs)}`;
};

function movedSteps(before: readonly Step[], after: readonly Step[]): string[] {
  const kept = (list: readonly Step[], other: readonly Step[]): string =>
    list
      .filter(({ name }) => other.some((step) => step.name === name))
      .map(({ name }) => name)
      .join('\n');
  return sentence(kept(before, after) === kept(after, before), 'the steps stand in another order');
}

function sourceChanges(before: Source, after: Source): string[] {
  return [
    ...changed(before.table, after.table, (from, to) => `reads ${to} instead of ${from}`),
    ...changed(
      before.connection,
      after.connection,
      (_, to) => `reads ${to === undefined ? 'the default connection' : `the connection ${to}`}`,
    ),
    ...wordsOf(before.columns, after.columns, {
      added: 'now also reads',
      removed: 'no longer reads',
      all: 'reads all columns',
      some: 'now reads only',
    }),
    ...incrementalChanges(before, after),
  ];
}

function incrementalChanges({ incremental: before }: Source, { incremental: after }: Source): string[] {
  if (same(before, after)) return [];
  if (!after) return ['is read whole again'];
  if (!before) return [`is now read incrementally by ${after.watermark}`];
  return [
    ...changed(before.watermark, after.watermark, (from, to) => `is read incrementally by ${to} instead of ${from}`),
    ...changed(before.initial, after.initial, (_, to) =>
      to === undefined ? 'first reads everything' : `first reads from ${to}`,
    ),
    ...changed(before.lateness, after.lateness, (_, to) =>
      to === undefined ? 'no longer waits for late rows' : `reads ${to} again for late rows`,
    ),
  ];
}

function stepChanges(before: Step, after: Step): string[] {
  if (before.kind !== after.kind) return [`is now ${after.kind} instead of ${before.kind}`];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  return [...keys].flatMap((key) => propertyChanges(after.kind, key, old.get(key), now.get(key)));
}

const fieldsOf = (value: object): ReadonlyMap<string, unknown> => new Map<string, unknown>(Object.entries(value));

/** How a change of a property is told; the first that knows the property speaks. */
function propertyChanges(kind: Step['kind'], key: string, before: unknown, after: unknown): string[] {
  if (same(before, after)) return [];
  const wording = listWords[`${kind}.${key}`] ?? listWords[key];
  if (wording && isList(before ?? []) && isList(after ?? [])) {
    return listChanges((before ?? []) as unknown[], (after ?? []) as unknown[], wording);
  }
  const tell = tellers[`${kind}.${key}`] ?? tellers[key];
  if (tell) return [tell(phrase(before), phrase(after))];
  if (before === undefined) return [`${key} is now ${phrase(after)}`];
  if (after === undefined) return [`no longer has ${key} ${phrase(before)}`];
  return [`${key} is ${phrase(after)} instead of ${phrase(before)}`];
}

interface Wording {
  readonly added: string;
  readonly removed: string;
}

const listWords: Readonly<Record<string, Wording>> = {
  'aggregate.by': { added: 'now also groups by', removed: 'no longer groups by' },
  'pivot.by': { added: 'now also groups by', removed: 'no longer groups by' },
  'aggregate.columns': { added: 'now also computes', removed: 'no longer computes' },
  'derive.columns': { added: 'now also computes', removed: 'no longer computes' },
  'window.columns': { added: 'now also computes', removed: 'no longer computes' },
  'rename.columns': { added: 'now also renames', removed: 'no longer renames' },
  'unpivot.columns': { added: 'now also turns', removed: 'no longer turns' },
  'fill.columns': { added: 'now also fills', removed: 'no longer fills' },
  'dedupe.keys': { added: 'now also tells rows apart by', removed: 'no longer tells rows apart by' },
  'pivot.values': { added: 'now also has a column for', removed: 'no longer has a column for' },
  'sort.by': { added: 'now also orders by', removed: 'no longer orders by' },
  'limit.by': { added: 'now also orders by', removed: 'no longer orders by' },
  order: { added: 'now also orders by', removed: 'no longer orders by' },
  orderBy: { added: 'now also orders by', removed: 'no longer orders by' },
  partitionBy: { added: 'now also separates by', removed: 'no longer separates by' },
  columns: { added: 'now also gives', removed: 'no longer gives' },
  inputs: { added: 'now also reads', removed: 'no longer reads' },
  on: { added: 'now also matches', removed: 'no longer matches' },
};

type Teller = (before: string, after: string) => string;

const tellers: Readonly<Record<string, Teller>> = {
  'filter.where': (before, after) => `keeps rows where ${after} instead of ${before}`,
  'join.how': (before, after) => `is now ${after} instead of ${before}`,
  'join.where': (before, after) =>
    before === nothing
      ? `now also demands ${after}`
      : after === nothing
        ? `no longer demands ${before}`
        : `demands ${after} instead of ${before}`,
  'limit.count': (before, after) => `keeps ${after} rows instead of ${before}`,
  from: (before, after) => `reads ${after} instead of ${before}`,
  left: (before, after) => `reads ${after} instead of ${before} on the left`,
  right: (before, after) => `reads ${after} instead of ${before} on the right`,
  query: () => 'has another query',
  code: () => 'has other code',
  sql: (before, after) =>
    before === nothing
      ? 'now has SQL for the comparison'
      : after === nothing
        ? 'no longer has SQL for the comparison'
        : 'has other SQL for the comparison',
  note: () => 'has another note',
};

function listChanges(before: readonly unknown[], after: readonly unknown[], { added, removed }: Wording): string[] {
  const keyed = (list: readonly unknown[]) => new Map(list.map((entry) => [keyOf(entry), entry] as const));
  const [old, now] = [keyed(before), keyed(after)];
  const fresh = [...now].filter(([key]) => !old.has(key)).map(([, entry]) => phrase(entry));
  const gone = [...old].filter(([key]) => !now.has(key)).map(([key]) => key);
  const altered = [...now].flatMap(([key, entry]) => {
    const former = old.get(key);
    return former === undefined || same(former, entry)
      ? []
      : [`${key} is ${valueOf(entry)} instead of ${valueOf(former)}`];
  });
  const order = (list: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): string[] =>
    [...list.keys()].filter((key) => other.has(key));
  return [
    ...(fresh.length > 0 ? [`${added} ${listed(fresh)}`] : []),
    ...(gone.length > 0 ? [`${removed} ${listed(gone)}`] : []),
    ...altered,
    ...sentence(same(order(old, now), order(now, old)), `has ${listed([...now.keys()])} in another order`),
  ];
}

function targetChanges(before: Target, after: Target): string[] {
  return [
    ...changed(before.table, after.table, (from, to) => `writes ${to} instead of ${from}`),
    ...changed(
      before.connection,
      after.connection,
      (_, to) => `writes to ${to === undefined ? 'the default connection' : `the connection ${to}`}`,
    ),
    ...changed(before.from, after.from, (from, to) => `takes its rows from ${to} instead of ${from}`),
    ...changed(before.mode, after.mode, (from, to) => `is ${modeWords[to]} instead of ${modeWords[from]}`),
    ...wordsOf(before.keys, after.keys, {
      added: 'now also has the key',
      removed: 'no longer has the key',
      all: 'has no keys any more',
      some: 'now has the keys',
    }),
    ...listChanges(before.columns, after.columns, { added: 'now also has', removed: 'no longer has' }),
    ...sentence(
      same(before.history, after.history),
      `keeps its history in ${listed(Object.values(after.history ?? {}))}`,
    ),
  ];
}

const modeWords: Readonly<Record<Target['mode'], string>> = {
  replace: 'replaced',
  append: 'appended to',
  upsert: 'upserted',
  history: 'kept as a history',
};

function checkChanges(before: readonly Check[], after: readonly Check[]): string[] {
  const key = (check: Check): string => canonical(check);
  const [old, now] = [new Set(before.map(key)), new Set(after.map(key))];
  return [
    ...before.filter((check) => !now.has(key(check))).map((check) => `check ${describeCheck(check)}: removed`),
    ...after.filter((check) => !old.has(key(check))).map((check) => `check ${describeCheck(check)}: new`),
  ];
}

function describeCheck(check: Check): string {
  if (check.name !== undefined) return `"${check.name}"`;
  const { kind, ...rest } = check;
  return `${kind} ${Object.values(rest).map(phrase).join(' ')}`;
}

interface SetWording extends Wording {
  /** Where the list goes away, and where it comes. */
  readonly all: string;
  readonly some: string;
}

function wordsOf(
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
  words: SetWording,
): string[] {
  if (same(before, after)) return [];
  if (!after) return [words.all];
  return before ? listChanges(before, after, words) : [`${words.some} ${listed(after)}`];
}

/** What an entry of a list is known by. */
function keyOf(entry: unknown): string {
  const fields = isObject(entry) ? fieldsOf(entry) : undefined;
  const key = fields?.get('name') ?? fields?.get('expr') ?? (fields?.has('left') ? pair(fields) : fields?.get('from'));
  return typeof key === 'string' ? key : phrase(entry);
}

const pair = (fields: ReadonlyMap<string, unknown>): string =>
  fields.get('left') === fields.get('right')
    ? String(fields.get('left'))
    : `${String(fields.get('left'))} = ${String(fields.get('right'))}`;

/** What an entry says beyond its key. */
function valueOf(entry: unknown): string {
  if (!isObject(entry)) return phrase(entry);
  const rest = [...fieldsOf(entry)].filter(([, value]) => value !== keyOf(entry));
  if (rest.length === 0) return 'itself';
  return rest.map(([key, value]) => (quiet.has(key) ? phrase(value) : `${key} ${phrase(value)}`)).join(', ');
}

const quiet = new Set(['name', 'expr', 'with', 'to', 'from', 'type', 'value', 'direction', 'left', 'right']);
const nothing = 'nothing';

function phrase(value: unknown): string {
  if (value === undefined) return nothing;
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return listed(value.map(phrase));
  if (!isObject(value)) return JSON.stringify(value);
  const key = keyOfObject(value);
  const said = key === undefined ? '' : valueOf(value);
  if (key === undefined) return [...fieldsOf(value)].map(([name, inside]) => `${name} ${phrase(inside)}`).join(', ');
  return said === 'itself' || key.includes(' = ') ? key : `${key} (${said})`;
}

function keyOfObject(value: object): string | undefined {
  const fields = fieldsOf(value);
  if (fields.has('left') && fields.has('right') && fields.size === 2) return pair(fields);
  const key = fields.get('name') ?? fields.get('expr') ?? fields.get('from');
  return typeof key === 'string' ? key : undefined;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? nothing) : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

function changed<T>(before: T, after: T, tell: (before: T, after: T) => string): string[] {
  return before === after ? [] : [tell(before, after)];
}

const sentence = (unchanged: boolean, words: string): string[] => (unchanged ? [] : [words]);
const prefixed = (subject: string, changes: readonly string[]): string[] =>
  changes.map((change) => `${subject}: ${change}`);
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

/** The same for values that differ in the order of their properties only. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inside: unknown) =>
    isObject(inside) ? Object.fromEntries(Object.entries(inside).sort(([a], [b]) => (a < b ? -1 : 1))) : inside,
  );
