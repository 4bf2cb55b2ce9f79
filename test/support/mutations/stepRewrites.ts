/** Other steps that give the same rows. */
import type { ResolvedSpec } from '../../../src/compiler/resolved.ts';
import type { FilterStep, JoinStep, NamedExpression, OrderItem, Spec, Step } from '../../../src/spec/spec.ts';
import { freeName, isOrderable, replaced, scopeOf, type StepScope } from './mutation.ts';
import { cut, itemsOf, partsOf, phrasesOf, spanOf } from './phrases.ts';

export type SpecRewrite = readonly [family: string, spec: Spec];

export function stepRewrites(spec: Spec, resolved: ResolvedSpec): readonly SpecRewrite[] {
  return [
    ...reordered(spec),
    ...spec.steps.flatMap((step) => [
      ...inPlace(step, scopeOf(resolved, step.name)).map(([family, other]): SpecRewrite => [
        family,
        replaced(spec, step, other),
      ]),
      ...inTwo(spec, step, scopeOf(resolved, step.name)),
      ...renamed(spec, step),
      ...pushed(spec, step),
    ]),
    ...behindTarget(spec, resolved),
  ];
}

export const inputsOf = (step: Step): readonly string[] => {
  if ('inputs' in step) return step.inputs;
  if ('left' in step) return [step.left, step.right];
  return 'from' in step ? [step.from] : [];
};

/** Steps in another order that still has each behind what it reads. */
function reordered(spec: Spec): readonly SpecRewrite[] {
  const left = [...spec.steps].reverse();
  const done = new Set(spec.sources.map(({ name }) => name));
  const order: Step[] = [];
  while (left.length > 0) {
    const at = left.findIndex((step) => inputsOf(step).every((input) => done.has(input)));
    const [next] = left.splice(Math.max(0, at), 1);
    if (!next) break;
    order.push(next);
    done.add(next.name);
  }
  const other = order.some((step, at) => step !== spec.steps[at]);
  return [
    ...(other ? [['reordered steps', { ...spec, steps: order }] as const] : []),
    ...(spec.sources.length > 1
      ? [['reordered sources', { ...spec, sources: spec.sources.toReversed() }] as const]
      : []),
    ...(spec.target.columns.length > 1 && !onlyByPlace(spec)
      ? [['reordered target', { ...spec, steps: [...spec.steps, selected(spec)], target: { ...spec.target, from: freeName(spec, 'shown') } }] as const] // prettier-ignore
      : []),
  ];
}

const selected = (spec: Spec): Step => ({
  name: freeName(spec, 'shown'),
  kind: 'select',
  from: spec.target.from,
  columns: spec.target.columns.map(({ name }) => ({ name })).toReversed(),
});

/** Whether some step pairs columns by their place, so that their order means something. */
const onlyByPlace = ({ steps }: Spec): boolean =>
  steps.some(
    (step) => (step.kind === 'union' && !step.byName) || ['intersect', 'except', 'sql', 'python'].includes(step.kind),
  );

