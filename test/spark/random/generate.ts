/** Whole specs from a seed: every kind of step, over tables full of NULLs and repeated rows. */
import type { JoinHow, OrderItem, Source, Spec, Step } from '../../../src/spec/spec.ts';
import { Chance } from './chance.ts';
import { condition, expression } from './expressions.ts';

/** The types that a generated column may have; floats are left to the conformance suite. */
export type Kind = 'integer' | 'bigint' | 'numeric' | 'text' | 'boolean' | 'date' | 'timestamp';

export interface Column {
  readonly name: string;
  readonly kind: Kind;
}

export interface Rows {
  readonly name: string;
  readonly columns: readonly Column[];
}

export const randomTables: Readonly<Record<string, readonly Column[]>> = {
  facts: [
    { name: 'id', kind: 'integer' },
    { name: 'k', kind: 'integer' },
    { name: 'g', kind: 'text' },
    { name: 'n', kind: 'numeric' },
    { name: 'yes', kind: 'boolean' },
    { name: 'd', kind: 'date' },
    { name: 'at', kind: 'timestamp' },
  ],
  others: [
    { name: 'k', kind: 'integer' },
    { name: 'big', kind: 'bigint' },
    { name: 'word', kind: 'text' },
    { name: 'm', kind: 'numeric' },
    { name: 'on_day', kind: 'date' },
  ],
  nodes: [
    { name: 'node', kind: 'integer' },
    { name: 'parent', kind: 'integer' },
    { name: 'label', kind: 'text' },
  ],
};

export function generateSpec(seed: number): Omit<Spec, 'target'> & { readonly last: Rows } {
  const chance = new Chance(seed);
  const builder = new Builder(chance);
  const count = chance.between(1, 6);
  for (let step = 0; step < count; step++) builder.add();
  return { version: 1, name: `random-${seed}`, sources: builder.sources, steps: builder.steps, last: builder.last };
}

class Builder {
  readonly sources: Source[] = [];
  readonly steps: Step[] = [];
  last: Rows;
  private readonly chance: Chance;
  private readonly made: Rows[] = [];

  constructor(chance: Chance) {
    this.chance = chance;
    this.last = this.source(chance.pick(['facts', 'others']));
  }

  add(): void {
    const kinds = Object.keys(makers) as (keyof typeof makers)[];
    for (let attempt = 0; attempt < 10; attempt++) {
      const rows = makers[this.chance.pick(kinds)](this, this.chance);
      if (!rows) continue;
      this.last = rows;
      this.made.push(rows);
      return;
    }
  }

  source(table: string): Rows {
    if (!this.sources.some(({ name }) => name === table)) this.sources.push({ name: table, table: `public.${table}` });
    return { name: table, columns: randomTables[table] ?? [] };
  }

  /** Other rows than the last ones, now and then an earlier step. */
  other(): Rows {
    const earlier = this.made.filter(({ name }) => name !== this.last.name);
    return earlier.length > 0 && this.chance.maybe(0.4)
      ? this.chance.pick(earlier)
      : this.source(this.chance.pick(['facts', 'others']));
  }

  put(step: Step, columns: readonly Column[]): Rows {
    this.steps.push(step);
    return { name: step.name, columns };
  }

  name(): string {
    return `s${this.steps.length + 1}`;
  }
}

type Maker = (builder: Builder, chance: Chance) => Rows | undefined;

/** Ordered by every column, rows that still tie are the same rows. */
function totalOrder(columns: readonly Column[], chance: Chance): readonly OrderItem[] {
  return chance.shuffled(columns).map(({ name }) => ({
    expr: name,
    ...(chance.maybe(0.5) ? { direction: chance.pick(['asc', 'desc'] as const) } : {}),
    ...(chance.maybe(0.3) ? { nulls: chance.pick(['first', 'last'] as const) } : {}),
  }));
}

const orderText = (columns: readonly Column[], chance: Chance): string =>
  totalOrder(columns, chance)
    .map(({ expr, direction = 'asc', nulls }) => `${expr} ${direction}${nulls ? ` nulls ${nulls}` : ''}`)
    .join(', ');

const ofKind = (rows: Rows, ...kinds: readonly Kind[]): readonly Column[] =>
  rows.columns.filter(({ kind }) => kinds.includes(kind));

