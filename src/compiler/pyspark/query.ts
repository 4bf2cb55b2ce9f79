/**
 * A SELECT of PostgreSQL as one of Spark: the clauses are taken apart, every expression goes through the one translation
 * of expressions, and what is left stands in both languages. What is not understood is refused by name.
 */
import type {
  CompiledExpression,
  ExpressionProblem,
  ExpressionResult,
  Scope,
  ScopeColumn,
  Use,
} from '../expressions/contract.ts';
import { identifier } from '../expressions/sparkSql.ts';
import { sparkText } from './columns.ts';
import { closingParenthesis } from '../tokens.ts';
import { Clauses, nameOf, splitAt, textOf, words, type Piece } from './queryText.ts';
import { Untranslatable } from './untranslatable.ts';

export interface QueryInput {
  readonly name: string;
  /** How Spark's text calls it. */
  readonly spark: string;
  readonly columns: readonly ScopeColumn[];
}

export interface QueryContext {
  readonly step: string;
  readonly inputs: readonly QueryInput[];
  readonly compile: (text: string, scope: Scope, use: Use) => ExpressionResult;
  /** Told of every expression that was compiled. */
  readonly seen: (expression: CompiledExpression) => void;
  /** Told of what is allowed and seldom meant in a part of the query. */
  readonly warned: (problem: ExpressionProblem, piece: Piece) => void;
}

export interface SparkQuery {
  readonly text: string;
  readonly columns: readonly ScopeColumn[];
}

/** `names` are those of the output's columns, where they are known. */
export function sparkQuery(query: Piece, context: QueryContext, names?: readonly string[]): SparkQuery {
  const { ctes, rest } = withClause(query, context);
  const inner: QueryContext = { ...context, inputs: [...ctes.map(({ input }) => input), ...context.inputs] };
  const clauses = new Clauses(rest, ['order by', 'limit', 'offset', 'fetch', 'for']);
  refuse(clauses.has('fetch') || clauses.has('for'), 'FETCH and FOR UPDATE', context);
  const { text, columns } = setOperations(clauses.head, inner, names);
  const order = clauses.get('order by');
  const parts = [
    ...(ctes.length > 0 ? [`with ${ctes.map(({ text: cte }) => cte).join(', ')}`] : []),
    text,
    ...(order ? [`order by ${orderBy(order, { columns, context: inner, head: clauses.head })}`] : []),
    ...(['limit', 'offset'] as const).flatMap((word) => {
      const count = clauses.get(word);
      return count ? [`${word} ${textOf(count)}`] : [];
    }),
  ];
  return { text: parts.join(' '), columns };
}

interface Cte {
  readonly text: string;
  readonly input: QueryInput;
}

function withClause(query: Piece, context: QueryContext): { readonly ctes: readonly Cte[]; readonly rest: Piece } {
  if (words(query, 0) !== 'with') return { ctes: [], rest: query };
  refuse(words(query, 1) === 'recursive', 'WITH RECURSIVE', context);
  const ctes: Cte[] = [];
  let at = 1;
  for (;;) {
    const name = nameOf(query[at]);
    refuse(name === undefined || words(query, at + 1) !== 'as' || query[at + 2]?.text !== '(', 'this WITH', context);
    const close = closingParenthesis(query, at + 2);
    const inputs = [...ctes.map(({ input }) => input), ...context.inputs];
    const { text, columns } = sparkQuery(query.slice(at + 3, close), { ...context, inputs });
    const spark = identifier(name ?? '');
    ctes.push({ text: `${spark} as (${text})`, input: { name: name ?? '', spark, columns } });
    at = close + 1;
    if (query[at]?.text !== ',') return { ctes, rest: query.slice(at) };
    at++;
  }
}

function setOperations(query: Piece, context: QueryContext, names?: readonly string[]): SparkQuery {
  const parts = splitAt(query, ['union', 'intersect', 'except']);
  const translated = parts.map(({ piece, word }, index) => {
    const quantifier = index === 0 ? undefined : words(piece, 0);
    const own = quantifier === 'all' || quantifier === 'distinct' ? piece.slice(1) : piece;
    const operator = index === 0 ? '' : `${word ?? ''}${quantifier === 'all' ? ' all' : ''} `;
    return { operator, ...operand(own, context, names) };
  });
  const [first] = translated;
  return { text: translated.map(({ operator, text }) => operator + text).join(' '), columns: first?.columns ?? [] };
}

function operand(piece: Piece, context: QueryContext, names?: readonly string[]): SparkQuery {
  if (piece[0]?.text !== '(') return select(piece, context, names);
  const { text, columns } = sparkQuery(piece.slice(1, closingParenthesis(piece, 0)), context, names);
  return { text: `(${text})`, columns };
}

