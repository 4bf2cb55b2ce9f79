/** Where the rows go, under which name, and with which types. */
import type { ResolvedSpec } from '../../../compiler/resolved.ts';
import { formatPgType } from '../../../spec/pgTypes.ts';
import type { Catalogue } from '../../../spec/catalogue.ts';
import type { Spec, Target, TargetColumn } from '../../../spec/spec.ts';
import { formatTableName, parseTableName } from '../../../spec/tableName.ts';
import type { PlanRequest } from '../../planner.ts';
import { sameColumn, type NameRef } from '../names.ts';
import { promptName } from '../../../spec/promptName.ts';
import { plainName, type Field } from './draft.ts';
import type { Linker } from './linker.ts';
import type { Planned } from './plan.ts';

interface Asking {
  readonly request: PlanRequest;
  readonly linker: Linker;
}

/** What the panel or the command line says wins over the prompt's words. Types are filled in later. */
export function targetOf(
  { base, flow, draft, target }: Planned,
  { request, linker }: Asking,
): { readonly name: string; readonly target: Target } | undefined {
  const asked = request.target?.table ?? target.table;
  const parsed = asked === undefined ? undefined : parseTableName(asked);
  if (asked !== undefined && !parsed) {
    linker.refuse({ text: asked, offset: Math.max(0, request.prompt.indexOf(asked)) }, 'This is no name of a table.');
    return;
  }
  const sources = draft.sources.map((source) => parseTableName(source.table));
  const isSource = (name: { readonly schema?: string; readonly name: string }): boolean =>
    sources.some(
      (source) => source?.name === name.name && (name.schema === undefined || source.schema === name.schema),
    );
  if (parsed && isSource(parsed)) {
    linker.refuse(
      { text: asked ?? '', offset: Math.max(0, request.prompt.indexOf(asked ?? '')) },
      'The target is read by the same spec; write to another table.',
    );
    return;
  }
  const fallback = promptName(request.prompt, 'result');
  const own = isSource({ name: fallback }) ? `${fallback}_result` : fallback;
  const schema = base.schema === '' ? 'public' : base.schema;
  const place = parsed ? (parsed.schema === undefined ? { ...parsed, schema } : parsed) : { schema, name: own };
  const mode = request.target?.mode ?? target.mode ?? 'replace';
  const keys = target.keys?.map((name) => {
    const found = flow.fields.find((field) => isMeant(field, name));
    if (!found) linker.refuse(name, 'The result has no such column.');
    return found?.name;
  });
  if (keys?.some((key) => key === undefined)) return undefined;
  const found = keys?.filter((key) => key !== undefined);
  return {
    name: plainName(place.name),
    target: {
      table: formatTableName(place),
      from: flow.from,
      mode,
      ...(found && found.length > 0 && { keys: found }),
      columns: flow.fields.map(({ name }) => ({ name, type: 'text' })),
      ...(mode === 'history' && { history: { validFrom: 'valid_from', validTo: 'valid_to', current: 'is_current' } }),
    },
  };
}

/** A key of the target: a column of the result, by any of its names. */
const isMeant = ({ name, refs }: Field, asked: NameRef): boolean =>
  refs.some((ref) => asked.columns.some((reading) => sameColumn(reading, ref))) ||
  plainName(asked.text.replaceAll(' ', '_')) === name ||
  asked.tables.some(
    ({ table: { primaryKey } }) => primaryKey?.length === 1 && refs.some((ref) => ref.column.name === primaryKey[0]),
  );

/** The types as the compiler knows them, and a key where one is known. */
export function typedColumns(spec: Spec, { target }: ResolvedSpec, catalogue: Catalogue): Spec {
  const { columns, uniqueKeys } = target.from;
  const place = parseTableName(spec.target.table);
  const existing = place && catalogue.find(place);
  const types = columns.map((column): TargetColumn => {
    const known = existing?.columns.find(({ name }) => name === column.name);
    if (known) return { name: column.name, type: known.type, ...(!known.nullable && { nullable: false }) };
    const type = formatPgType(column.type);
    // Numbers with other digits in every row are kept to six of them.
    const open = column.decimal?.shortened === true && type === 'numeric';
    return { name: column.name, type: open ? 'numeric(20,6)' : type, ...(!column.nullable && { nullable: false }) };
  });
  const rounded = types.filter(({ type }, at) => type === 'numeric(20,6)' && columns[at]?.decimal?.shortened === true);
  const key = uniqueKeys.find(
    (names) =>
      names.length > 0 && names.every((name) => columns.some((column) => column.name === name && !column.nullable)),
  );
  const keys = spec.target.keys ?? key;
  const told =
    rounded.length > 0 ? [`${rounded.map(({ name }) => name).join(', ')}: six digits after the point are kept.`] : [];
  const needsKey = (spec.target.mode === 'upsert' || spec.target.mode === 'history') && !spec.target.keys && key;
  const assumptions = [
    ...(spec.assumptions ?? []),
    ...told,
    ...(needsKey ? [`A row is the same row where its ${key.join(', ')} is the same.`] : []),
  ];
  return {
    ...spec,
    ...(assumptions.length > 0 && { assumptions }),
    target: { ...spec.target, ...(keys && { keys }), columns: types },
  };
}