/** One step for another. */
function inPlace(step: Step, { inputs, outputs, of }: StepScope): readonly (readonly [string, Step])[] {
  switch (step.kind) {
    case 'join':
      return joinRewrites(step, of);
    case 'distinct':
      return [['distinct as groups', { name: step.name, kind: 'aggregate', from: step.from, by: outputs.map(({ name }) => ({ name })), columns: [] }]]; // prettier-ignore
    case 'dedupe':
      return [
        [
          'first as last',
          { ...step, keep: step.keep === 'last' ? 'first' : 'last', order: step.order.map(turnedRound) },
        ],
        ['reordered keys', { ...step, keys: step.keys.toReversed() }],
      ];
    case 'aggregate':
      return [
        ['reordered keys', { ...step, by: step.by.toReversed() }],
        ['reordered columns', { ...step, columns: step.columns.toReversed() }],
      ];
    case 'derive':
    case 'window':
      return [['reordered columns', { ...step, columns: step.columns.toReversed() }]];
    case 'rename':
      return [['rename as select', { name: step.name, kind: 'select', from: step.from, columns: inputs.map(({ name }) => ({ name: step.columns.find(({ from }) => from === name)?.to ?? name, expr: quotedName(name) })) }]]; // prettier-ignore
    case 'filter':
      return [['filter as query', { name: step.name, kind: 'sql', inputs: [step.from], query: `select * from ${quotedName(step.from)} where ${step.where}` }]]; // prettier-ignore
    case 'union':
      return step.byName
        ? [['reordered inputs', { ...step, inputs: [step.inputs[0] ?? '', ...step.inputs.slice(1).toReversed()] }]]
        : [['union as query', { name: step.name, kind: 'sql', inputs: step.inputs, query: step.inputs.map((input) => `select * from ${quotedName(input)}`).join(step.all === false ? ' union ' : ' union all ') }]]; // prettier-ignore
    case 'unpivot':
      return [['reordered columns', { ...step, columns: step.columns.toReversed() }]];
    case 'pivot':
      return [['reordered columns', { ...step, values: step.values.toReversed() }]];
    case 'limit':
      return [['order said in full', { ...step, by: (step.by ?? []).map(inFull) }]];
    case 'fill':
      return step.columns.every(({ with: given }) => typeof given === 'string')
        ? [['fill as derive', { name: step.name, kind: 'derive', from: step.from, columns: step.columns.map(({ name, with: given }) => ({ name, expr: `coalesce(${quotedName(name)}, ${given as string})` })) }]] // prettier-ignore
        : [];
    default:
      return [];
  }
}

const nullsOf = ({ direction, nulls }: OrderItem): 'first' | 'last' =>
  nulls ?? (direction === 'desc' ? 'first' : 'last');

const turnedRound = (item: OrderItem): OrderItem => ({
  expr: item.expr,
  direction: item.direction === 'desc' ? 'asc' : 'desc',
  nulls: nullsOf(item) === 'first' ? 'last' : 'first',
});

const inFull = (item: OrderItem): OrderItem => ({ ...item, direction: item.direction ?? 'asc', nulls: nullsOf(item) });

function joinRewrites(step: JoinStep, of: StepScope['of']): readonly (readonly [string, Step])[] {
  const on = step.on ?? [];
  const sided = { left: 'right', right: 'left', inner: 'inner', full: 'full', cross: 'cross' } as const;
  const how = step.how in sided ? sided[step.how as keyof typeof sided] : undefined;
  const swapped: JoinStep | undefined = how && {
    ...step,
    ...{ how, left: step.right, right: step.left },
    ...(step.rightAs === undefined ? {} : { leftAs: step.rightAs }),
    ...(step.leftAs === undefined ? {} : { rightAs: step.leftAs }),
    ...(step.on && { on: on.map(({ left, right }) => ({ left: right, right: left })) }),
  };
  if (swapped && step.leftAs === undefined) delete (swapped as { rightAs?: string }).rightAs;
  if (swapped && step.rightAs === undefined) delete (swapped as { leftAs?: string }).leftAs;
  const [left, right] = [step.leftAs ?? step.left, step.rightAs ?? step.right].map(quotedName);
  const equal = step.nullSafe ? 'is not distinct from' : '=';
  const keys = on.map(
    (key) => `${left ?? ''}.${quotedName(key.left)} ${equal} ${right ?? ''}.${quotedName(key.right)}`,
  );
  const where = [...keys, ...(step.where === undefined ? [] : [`(${step.where})`])].join(' and ');
  const distinctNames =
    new Set([...of.values()].flat().map(({ name }) => name)).size === [...of.values()].flat().length;
  const open = without(step, 'on', 'nullSafe');
  return [
    ...(swapped ? [['join from the other side', swapped] as const] : []),
    ...(on.length > 1 ? [['reordered keys', { ...step, on: on.toReversed() }] as const] : []),
    ...(on.length > 0 &&
    step.how === 'inner' &&
    (step.columns ? !step.columns.some(({ expr }) => expr === undefined) : distinctNames)
      ? [['on as where', { ...open, where }] as const]
      : []),
    ...(step.how === 'inner' && on.length > 0 && distinctNames && !step.columns ? [['equal keys of both sides', { ...step, where: `${where} and ${left ?? ''}.${quotedName(on[0]?.left ?? '')} is not null` }] as const] : []), // prettier-ignore
  ];
}