const makers = {
  filter: (builder, chance) => {
    const { last } = builder;
    return builder.put(
      { name: builder.name(), kind: 'filter', from: last.name, where: condition(last, chance) },
      last.columns,
    );
  },
  derive: (builder, chance) => {
    const { last } = builder;
    const name = builder.name();
    const replaced = chance.maybe(0.3) ? [chance.pick(last.columns)] : [];
    const fresh = Array.from({ length: chance.between(1, 2) }, (_, index): Column => ({
      name: `${name}_c${index + 1}`,
      kind: chance.pick(['integer', 'numeric', 'text', 'boolean', 'date', 'timestamp'] as const),
    }));
    const columns = [...replaced, ...fresh].map((column) => ({
      name: column.name,
      expr: expression(column.kind, last, chance),
    }));
    return builder.put({ name, kind: 'derive', from: last.name, columns }, [...last.columns, ...fresh]);
  },
  select: (builder, chance) => {
    const { last } = builder;
    const kept = chance.some(last.columns);
    return builder.put(
      { name: builder.name(), kind: 'select', from: last.name, columns: kept.map(({ name }) => ({ name })) },
      kept,
    );
  },
  rename: (builder, chance) => {
    const { last } = builder;
    const name = builder.name();
    const chosen = chance.some(last.columns);
    const [first, second] = chosen;
    const swap = chance.maybe(0.3) && first && second;
    const to = new Map(
      swap
        ? [
            [first.name, second.name],
            [second.name, first.name],
          ]
        : chosen.map((column, at) => [column.name, `${name}_r${at}`]),
    );
    const columns = last.columns.map((column) => ({ ...column, name: to.get(column.name) ?? column.name }));
    return builder.put(
      { name, kind: 'rename', from: last.name, columns: [...to].map(([from, renamed]) => ({ from, to: renamed })) },
      columns,
    );
  },
  join: (builder, chance) =>
    joined(builder, chance, chance.pick(['inner', 'left', 'right', 'full', 'semi', 'anti'] as const)),
  cross: (builder, chance) => {
    const small = builder.put(
      {
        name: builder.name(),
        kind: 'limit',
        from: builder.last.name,
        count: 3,
        by: [...totalOrder(builder.last.columns, chance)],
      },
      builder.last.columns,
    );
    builder.last = small;
    return joined(builder, chance, 'cross');
  },
  asof: (builder, chance) => {
    const [time] = ofKind(builder.last, 'date');
    const [key] = chance.shuffled(ofKind(builder.last, 'integer', 'bigint'));
    // Without a key the moments of the right side tie: nothing says which of them is meant.
    if (!time || !key) return undefined;
    const right = builder.put(
      {
        name: builder.name(),
        kind: 'aggregate',
        from: builder.source('others').name,
        by: [
          { name: 'key_k', expr: 'k' },
          { name: 'since', expr: 'on_day' },
        ],
        columns: [{ name: 'most', expr: 'max(m)' }],
      },
      [],
    );
    const name = builder.name();
    const columns: Column[] = [
      ...builder.last.columns.map((column) => ({ ...column, name: `${name}_${column.name}`.slice(-40) })),
      { name: `${name}_since`, kind: 'date' },
      { name: `${name}_most`, kind: 'numeric' },
    ];
    return builder.put(
      {
        name,
        kind: 'join',
        left: builder.last.name,
        right: right.name,
        leftAs: 'l',
        rightAs: 'r',
        how: 'asof',
        on: [{ left: key.name, right: 'key_k' }],
        asof: { left: time.name, right: 'since', direction: chance.pick(['backward', 'forward'] as const) },
        columns: [
          ...builder.last.columns.map((column, at) => ({ name: columns[at]?.name ?? '', expr: `l.${column.name}` })),
          { name: `${name}_since`, expr: 'r.since' },
          { name: `${name}_most`, expr: 'r.most' },
        ],
      },
      columns,
    );
  },
  aggregate: (builder, chance) => {
    const { last } = builder;
    const name = builder.name();
    const by = chance.maybe(0.2) ? [] : chance.some(last.columns).slice(0, 2);
    const made: { column: Column; expr: string }[] = [
      { column: { name: `${name}_count`, kind: 'bigint' }, expr: 'count(*)' },
    ];
    for (const column of chance.some(last.columns).slice(0, 3)) {
      const made_ = aggregateOf(column, last, chance);
      made.push({ column: { name: `${name}_a${made.length}`, kind: made_.kind }, expr: made_.expr });
    }
    return builder.put(
      {
        name,
        kind: 'aggregate',
        from: last.name,
        by: by.map((column) => ({ name: column.name })),
        columns: made.map(({ column, expr }) => ({ name: column.name, expr })),
      },
      [...by, ...made.map(({ column }) => column)],
    );
  },
  window: (builder, chance) => {
    const { last } = builder;
    const name = builder.name();
    const partition = chance.maybe(0.7) ? `partition by ${chance.pick(last.columns).name} ` : '';
    const over = `over (${partition}order by ${orderText(last.columns, chance)})`;
    const value = chance.pick(last.columns);
    const columns: { column: Column; expr: string }[] = [
      { column: { name: `${name}_place`, kind: 'bigint' }, expr: `row_number() ${over}` },
      {
        column: { name: `${name}_near`, kind: value.kind },
        expr: `${chance.pick(['lag', 'lead'])}(${value.name}) ${over}`,
      },
    ];
    return builder.put(
      {
        name,
        kind: 'window',
        from: last.name,
        columns: columns.map(({ column, expr }) => ({ name: column.name, expr })),
      },
      [...last.columns, ...columns.map(({ column }) => column)],
    );
  },
  limit: (builder, chance) => {
    const { last } = builder;
    const by = [...totalOrder(last.columns, chance)];
    const offset = chance.maybe(0.3) ? { offset: chance.between(1, 5) } : {};
    return builder.put(
      { name: builder.name(), kind: 'limit', from: last.name, count: chance.between(1, 12), by, ...offset },
      last.columns,
    );
  },
  distinct: (builder) =>
    builder.put({ name: builder.name(), kind: 'distinct', from: builder.last.name }, builder.last.columns),
  dedupe: (builder, chance) => {
    const { last } = builder;
    const keys = chance
      .some(last.columns)
      .slice(0, 2)
      .map(({ name }) => name);
    const keep = chance.maybe(0.5) ? { keep: chance.pick(['first', 'last'] as const) } : {};
    const order = [...totalOrder(last.columns, chance)];
    return builder.put({ name: builder.name(), kind: 'dedupe', from: last.name, keys, order, ...keep }, last.columns);
  },
  union: (builder, chance) => setOperation(builder, chance, 'union'),
  intersect: (builder, chance) => setOperation(builder, chance, 'intersect'),
  except: (builder, chance) => setOperation(builder, chance, 'except'),
  pivot: (builder, chance) => {
    const { last } = builder;
    const name = builder.name();
    const texts = ofKind(last, 'text');
    const [number] = chance.shuffled(ofKind(last, 'numeric', 'integer'));
    if (texts.length === 0 || !number) return undefined;
    const [column] = chance.shuffled(texts);
    const by = chance.some(last.columns).slice(0, 1);
    const aggregate = chance.pick([
      `sum(${number.name})`,
      'count(*)',
      `max(${number.name})`,
      `coalesce(min(${number.name}), 0)`,
    ]);
    const kind: Kind =
      aggregate === 'count(*)'
        ? 'bigint'
        : aggregate.startsWith('sum') && number.kind === 'integer'
          ? 'bigint'
          : number.kind;
    const values = [
      { value: 'a', name: `${name}_a` },
      { value: null, name: `${name}_null` },
      { value: '', name: `${name}_empty` },
    ];
    return builder.put(
      {
        name,
        kind: 'pivot',
        from: last.name,
        by: by.map((each) => each.name),
        column: column?.name ?? '',
        values,
        aggregate,
      },
      [...by, ...values.map((value): Column => ({ name: value.name, kind }))],
    );
  },
  unpivot: (builder, chance) => {
    const { last } = builder;
    const kind = chance.pick(last.columns).kind;
    const turned = ofKind(last, kind).slice(0, 3);
    const name = builder.name();
    const keepNulls = chance.maybe(0.5) ? { keepNulls: chance.maybe(0.5) } : {};
    return builder.put(
      {
        name,
        kind: 'unpivot',
        from: last.name,
        columns: turned.map((column) => column.name),
        nameColumn: `${name}_name`,
        valueColumn: `${name}_value`,
        ...keepNulls,
      },
      [
        ...last.columns.filter((column) => !turned.includes(column)),
        { name: `${name}_name`, kind: 'text' },
        { name: `${name}_value`, kind },
      ],
    );
  },
  fill: (builder, chance) => {
    const { last } = builder;
    const column = chance.pick(last.columns);
    if (chance.maybe(0.4)) {
      const value = expression(column.kind, last, chance);
      return builder.put(
        { name: builder.name(), kind: 'fill', from: last.name, columns: [{ name: column.name, with: value }] },
        last.columns,
      );
    }
    const partitionBy = chance.maybe(0.6) ? { partitionBy: [chance.pick(last.columns).name] } : {};
    const carry = chance.pick(['forward', 'backward'] as const);
    const orderBy = [...totalOrder(last.columns, chance)];
    return builder.put(
      {
        name: builder.name(),
        kind: 'fill',
        from: last.name,
        columns: [{ name: column.name, with: { carry } }],
        ...partitionBy,
        orderBy,
      },
      last.columns,
    );
  },
  series: (builder, chance) => {
    const name = builder.name();
    const dates = chance.maybe(0.5);
    const bounds = dates
      ? {
          start: "date '2026-01-30'",
          stop: "date '2026-05-03'",
          step: chance.pick(["interval '1 month'", "interval '9 days'"]),
        }
      : {
          start: String(chance.between(-3, 3)),
          stop: String(chance.between(-5, 9)),
          step: chance.pick(['1', '2', '-2']),
        };
    const column: Column = { name: `${name}_v`, kind: dates ? 'date' : 'integer' };
    return builder.put({ name, kind: 'series', ...bounds, as: column.name }, [column]);
  },
  hierarchy: (builder, chance) => {
    const nodes = builder.source('nodes');
    const name = builder.name();
    const added: Column[] = [
      { name: `${name}_level`, kind: 'integer' },
      { name: `${name}_path`, kind: 'text' },
      { name: `${name}_root`, kind: 'integer' },
    ];
    const start = chance.maybe(0.4) ? { startWith: `node % ${chance.between(2, 5)} = 1` } : {};
    return builder.put(
      {
        name,
        kind: 'hierarchy',
        from: nodes.name,
        key: 'node',
        parent: 'parent',
        level: `${name}_level`,
        path: `${name}_path`,
        root: `${name}_root`,
        ...start,
      },
      [...nodes.columns, ...added],
    );
  },
} satisfies Record<string, Maker>;

