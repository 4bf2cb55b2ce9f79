/** The one seam through which names and texts of a spec reach SQL. */
const plainName = /^[a-z_][a-z0-9_]*$/;

/** The name as SQL, quoted where PostgreSQL would read it as something else. */
export function identifier(name: string): string {
  return plainName.test(name) && !keywords.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A text as a SQL literal, independent of `standard_conforming_strings`. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

export const identifiers = (names: readonly string[]): string => names.map(identifier).join(', ');

export const qualified = (qualifier: string, name: string): string => `${identifier(qualifier)}.${identifier(name)}`;

export function tableIdentifier({ schema, name }: { readonly schema?: string; readonly name: string }): string {
  return schema === undefined ? identifier(name) : qualified(schema, name);
}

/** PostgreSQL's keywords that cannot stand everywhere as a bare column, table or function name. */
const keywords = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char
  character check coalesce collate collation column concurrently constraint create cross current_catalog current_date
  current_role current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do
  else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping having ilike
  in initially inner inout int integer intersect interval into is isnull join json json_array json_arrayagg json_exists
  json_object json_objectagg json_query json_scalar json_serialize json_table json_value lateral leading least left like
  limit localtime localtimestamp merge_action national natural nchar none normalize not notnull null nullif numeric offset
  on only or order out outer overlaps overlay placing position precision primary real references returning right row select
  session_user setof similar smallint some substring symmetric system_user table tablesample then time timestamp to trailing
  treat trim true union unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat
  xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable year month day hour minute
  second over filter within`.split(/\s+/),
);
