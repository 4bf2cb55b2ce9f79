/** The spec as it grows: its sources, its steps, and the rows at its end. */
import { identifier } from '../../../compiler/reference/identifier.ts';
import type { CatalogueTable } from '../../../spec/catalogue.ts';
import type { JoinHow, OutputColumn, Source, Step } from '../../../spec/spec.ts';
import { formatTableName } from '../../../spec/tableName.ts';
import { sameColumn, type ColumnRef } from '../names.ts';
import { singular } from '../wordForms.ts';
import type { Sql } from './render.ts';

/** A column of the rows at a place: which tables' columns it holds. */
export interface Field {
  readonly name: string;
  readonly refs: readonly ColumnRef[];
}

export interface Flow {
  readonly from: string;
  readonly fields: readonly Field[];
}

export interface JoinKeys {
  readonly left: ColumnRef;
  readonly right: ColumnRef;
}

type StepContent<S extends Step = Step> = S extends Step ? Omit<S, 'name'> & { readonly name?: never } : never;

export class Draft {
  readonly steps: Step[] = [];
  private readonly tables = new Map<CatalogueTable, { readonly name: string; readonly columns: Set<string> }>();
  private readonly names = new Set<string>();

  /** Rows that stand for a table which the database does not have. */
  readonly made = new Map<CatalogueTable, Flow>();

  /** The table's rows, with these columns of it. */
  source(table: CatalogueTable, columns: readonly string[]): Flow {
    const made = this.made.get(table);
    if (made) return made;
    const known = this.tables.get(table) ?? { name: this.free(plainName(table.name)), columns: new Set<string>() };
    this.tables.set(table, known);
    for (const column of columns) known.columns.add(column);
    const fields = table.columns.filter(({ name }) => columns.includes(name));
    return { from: known.name, fields: fields.map((column) => ({ name: column.name, refs: [{ table, column }] })) };
  }

  get sources(): readonly Source[] {
    return [...this.tables].map(([table, { name, columns }]) => ({
      name,
      table: formatTableName(table),
      columns: table.columns.map((column) => column.name).filter((column) => columns.has(column)),
    }));
  }

  /** Adds a step under a free name; the rows have these fields afterwards. */
  add(name: string, step: StepContent, fields: readonly Field[]): Flow {
    const free = this.free(name);
    this.steps.push({ name: free, ...step });
    return { from: free, fields };
  }

  join(
    name: string,
    how: JoinHow,
    { left, right, keys }: { left: Flow; right: Flow; keys: readonly JoinKeys[] },
  ): Flow {
    const on = keys.map((pair) => ({ left: fieldOf(left, pair.left).name, right: fieldOf(right, pair.right).name }));
    const step = { kind: 'join' as const, left: left.from, right: right.from, how, on };
    if (how === 'semi' || how === 'anti') return this.add(name, step, left.fields);
    const merged = new Set(on.filter((pair) => pair.left === pair.right).map((pair) => pair.left));
    const taken = new Set(left.fields.map((field) => field.name));
    const others = right.fields.filter((field) => !merged.has(field.name));
    const collides = others.some((field) => taken.has(field.name));
    const kept = left.fields.map((field) => {
      const twin = merged.has(field.name) ? right.fields.find((other) => other.name === field.name) : undefined;
      return twin ? { ...field, refs: [...field.refs, ...twin.refs] } : field;
    });
    const added = others.map((field) => ({
      field,
      name: taken.has(field.name) ? otherName(field, taken) : field.name,
    }));
    const columns: OutputColumn[] = [
      ...kept.map((field) =>
        collides && !merged.has(field.name)
          ? { name: field.name, expr: `${identifier(left.from)}.${identifier(field.name)}` }
          : { name: field.name },
      ),
      ...added.map(({ field, name: to }) => ({
        name: to,
        expr: `${identifier(right.from)}.${identifier(field.name)}`,
      })),
    ];
    const fields = [...kept, ...added.map(({ field, name: to }) => ({ ...field, name: to }))];
    return this.add(name, collides ? { ...step, columns } : step, fields);
  }

  private free(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.names.has(name); number++) name = `${wanted}_${number}`;
    this.names.add(name);
    return name;
  }
}

export function fieldOf(flow: Flow, ref: ColumnRef): Field {
  const found = flow.fields.find(({ refs }) => refs.some((other) => sameColumn(other, ref)));
  if (!found)
    throw new Error(
      `The rows of ${flow.from} have no ${ref.table.name}.${ref.column.name}: the planner forgot to read it.`,
    );
  return found;
}

/** With the names that the columns have in these rows. */
export const written = ({ parts }: Sql, flow: Flow): string =>
  parts.map((part) => (typeof part === 'string' ? part : identifier(fieldOf(flow, part).name))).join('');

/** Of two columns of one name the later one bears its table's name too. */
function otherName({ name, refs }: Field, taken: Set<string>): string {
  const table = plainName(refs[0]?.table.name ?? 'other');
  const owner = table
    .split('_')
    .map((word, at, all) => (at === all.length - 1 ? singular(word) : word))
    .join('_');
  let wanted = `${owner}_${name}`;
  for (let number = 2; taken.has(wanted); number++) wanted = `${owner}_${name}_${number}`;
  taken.add(wanted);
  return wanted;
}

/** A name that needs no quotes in a spec. */
export const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^(?=\d)/, '_');