function select(piece: Piece, context: QueryContext, names?: readonly string[]): SparkQuery {
  refuse(words(piece, 0) !== 'select', `“${textOf(piece.slice(0, 3))}”`, context);
  const isDistinct = words(piece, 1) === 'distinct';
  refuse(isDistinct && words(piece, 2) === 'on', 'DISTINCT ON', context);
  const body = piece.slice(isDistinct || words(piece, 1) === 'all' ? 2 : 1);
  const clauses = new Clauses(body, ['from', 'where', 'group by', 'having', 'window']);
  refuse(clauses.has('window'), 'a WINDOW clause', context);
  const from = clauses.get('from');
  const tables = from ? fromClause(from, context) : { text: undefined, columns: [] };
  const scope: Scope = { columns: tables.columns };
  const group = clauses.get('group by');
  const having = clauses.get('having');
  const items = outputs(clauses.head, { scope, context, grouped: group !== undefined || having !== undefined, names });
  const where = clauses.get('where');
  const parts = [
    `select ${isDistinct ? 'distinct ' : ''}${items.map(({ text }) => text).join(', ')}`,
    ...(tables.text === undefined ? [] : [`from ${tables.text}`]),
    ...(where ? [`where ${compiled(where, scope, 'row', context).spark}`] : []),
    ...(group ? [`group by ${groupBy(group, items, { scope, context })}`] : []),
    ...(having ? [`having ${compiled(having, scope, 'aggregate', context).spark}`] : []),
  ];
  return { text: parts.join(' '), columns: items.map(({ column }) => column) };
}

interface Item {
  readonly text: string;
  readonly column: ScopeColumn;
}

interface Outputs {
  readonly scope: Scope;
  readonly context: QueryContext;
  readonly grouped: boolean;
  readonly names: readonly string[] | undefined;
}

function outputs(list: Piece, { scope, context, grouped, names }: Outputs): readonly Item[] {
  const pieces = splitAt(list, [',']).map(({ piece }) => piece);
  const use = grouped || pieces.some((piece) => isAggregate(piece, scope, context)) ? 'aggregate' : 'window';
  const found = pieces.flatMap(
    (piece): { spark: string; name: string | undefined; column: Omit<ScopeColumn, 'name'> }[] => {
      if (piece.at(-1)?.text === '*' && (piece.length === 1 || piece.at(-2)?.text === '.')) {
        const qualifier = piece.length === 1 ? undefined : nameOf(piece[0]);
        return scope.columns
          .filter((column) => qualifier === undefined || column.qualifier === qualifier)
          .map(({ qualifier: own, ...column }) => {
            const spark = own === undefined ? identifier(column.name) : `${identifier(own)}.${identifier(column.name)}`;
            return { spark, name: column.name, column };
          });
      }
      const { expression, alias } = aliased(piece);
      const { spark, type, nullable, decimal, collation } = compiled(expression, scope, use, context);
      const column = { type, nullable, ...(decimal && { decimal }), ...(collation !== undefined && { collation }) };
      return [{ spark, name: alias ?? impliedName(expression), column }];
    },
  );
  return found.map(({ spark, name: own, column }, index) => {
    const name = names?.[index] ?? own;
    if (name === undefined)
      throw new Untranslatable('sql-step', `Column ${index + 1} of ${context.step} needs a name.`, context.step);
    const isCalledSo = spark === identifier(name) || (/^\w+\./.test(spark) && spark.endsWith(`.${identifier(name)}`));
    return { text: isCalledSo ? spark : `${spark} as ${identifier(name)}`, column: { ...column, name } };
  });
}

/** Only the translation of expressions knows every aggregate. */
function isAggregate(piece: Piece, scope: Scope, { compile }: QueryContext): boolean {
  const { expression } = aliased(piece);
  const { expression: found } = compile(textOf(expression), scope, 'aggregate');
  return found?.hasAggregate === true && !found.hasWindow;
}

/** A column by its own name, a call by its function's. */
function impliedName(expression: Piece): string | undefined {
  const last = expression.at(-1);
  if (expression.length === 1 || expression.at(-2)?.text === '.') return nameOf(last);
  return expression[1]?.text === '(' && closingParenthesis(expression, 1) === expression.length - 1
    ? nameOf(expression[0])
    : undefined;
}

function aliased(piece: Piece): { readonly expression: Piece; readonly alias: string | undefined } {
  const alias = nameOf(piece.at(-1));
  if (alias === undefined || piece.length < 2) return { expression: piece, alias: undefined };
  if (words(piece, piece.length - 2) === 'as') return { expression: piece.slice(0, -2), alias };
  // Without AS: two names side by side, or a name behind a parenthesis.
  const before = piece.at(-2);
  const standsAlone =
    before?.text === ')' || (nameOf(before) !== undefined && !endsExpression.has(words(piece, piece.length - 1)));
  return standsAlone && words(piece, piece.length - 1) !== 'end'
    ? { expression: piece.slice(0, -1), alias }
    : { expression: piece, alias: undefined };
}

const endsExpression = new Set(['end', 'null', 'true', 'false', 'unknown', 'zone', 'precision']);

interface Grouping {
  readonly scope: Scope;
  readonly context: QueryContext;
}