function aggregateOf(
  { name, kind }: Column,
  rows: Rows,
  chance: Chance,
): { readonly kind: Kind; readonly expr: string } {
  const filter = chance.maybe(0.3) ? ` filter (where ${condition(rows, chance)})` : '';
  if (chance.maybe(0.25)) return { kind: 'bigint', expr: `count(distinct ${name})${filter}` };
  if (kind === 'boolean') return { kind, expr: `${chance.pick(['bool_and', 'bool_or'])}(${name})${filter}` };
  if (kind === 'integer' && chance.maybe(0.5)) return { kind: 'bigint', expr: `sum(${name})${filter}` };
  if (kind === 'numeric' && chance.maybe(0.4)) return { kind, expr: `sum(${name})${filter}` };
  return { kind, expr: `${chance.pick(['min', 'max'])}(${name})${filter}` };
}

function joined(builder: Builder, chance: Chance, how: JoinHow): Rows | undefined {
  const left = builder.last;
  const right = builder.other();
  const name = builder.name();
  const pairs = left.columns.flatMap((a) =>
    right.columns
      .filter((b) => a.kind === b.kind && a.kind !== 'boolean')
      .map((b) => ({ left: a.name, right: b.name })),
  );
  if (how !== 'cross' && pairs.length === 0) return undefined;
  const same = pairs.filter((pair) => pair.left === pair.right);
  const on = chance.some(same.length > 0 && chance.maybe(0.6) ? same : pairs).slice(0, 2);
  const where = how !== 'cross' && chance.maybe(0.25) ? { where: condition(right, chance, 'r') } : {};
  const nullSafe = chance.maybe(0.25) ? { nullSafe: true } : {};
  const sides =
    how === 'semi' || how === 'anti'
      ? ([[left, 'l']] as const)
      : ([
          [left, 'l'],
          [right, 'r'],
        ] as const);
  const outputs = sides.flatMap(([rows, side]) =>
    chance
      .some(rows.columns)
      .slice(0, 6)
      .map((column) => ({ column, expr: `${side}.${column.name}` })),
  );
  const columns = outputs.map(({ column }, at): Column => ({ name: `${name}_${at + 1}`, kind: column.kind }));
  return builder.put(
    {
      name,
      kind: 'join',
      left: left.name,
      right: right.name,
      leftAs: 'l',
      rightAs: 'r',
      how,
      ...(how === 'cross' ? {} : { on, ...nullSafe }),
      ...where,
      columns: outputs.map(({ expr }, at) => ({ name: columns[at]?.name ?? '', expr })),
    },
    columns,
  );
}

