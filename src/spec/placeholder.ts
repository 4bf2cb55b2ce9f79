import type { JsonPath, Positions } from './positions.ts';
import type { ScalarKind, Shape } from './shape.ts';

interface Around {
  readonly positions: Positions;
  /** The object that lacks the property. */
  readonly path: JsonPath;
}

/** A value of the shape that a writer can start from: as near to what is meant as the place allows. */
export function placeholder(shape: Shape, word: string, around: Around): unknown {
  switch (shape.kind) {
    case 'name':
      return freshName(word, around);
    case 'reference':
      return nearestName(around);
    case 'text':
      return word === 'code' ? 'def step(rows):\n    return rows' : word;
    case 'table':
      return word;
    case 'expression':
      return word === 'aggregate' ? 'count(*)' : word === 'where' ? 'true' : '1';
    case 'query':
      return 'select 1';
    case 'type':
      return 'text';
    case 'boolean':
      return false;
    case 'integer':
      return Math.max(1, shape.min);
    case 'version':
      return shape.is;
    case 'choice':
      return Object.keys(shape.values)[0];
    case 'scalar':
      return scalars[shape.allows[0] ?? 'null'];
    case 'list':
      return Array.from({ length: shape.min }, () => placeholder(shape.of, word, around));
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.fields)
          .filter(([, field]) => field.required)
          .map(([name, field]) => [name, placeholder(field.shape, name, around)]),
      );
    case 'variants':
      return {};
    case 'either':
      return placeholder(shape.text, word, around);
  }
}

const scalars: Readonly<Record<ScalarKind, unknown>> = { string: '', number: 0, boolean: false, null: null };

/** `step_3` for the third step without a name; elsewhere the word itself. */
function freshName(word: string, { path }: Around): string {
  const [list, index] = path;
  if (word === 'name' && path.length === 0) return 'job';
  if (word !== 'name' || path.length !== 2 || typeof index !== 'number') return word === 'name' ? 'column' : word;
  return `${list === 'steps' ? 'step' : 'source'}_${index + 1}`;
}

/** The step above, or the last source: what a step most often reads. */
function nearestName({ positions, path }: Around): string {
  const index = path[0] === 'steps' && typeof path[1] === 'number' ? path[1] : Number.MAX_SAFE_INTEGER;
  const names = (list: string): string[] =>
    (positions.node([list])?.children ?? []).slice(0, index).flatMap((_, at) => {
      const value: unknown = positions.node([list, at, 'name'])?.value;
      return typeof value === 'string' ? [value] : [];
    });
  return names('steps').at(-1) ?? names('sources').at(-1) ?? 'source';
}
