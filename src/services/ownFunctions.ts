import type { SqlParser } from '../compiler/expressions/contract.ts';
import { literal } from '../compiler/reference/identifier.ts';

/** What a query calls, by name: the grammar does not know which of several of a name it will be. */
interface Called {
  readonly functions: Set<string>;
  readonly operators: Set<string>;
  readonly types: Set<string>;
  /** `t.f` may be a column, or a function of the row. */
  readonly fields: Set<string>;
}

/**
 * SQL for the names of those functions of the database's own that a query may call and that may do more than read: nobody has declared
 * them stable or immutable. They run in a read-only transaction too, but what they do outside of it, by another connection or another
 * language, no transaction takes back. Undefined where it calls nothing. What a view calls is not looked at: whoever may read the
 * view runs it.
 */
export function ownFunctionsSql(query: string, parser: SqlParser): string | undefined {
  const parsed = parser.parse(query);
  if ('error' in parsed) return undefined;
  const called: Called = { functions: new Set(), operators: new Set(), types: new Set(), fields: new Set() };
  collect(parsed.tree, called);
  if (Object.values(called).every(({ size }: Set<string>) => size === 0)) return undefined;
  const named = (names: ReadonlySet<string>): string => `any (array[${[...names].map(literal).join(', ')}]::text[])`;
  return `with called (oid) as (
  select oid from pg_proc where proname = ${named(called.functions)}
  union select unnest(array[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn]::oid[])
    from pg_aggregate join pg_proc on oid = aggfnoid where proname = ${named(called.functions)}
  union select oprcode::oid from pg_operator where oprname = ${named(called.operators)}
  union select castfunc from pg_cast join pg_type on pg_type.oid = casttarget where typname = ${named(called.types)}
  union select pg_proc.oid from pg_proc join pg_type on pg_type.oid = proargtypes[0]
    where pronargs = 1 and typtype = 'c' and proname = ${named(called.fields)}
)
select distinct proname::text as name from called join pg_proc using (oid)
where provolatile = 'v' and pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) order by 1`;
}

type Node = Readonly<Record<string, unknown>>;

function collect(value: unknown, called: Called): void {
  if (Array.isArray(value)) {
    for (const each of value) collect(each, called);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inside] of Object.entries(value)) {
    const [list, names] = namesIn(key, inside as Node, called);
    const last = lastName(names);
    if (last !== undefined) list?.add(last);
    collect(inside, called);
  }
}

function namesIn(key: string, inside: Node, called: Called): readonly [Set<string> | undefined, unknown] {
  switch (key) {
    case 'FuncCall':
      return [called.functions, inside['funcname']];
    case 'A_Expr':
      return [called.operators, inside['name']];
    case 'SubLink':
    case 'SortBy':
      return [called.operators, inside['operName'] ?? inside['useOp']];
    case 'typeName':
    case 'TypeName':
      return [called.types, inside['names']];
    case 'ColumnRef':
      return [called.fields, inside['fields']];
    case 'A_Indirection':
      return [called.fields, inside['indirection']];
    default:
      return [undefined, undefined];
  }
}

function lastName(names: unknown): string | undefined {
  if (!Array.isArray(names)) return undefined;
  const last = names.at(-1) as { readonly String?: { readonly sval?: unknown } } | undefined;
  return typeof last?.String?.sval === 'string' ? last.String.sval : undefined;
}