function groupBy(list: Piece, items: readonly Item[], { scope, context }: Grouping): string {
  return splitAt(list, [','])
    .map(({ piece }) => {
      const name = piece.length === 1 ? nameOf(piece[0]) : undefined;
      const place = items.findIndex(({ column }) => column.name === name);
      const isInput = scope.columns.some((column) => column.name === name);
      if (place >= 0 && !isInput) return String(place + 1);
      return /^\d+$/.test(textOf(piece)) ? textOf(piece) : compiled(piece, scope, 'row', context).spark;
    })
    .join(', ');
}

interface Ordering {
  readonly columns: readonly ScopeColumn[];
  readonly context: QueryContext;
  readonly head: Piece;
}

/** By what the query gives: a name, a place, or an expression over its columns. */
function orderBy(list: Piece, { columns, context }: Ordering): string {
  return splitAt(list, [','])
    .map(({ piece }) => {
      const nulls = words(piece, piece.length - 2) === 'nulls' ? words(piece, piece.length - 1) : undefined;
      const without = nulls === undefined ? piece : piece.slice(0, -2);
      const direction = words(without, without.length - 1);
      const isSaid = direction === 'asc' || direction === 'desc';
      const key = isSaid ? without.slice(0, -1) : without;
      const descending = direction === 'desc';
      const scope = { columns: columns.map(unqualified) };
      const text = /^\d+$/.test(textOf(key)) ? textOf(key) : compiled(key, scope, 'order', context).spark;
      return `${text} ${descending ? 'desc' : 'asc'} nulls ${nulls ?? (descending ? 'first' : 'last')}`;
    })
    .join(', ');
}

function unqualified(column: ScopeColumn): ScopeColumn {
  const { qualifier, ...rest } = column;
  return qualifier === undefined ? column : rest;
}

interface Tables {
  readonly text: string;
  readonly columns: readonly ScopeColumn[];
}

const joinWords = [
  'join',
  'inner join',
  'cross join',
  'left join',
  'left outer join',
  'right join',
  'right outer join',
  'full join',
  'full outer join',
];

function fromClause(list: Piece, context: QueryContext): Tables {
  const parts = splitAt(list, [',']).map(({ piece }) => joined(piece, context));
  return { text: parts.map(({ text }) => text).join(', '), columns: parts.flatMap(({ columns }) => columns) };
}

function joined(piece: Piece, context: QueryContext): Tables {
  let left: Tables | undefined;
  for (const { piece: part, word } of splitAt(piece, joinWords)) {
    const clauses = new Clauses(part, ['on', 'using']);
    const right = table(clauses.head, context);
    refuse(clauses.has('using'), 'JOIN … USING', context);
    const columns = [...(left?.columns ?? []), ...right.columns];
    const on = clauses.get('on');
    const condition = on ? ` on ${compiled(on, { columns }, 'row', context).spark}` : '';
    left = { text: left ? `${left.text} ${word ?? 'join'} ${right.text}${condition}` : right.text, columns };
  }
  return left ?? { text: '', columns: [] };
}

function table(piece: Piece, context: QueryContext): Tables {
  const close = piece[0]?.text === '(' ? closingParenthesis(piece, 0) : 0;
  const rest = piece.slice(close + 1).filter((token) => token.text.toLowerCase() !== 'as');
  const alias = nameOf(rest[0]);
  refuse(rest.length > 1, `“${textOf(piece)}” in FROM`, context);
  if (close > 0) {
    refuse(alias === undefined, 'a subquery without a name', context);
    const { text, columns } = sparkQuery(piece.slice(1, close), context);
    return { text: `(${text}) as ${identifier(alias ?? '')}`, columns: qualifiedBy(columns, alias ?? '') };
  }
  const name = nameOf(piece[0]);
  const input = context.inputs.find((candidate) => candidate.name === name);
  if (!input)
    throw new Untranslatable(
      'sql-step',
      `The query of ${context.step} reads ${textOf(piece)}, which is not among its inputs.`,
      context.step,
    );
  return {
    text: `${input.spark} as ${identifier(alias ?? input.name)}`,
    columns: qualifiedBy(input.columns, alias ?? input.name),
  };
}

const qualifiedBy = (columns: readonly ScopeColumn[], qualifier: string): readonly ScopeColumn[] =>
  columns.map((column) => ({ ...column, qualifier }));

function compiled(piece: Piece, scope: Scope, use: Use, context: QueryContext): CompiledExpression {
  const { expression, problems } = context.compile(textOf(piece), scope, use);
  if (expression) {
    context.seen(expression);
    for (const problem of problems) context.warned(problem, piece);
    return { ...expression, spark: sparkText(expression) };
  }
  const [problem] = problems.filter(({ severity }) => severity === 'error');
  throw new Untranslatable(
    problem?.code ?? 'sql-step',
    `In the query of ${context.step}: ${problem?.message ?? textOf(piece)}`,
    context.step,
  );
}

function refuse(refused: boolean, what: string, { step }: QueryContext): void {
  if (!refused) return;
  const way = 'say it with other steps, or as a `python` step that carries this query as its `sql`';
  throw new Untranslatable(
    'sql-step',
    `The query of ${step} has ${what}, which cannot be brought to Spark: ${way}.`,
    step,
  );
}
