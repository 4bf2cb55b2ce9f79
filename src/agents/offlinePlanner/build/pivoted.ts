/** One column for each value of a column. */
import { identifier } from '../../../compiler/reference/identifier.ts';
import type { PivotStep } from '../../../spec/spec.ts';
import type { Pivot } from '../intent.ts';
import { columnId, fits, type ColumnRef } from '../names.ts';
import { codeValues } from '../valueLists.ts';
import { aggregateSql, type Counted } from './counted.ts';
import { fieldOf, plainName, written, type Flow } from './draft.ts';
import type { Keyed } from './keyed.ts';
import type { Building } from './building.ts';

interface Pivoting {
  readonly keys: readonly Keyed[];
  readonly counted: readonly Counted[];
  readonly flow: Flow;
  readonly onces: ReadonlyMap<Counted, ColumnRef | undefined>;
}

export function pivoted(
  pivot: Pivot,
  { keys, counted, flow, onces }: Pivoting,
  { linker, draft }: Building,
): Flow | undefined {
  const column = linker.column(pivot.column);
  const [only, ...others] = counted;
  if (!column) return undefined;
  if (!only || others.length > 0) {
    linker.refuse(pivot, 'A pivot needs one measure, such as “number of orders”.');
    return;
  }
  const values = valuesOf(pivot, column);
  if (values.length === 0) {
    linker.refuse(pivot.column, `Say which values of ${columnId(column)} become columns: “with values 'a', 'b'”.`);
    return;
  }
  linker.assume(`Other values of ${columnId(column)} have no column of their own.`);
  const made = keys.filter((key) => key.sql.parts.length > 1);
  const prepared =
    made.length === 0
      ? flow
      : draft.add(
          'with_keys',
          {
            kind: 'derive',
            from: flow.from,
            columns: made.map((key) => ({ name: key.name, expr: written(key.sql, flow) })),
          },
          [...flow.fields, ...made.map(({ name }) => ({ name, refs: [] }))],
        );
  const by = keys.map((key) => (made.includes(key) ? key.name : fieldOf(flow, key.sql.columns[0] ?? column).name));
  const once = onces.get(only);
  const step = {
    kind: 'pivot' as const,
    from: prepared.from,
    by,
    column: identifier(fieldOf(prepared, column).name),
    values,
    aggregate: written(aggregateSql(only, once ? { once } : {}), prepared),
  };
  const fields = [
    ...by.map((name) => ({ name, refs: keys.find((key) => key.name === name)?.sql.columns ?? [] })),
    ...values.map(({ name }) => ({ name, refs: [] })),
  ];
  return draft.add('pivoted', step, fields);
}

/** The prompt's own values, or those that the column's comment explains. */
function valuesOf({ values }: Pivot, { column }: ColumnRef): PivotStep['values'] {
  const isNumber = fits(column, 'number');
  const given =
    values?.map((value) => ({ value, label: value })) ??
    codeValues(column).map(({ value, label }) => ({ value, label }));
  if (given.length === 0 && column.type === 'boolean')
    return [
      { value: true, name: column.name },
      { value: false, name: `not_${column.name}` },
    ];
  return given.map(({ value, label }) => ({ value: isNumber ? Number(value) : value, name: plainName(label) }));
}