/** Both sides are brought to the same kinds first. */
function setOperation(builder: Builder, chance: Chance, kind: 'union' | 'intersect' | 'except'): Rows | undefined {
  const [left, right] = [builder.last, builder.other()];
  const shared = [...new Set(left.columns.map((column) => column.kind))].filter(
    (each) => ofKind(right, each).length > 0,
  );
  if (shared.length === 0) return undefined;
  const columns = chance.some(shared).map((each, at): Column => ({ name: `u${at + 1}`, kind: each }));
  const [a, b] = [left, right].map((rows) =>
    builder.put(
      {
        name: builder.name(),
        kind: 'select',
        from: rows.name,
        columns: columns.map((column) => ({ name: column.name, expr: chance.pick(ofKind(rows, column.kind)).name })),
      },
      columns,
    ),
  );
  const all = chance.maybe(0.5) ? { all: chance.maybe(0.5) } : {};
  const name = builder.name();
  if (kind === 'union') {
    const byName = chance.maybe(0.3) ? { byName: true } : {};
    return builder.put({ name, kind, inputs: [a?.name ?? '', b?.name ?? ''], ...all, ...byName }, columns);
  }
  return builder.put({ name, kind, left: a?.name ?? '', right: b?.name ?? '', ...all }, columns);
}