/** A step as two that do the same, or with one beside it that does nothing. */
function inTwo(spec: Spec, step: Step, { outputs }: StepScope): readonly SpecRewrite[] {
  const raw = freeName(spec, `${step.name}_raw`);
  const behind = (family: string, other: Step): SpecRewrite => [
    family,
    replaced(spec, step, { ...step, name: raw }, other),
  ];
  const base = { name: step.name, from: raw };
  const by = outputs.filter(({ type }) => isOrderable(type)).map(({ name }) => ({ expr: quotedName(name) }));
  const first = outputs[0]?.name;
  return [
    behind('filter of all rows', { ...base, kind: 'filter', where: 'true' }),
    behind('select of all columns', { ...base, kind: 'select', columns: outputs.map(({ name }) => ({ name })) }),
    ...(by.length > 0 ? [behind('sorted', { ...base, kind: 'sort', by: by.slice(0, 2) })] : []),
    ...(by.length > 0 ? [behind('limit above the rows', { ...base, kind: 'limit', count: 1_000_000, by })] : []),
    ...(step.kind === 'aggregate' && step.by.length > 0
      ? [behind('distinct groups', { ...base, kind: 'distinct' })]
      : []),
    ...(step.kind === 'distinct' || step.kind === 'dedupe'
      ? [behind('distinct twice', { ...base, kind: 'distinct' })]
      : []),
    ...(first === undefined ? [] : [renamedAndBack(spec, step, { raw, first })]),
    ...splitFilter(spec, step, raw),
    ...splitDerive(spec, step, { raw, outputs: outputs.map(({ name }) => name) }),
  ];
}

function renamedAndBack(
  spec: Spec,
  step: Step,
  { raw, first }: { readonly raw: string; readonly first: string },
): SpecRewrite {
  const other = `${raw}_renamed`;
  return [
    'column renamed and back',
    replaced(
      spec,
      step,
      { ...step, name: raw },
      { name: other, kind: 'rename', from: raw, columns: [{ from: first, to: 'called_otherwise' }] },
      { name: step.name, kind: 'rename', from: other, columns: [{ from: 'called_otherwise', to: first }] },
    ),
  ];
}

function splitFilter(spec: Spec, step: Step, raw: string): readonly SpecRewrite[] {
  if (step.kind !== 'filter') return [];
  const whole = phrasesOf(step.where).at(-1) ?? [];
  const parts = partsOf(whole, 'and');
  if (parts.length < 2 || partsOf(whole, 'or').length > 1 || spanOf(whole).end !== step.where.trimEnd().length)
    return [];
  const texts = parts.map((part) => cut(step.where, spanOf(part)));
  const filters = (one: readonly string[], other: readonly string[]): Spec =>
    replaced(
      spec,
      step,
      { ...step, name: raw, where: one.join(' and ') },
      { name: step.name, kind: 'filter', from: raw, where: other.join(' and ') },
    );
  return [
    ['split filter', filters(texts.slice(0, 1), texts.slice(1))],
    ['split filter', filters(texts.slice(1), texts.slice(0, 1))],
  ];
}

function splitDerive(
  spec: Spec,
  step: Step,
  { raw, outputs }: { readonly raw: string; readonly outputs: readonly string[] },
): readonly SpecRewrite[] {
  if ((step.kind !== 'derive' && step.kind !== 'window') || step.columns.length < 2) return [];
  const added = step.columns.map(({ name }) => name);
  const read = new Set(step.columns.flatMap(({ expr }) => itemsOf(expr).map(({ text }) => text)));
  // A column that is put in another's place may not be seen by those behind it.
  if (added.some((name) => read.has(name)) || outputs.length === 0) return [];
  const [first, rest]: readonly (readonly NamedExpression[])[] = [step.columns.slice(0, 1), step.columns.slice(1)];
  return [
    [
      'split derive',
      replaced(spec, step, { ...step, name: raw, columns: first ?? [] }, { ...step, from: raw, columns: rest ?? [] }),
    ],
  ];
}

