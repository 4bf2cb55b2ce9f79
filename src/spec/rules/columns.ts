import { fixOf, removeValue, replaceValue } from '../edits.ts';
import { formatPgType, foreignTypes, parsePgType } from '../pgTypes.ts';
import type { JsonPath } from '../positions.ts';
import type { Step } from '../spec.ts';
import { didYouMean } from '../suggest.ts';
import { freeName } from './references.ts';
import type { Rule, RuleContext } from './rule.ts';

interface NamePlace {
  readonly name: string;
  readonly path: JsonPath;
  /** A repeated name here is the same thing said twice, so it may go; elsewhere it is another thing and gets a new name. */
  readonly repeats?: boolean;
}

/** Columns that a list names must be apart. */
export const distinctColumns: Rule = (context) => {
  const { spec } = context;
  const at = (path: JsonPath) => (places: readonly NamePlace[]) => {
    distinct(places, path, context);
  };
  spec.sources.forEach(({ columns }, index) => {
    at(['sources', index])(plain(columns, ['columns']));
  });
  spec.steps.forEach((step, index) => {
    namesOf(step).forEach(at(['steps', index]));
  });
  at(['target'])([
    ...named(spec.target.columns, ['columns'], 'name'),
    ...Object.entries(spec.target.history ?? {}).map(([key, name]) => ({ name, path: ['history', key] })),
  ]);
  at(['target'])(plain(spec.target.keys, ['keys']));
};

/** Types are PostgreSQL's. */
export const types: Rule = (context) => {
  const check = (columns: readonly { readonly type: string }[], path: JsonPath): void => {
    columns.forEach(({ type }, index) => {
      checkType(type, [...path, index, 'type'], context);
    });
  };
  check(context.spec.target.columns, ['target', 'columns']);
  context.spec.steps.forEach((step, index) => {
    if (step.kind === 'python') check(step.columns, ['steps', index, 'columns']);
  });
};

function checkType(written: string, path: JsonPath, { positions, report }: RuleContext): void {
  const type = parsePgType(written);
  const element = type.kind === 'array' ? type.element : type;
  if (element.kind !== 'other') return;
  const base = /^[^([]*/.exec(written.trim().toLowerCase())?.[0].trim() ?? '';
  const foreign = foreignTypes.get(base);
  const wellFormed =
    /^("([^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)(\s*\.\s*("([^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*))?( [a-z ]+)?(\(\d+\)( [a-z ]+)?)?$/iu;
  if (foreign === undefined && wellFormed.test(element.name)) return;
  const meant = foreign === undefined ? undefined : formatPgType(parsePgType(foreign));
  const suggestion = meant !== undefined && type.kind === 'array' ? `${meant}[]` : meant;
  report(
    'unknown-type',
    path,
    `PostgreSQL has no type "${written}".${didYouMean(suggestion)}`,
    suggestion === undefined
      ? undefined
      : fixOf(`Change to "${suggestion}"`, replaceValue(positions, path, JSON.stringify(suggestion))),
  );
}

/** The lists of a step whose names must be apart, each for itself. */
function namesOf(step: Step): (readonly NamePlace[])[] {
  switch (step.kind) {
    case 'derive':
    case 'select':
    case 'window':
    case 'fill':
    case 'python':
      return [named(step.columns, ['columns'], 'name')];
    case 'join':
      return [named(step.columns ?? [], ['columns'], 'name')];
    case 'rename':
      return [named(step.columns, ['columns'], 'from'), named(step.columns, ['columns'], 'to')];
    case 'aggregate':
      return [[...named(step.by, ['by'], 'name'), ...named(step.columns, ['columns'], 'name')]];
    case 'dedupe':
      return [plain(step.keys, ['keys'])];
    case 'pivot':
      return [[...plain(step.by, ['by']), ...named(step.values, ['values'], 'name')]];
    case 'unpivot':
      return [plain(step.columns, ['columns']), own(step, ['nameColumn', 'valueColumn'])];
    case 'explode':
      return [own(step, ['as', 'position'])];
    case 'hierarchy':
      return [own(step, ['level', 'path', 'root'])];
    case 'filter':
    case 'sort':
    case 'limit':
    case 'distinct':
    case 'union':
    case 'intersect':
    case 'except':
    case 'series':
    case 'sql':
      return [];
  }
}

function named<Key extends string>(
  list: readonly { readonly [K in Key]: string }[],
  path: JsonPath,
  key: Key,
): NamePlace[] {
  return list.map((entry, index) => ({ name: entry[key], path: [...path, index, key] }));
}

const plain = (list: readonly string[] | undefined, path: JsonPath): NamePlace[] =>
  (list ?? []).map((name, index) => ({ name, path: [...path, index], repeats: true }));

function own(step: object, keys: readonly string[]): NamePlace[] {
  const values = new Map<string, unknown>(Object.entries(step));
  return keys.flatMap((key) => {
    const name = values.get(key);
    return typeof name === 'string' ? [{ name, path: [key] }] : [];
  });
}

function distinct(places: readonly NamePlace[], base: JsonPath, { positions, report }: RuleContext): void {
  const names = new Set(places.map(({ name }) => name));
  const seen = new Set<string>();
  for (const { name, path, repeats } of places) {
    if (seen.has(name)) {
      const full = [...base, ...path];
      const free = freeName(name, names);
      const fix = repeats
        ? fixOf('Take the second one out', removeValue(positions, full))
        : fixOf(`Rename to "${free}"`, replaceValue(positions, full, JSON.stringify(free)));
      report('duplicate-column', full, `The column "${name}" is named twice here.`, fix);
    }
    seen.add(name);
  }
}
