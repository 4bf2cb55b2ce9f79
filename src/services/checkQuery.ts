import type { SqlParser } from '../compiler/expressions/contract.ts';
import { isDeniedFunction, isDeniedRelation } from './deniedFunctions.ts';

/** Why a query is not run, where in its text (in UTF-16 units), and which rule says so. */
export interface QueryRefusal {
  readonly code:
    'syntax' | 'not-one-statement' | 'not-a-select' | 'writes' | 'locks' | 'denied-function' | 'denied-relation';
  readonly message: string;
  readonly position: number;
}

/**
 * Whether the text is exactly one SELECT (or VALUES, TABLE, WITH … SELECT) that can be left to a person or a model. It is
 * PostgreSQL's own grammar that decides, so no quoting, comment or nesting hides anything. Undefined where all is well.
 */
export function checkQuery(sql: string, parser: SqlParser): QueryRefusal | undefined {
  const parsed = parser.parse(sql);
  if ('error' in parsed) {
    return { code: 'syntax', message: `This does not parse: ${parsed.error}.`, position: parsed.position };
  }
  const { stmts = [] } = parsed.tree as { readonly stmts?: readonly { readonly stmt: object }[] };
  const [statement, ...others] = stmts;
  if (!statement || others.length > 0) {
    const message = statement ? 'Only one statement can be run at a time.' : 'There is no statement.';
    return { code: 'not-one-statement', message, position: 0 };
  }
  if (!('SelectStmt' in statement.stmt)) {
    return { code: 'not-a-select', message: 'Only a SELECT can be run here.', position: 0 };
  }
  const found = refusalIn(statement.stmt, 0);
  // The grammar counts bytes of UTF-8.
  return found && { ...found, position: Buffer.from(sql).subarray(0, found.position).toString().length };
}

/** The first thing in the tree that is refused; `position` is that of the nearest node above it that has one. */
function refusalIn(value: unknown, position: number): QueryRefusal | undefined {
  if (Array.isArray(value)) return firstOf(value.map((each: unknown) => () => refusalIn(each, position)));
  if (typeof value !== 'object' || value === null) return undefined;
  const at = 'location' in value && typeof value.location === 'number' ? value.location : position;
  return firstOf(
    Object.entries(value).map(([key, inside]: [string, unknown]) => () => {
      const refusal = refusalOf(key, inside as Readonly<Record<string, unknown>>);
      return refusal ? { ...refusal, position: locationOf(inside) ?? at } : refusalIn(inside, at);
    }),
  );
}

function firstOf(looks: readonly (() => QueryRefusal | undefined)[]): QueryRefusal | undefined {
  for (const look of looks) {
    const found = look();
    if (found) return found;
  }
  return undefined;
}

function locationOf(value: unknown): number | undefined {
  const { location } = value as { readonly location?: unknown };
  return typeof location === 'number' ? location : undefined;
}

type Refusal = Omit<QueryRefusal, 'position'>;

/** By the grammar's own words: a property's name, or a node's. */
function refusalOf(key: string, inside: Readonly<Record<string, unknown>>): Refusal | undefined {
  if (key === 'intoClause') return { code: 'writes', message: 'SELECT INTO makes a table: leave INTO out.' };
  if (key === 'lockingClause') {
    return { code: 'locks', message: 'FOR UPDATE and FOR SHARE lock rows: leave them out.' };
  }
  // Whatever else the grammar calls a statement does something.
  if (key.endsWith('Stmt') && key !== 'SelectStmt') {
    return { code: 'writes', message: 'A WITH may hold SELECTs only.' };
  }
  if (key === 'FuncCall') return refusalOfCall(strings(inside['funcname']));
  if (key === 'RangeVar') return refusalOfRelation(String(inside['relname']));
  return undefined;
}

function refusalOfCall(name: readonly string[]): Refusal | undefined {
  if (!isDeniedFunction(name)) return undefined;
  return { code: 'denied-function', message: `The function ${name.join('.')} may not be called here.` };
}

function refusalOfRelation(name: string): Refusal | undefined {
  if (!isDeniedRelation(name)) return undefined;
  return { code: 'denied-relation', message: `${name} may not be read here.` };
}

/** The texts of a list of String nodes. */
function strings(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return [];
  return (list as readonly unknown[]).flatMap((item) => {
    const text = (item as { readonly String?: { readonly sval?: unknown } }).String?.sval;
    return typeof text === 'string' ? [text] : [];
  });
}