/** Another name for a step, where nothing but steps' inputs says it. */
function renamed(spec: Spec, step: Step): readonly SpecRewrite[] {
  const readers = spec.steps.filter((each) => inputsOf(each).includes(step.name));
  if (readers.some(({ kind }) => kind === 'sql' || kind === 'python') || step.kind === 'python') return [];
  const name = freeName(spec, `${step.name}_otherwise`);
  const to = (each: string): string => (each === step.name ? name : each);
  const steps = spec.steps.map((each): Step => {
    if (each === step) return { ...step, name };
    if (each.kind === 'union') return { ...each, inputs: each.inputs.map(to) };
    if (each.kind === 'join')
      return {
        ...each,
        ...{ left: to(each.left), right: to(each.right) },
        ...(each.left === step.name && { leftAs: each.leftAs ?? step.name }),
        ...(each.right === step.name && { rightAs: each.rightAs ?? step.name }),
      };
    if ('left' in each) return { ...each, left: to(each.left), right: to(each.right) };
    return 'from' in each ? { ...each, from: to(each.from) } : each;
  });
  return [['renamed step', { ...spec, steps, target: { ...spec.target, from: to(spec.target.from) } }]];
}

/** A filter goes before a derive whose columns it does not look at. */
function pushed(spec: Spec, step: Step): readonly SpecRewrite[] {
  if (step.kind !== 'filter') return [];
  const before = spec.steps.find(({ name }) => name === step.from);
  if (before?.kind !== 'derive' || spec.steps.some((each) => each !== step && inputsOf(each).includes(before.name)))
    return [];
  const looked = new Set(itemsOf(step.where).map(({ text }) => text));
  if (before.columns.some(({ name }) => looked.has(name)) || spec.target.from === before.name) return [];
  const early = freeName(spec, `${step.name}_early`);
  const filter: FilterStep = { ...step, name: early, from: before.from };
  const without = { ...spec, steps: spec.steps.filter((each) => each !== before) };
  return [['filter pushed', replaced(without, step, filter, { ...before, name: step.name, from: early })]];
}

/** Steps between the last one and the target that change nothing. */
function behindTarget(spec: Spec, resolved: ResolvedSpec): readonly SpecRewrite[] {
  const written = freeName(spec, 'written');
  const columns = spec.target.columns.map(({ name }) => ({ name }));
  const given = new Map(resolved.target.columns.map(({ name, given: column }) => [name, column]));
  const cast = spec.target.columns.map(({ name, type }) => ({ name, expr: `cast(${quotedName(name)} as ${type})` }));
  const to = (step: Step): Spec => ({
    ...spec,
    steps: [...spec.steps, step],
    target: { ...spec.target, from: written },
  });
  return [
    ['cast to its own type', to({ name: written, kind: 'derive', from: spec.target.from, columns: cast })],
    ['select of all columns', to({ name: written, kind: 'select', from: spec.target.from, columns })],
    ...(given.size > 0 ? [['union with nothing', withNothing(spec, written)] as const] : []),
  ];
}

function withNothing(spec: Spec, written: string): Spec {
  const nothing = freeName(spec, 'nothing');
  const { from } = spec.target;
  return {
    ...spec,
    steps: [
      ...spec.steps,
      { name: nothing, kind: 'filter', from, where: 'false' },
      { name: written, kind: 'union', inputs: [from, nothing] },
    ],
    target: { ...spec.target, from: written },
  };
}

const quotedName = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

function without<Whole extends object, Name extends keyof Whole>(whole: Whole, ...names: Name[]): Omit<Whole, Name> {
  const left = Object.entries(whole).filter(([name]) => !names.some((each) => each === name));
  return Object.fromEntries(left) as Omit<Whole, Name>;
}
