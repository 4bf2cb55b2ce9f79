/** Text -> `Syntax`, by PostgreSQL's own grammar. */
import type { SqlParser } from './contract.ts';
import { Refusal, type Place } from './refusal.ts';
import { literal } from './parseLiteral.ts';
import { child, lastName, list, record, type Node } from './parseTree.ts';
import { Positions } from './positions.ts';
import type { CallSyntax, FrameBound, SortKey, Syntax, TypeSyntax, WindowSyntax } from './syntax.ts';

const prefix = 'select ';
const maxDepth = 150;

export function parseExpression(text: string, parser: SqlParser): Syntax {
  const whole = { offset: 0, length: text.length };
  if (text.trim() === '') throw new Refusal('expression-syntax', whole, 'The expression is empty.');
  const parsed = parser.parse(prefix + text);
  if ('error' in parsed) {
    const offset = Math.max(0, Math.min(parsed.position - prefix.length, text.length));
    const length = Math.max(text.length - offset, 1);
    throw new Refusal(
      'expression-syntax',
      { offset: Math.min(offset, text.length - 1), length },
      `${sentence(parsed.error)}.`,
    );
  }
  // A comment that runs to the end of the text would swallow whatever a compiler writes after it.
  if (text.includes('--') && 'error' in parser.parse(`${prefix}(${text})`)) {
    throw new Refusal('expression-syntax', whole, 'A comment stands at the end of the expression: remove it.');
  }
  return new Reader(new Positions(prefix, text)).expression(soleTarget(parsed.tree, whole));
}

const sentence = (error: string): string => error.charAt(0).toUpperCase() + error.slice(1);

/** The one expression of `select <expression>`; anything else that a SELECT may hold is refused. */
function soleTarget(tree: unknown, whole: Place): Node {
  const statements = list(record(tree), 'stmts');
  const statement = record(statements[0]);
  const select = child(child(statement, 'stmt'), 'SelectStmt');
  const { targetList, limitOption, op, ...rest } = select;
  const targets = Array.isArray(targetList) ? (targetList as Node[]) : [];
  const target = child(targets[0] ?? {}, 'ResTarget');
  const plain =
    statements.length === 1 &&
    statement['stmt_len'] === undefined &&
    limitOption === 'LIMIT_OPTION_DEFAULT' &&
    op === 'SETOP_NONE' &&
    Object.keys(rest).length === 0 &&
    targets.length === 1 &&
    target['name'] === undefined &&
    target['indirection'] === undefined;
  if (!plain) {
    throw new Refusal(
      'expression-syntax',
      whole,
      'This has to be one expression: no list, alias, clause or semicolon.',
    );
  }
  return child(target, 'val');
}

class Reader {
  private depth = 0;

  constructor(private readonly positions: Positions) {}

  expression(node: Node): Syntax {
    const [kind, value] = Object.entries(node)[0] ?? ['nothing', {}];
    const fields = record(value);
    const read = (readers as Readonly<Record<string, (reader: Reader, fields: Node) => Syntax>>)[kind];
    if (!read) {
      const what = kind === 'SubLink' ? 'A sub-select' : `${kind} syntax`;
      throw new Refusal(
        'not-translatable',
        this.at(fields),
        `${what} cannot stand in an expression: use a step for it.`,
      );
    }
    if (++this.depth > maxDepth) {
      throw new Refusal(
        'expression-too-deep',
        this.at(fields),
        'The expression is nested too deeply: split it into steps.',
      );
    }
    const syntax = read(this, fields);
    this.depth--;
    return syntax;
  }

  field(fields: Node, name: string): Syntax {
    return this.expression(child(fields, name));
  }

  optional(fields: Node, name: string): Syntax | undefined {
    return fields[name] === undefined ? undefined : this.field(fields, name);
  }

  fields(fields: Node, name: string): Syntax[] {
    return list(fields, name).map((item) => this.expression(record(item)));
  }

  at(fields: Node): Place {
    return this.positions.token(typeof fields['location'] === 'number' ? fields['location'] : undefined);
  }

  sortKeys(fields: Node, name: string): SortKey[] {
    return list(fields, name).map((item) => {
      const key = child(record(item), 'SortBy');
      const value = this.field(key, 'node');
      if (key['sortby_dir'] === 'SORTBY_USING') {
        throw new Refusal('not-translatable', value.at, 'An order by `using` an operator cannot be translated.');
      }
      const direction = key['sortby_dir'] === 'SORTBY_DESC' ? 'desc' : 'asc';
      const byDefault = direction === 'asc' ? 'last' : 'first';
      const nulls =
        { SORTBY_NULLS_FIRST: 'first', SORTBY_NULLS_LAST: 'last' }[String(key['sortby_nulls'])] ?? byDefault;
      return { value, direction, nulls: nulls as SortKey['nulls'] };
    });
  }
}

const operators: Readonly<Record<string, (reader: Reader, fields: Node, at: Place) => Syntax>> = {
  AEXPR_OP: (reader, fields, at) => {
    const left = reader.optional(fields, 'lexpr');
    return {
      kind: 'operator',
      name: lastName(fields, 'name'),
      ...(left && { left }),
      right: reader.field(fields, 'rexpr'),
      at,
    };
  },
  AEXPR_OP_ANY: (reader, fields, at) => quantified(reader, fields, at, false),
  AEXPR_OP_ALL: (reader, fields, at) => quantified(reader, fields, at, true),
  AEXPR_DISTINCT: (reader, fields, at) => distinctFrom(reader, fields, at, false),
  AEXPR_NOT_DISTINCT: (reader, fields, at) => distinctFrom(reader, fields, at, true),
  AEXPR_NULLIF: (reader, fields, at) =>
    call('nullif', [reader.field(fields, 'lexpr'), reader.field(fields, 'rexpr')], at),
  AEXPR_IN: (reader, fields, at) => ({
    kind: 'in',
    item: reader.field(fields, 'lexpr'),
    list: reader.fields(child(child(fields, 'rexpr'), 'List'), 'items'),
    negated: lastName(fields, 'name') === '<>',
    at,
  }),
  AEXPR_LIKE: (reader, fields, at) => like(reader, fields, at, 'like'),
  AEXPR_ILIKE: (reader, fields, at) => like(reader, fields, at, 'ilike'),
  AEXPR_SIMILAR: (reader, fields, at) => like(reader, fields, at, 'similar to'),
  AEXPR_BETWEEN: (reader, fields, at) => between(reader, fields, at, { negated: false, symmetric: false }),
  AEXPR_NOT_BETWEEN: (reader, fields, at) => between(reader, fields, at, { negated: true, symmetric: false }),
  AEXPR_BETWEEN_SYM: (reader, fields, at) => between(reader, fields, at, { negated: false, symmetric: true }),
  AEXPR_NOT_BETWEEN_SYM: (reader, fields, at) => between(reader, fields, at, { negated: true, symmetric: true }),
};

const booleanTests: Readonly<Record<string, readonly ['true' | 'false' | 'unknown', boolean]>> = {
  IS_TRUE: ['true', false],
  IS_NOT_TRUE: ['true', true],
  IS_FALSE: ['false', false],
  IS_NOT_FALSE: ['false', true],
  IS_UNKNOWN: ['unknown', false],
  IS_NOT_UNKNOWN: ['unknown', true],
};

const instants: Readonly<Record<string, 'timestamptz' | 'timestamp' | 'date'>> = {
  SVFOP_CURRENT_DATE: 'date',
  SVFOP_CURRENT_TIMESTAMP: 'timestamptz',
  SVFOP_LOCALTIMESTAMP: 'timestamp',
};

const readers = {
  ColumnRef: (reader: Reader, fields: Node): Syntax => {
    const at = reader.at(fields);
    const path = list(fields, 'fields').map((part) => {
      const { sval } = child(record(part), 'String');
      if (typeof sval !== 'string')
        throw new Refusal('expression-syntax', at, '`*` is not an expression: name the columns.');
      return sval;
    });
    return { kind: 'column', path, at };
  },
  A_Const: (reader: Reader, fields: Node): Syntax => ({
    kind: 'literal',
    literal: literal(fields, reader.at(fields)),
    at: reader.at(fields),
  }),
  A_Expr: (reader: Reader, fields: Node): Syntax => {
    const at = reader.at(fields);
    const read = operators[String(fields['kind'])];
    if (!read) throw new Refusal('not-translatable', at, `${String(fields['kind'])} cannot be translated.`);
    return read(reader, fields, at);
  },
  BoolExpr: (reader: Reader, fields: Node): Syntax => {
    const at = reader.at(fields);
    const items = reader.fields(fields, 'args');
    const [first] = items;
    if (fields['boolop'] === 'NOT_EXPR' && first) return { kind: 'not', item: first, at };
    return { kind: fields['boolop'] === 'OR_EXPR' ? 'or' : 'and', items, at };
  },
  CollateClause: (reader: Reader, fields: Node): Syntax => ({
    kind: 'collate',
    item: reader.field(fields, 'arg'),
    collation: lastName(fields, 'collname'),
    at: reader.at(fields),
  }),
  TypeCast: (reader: Reader, fields: Node): Syntax => {
    const item = reader.field(fields, 'arg');
    const type = typeSyntax(reader, child(fields, 'typeName'));
    return { kind: 'cast', item, type, at: fields['location'] === -1 ? item.at : reader.at(fields) };
  },
  CaseExpr: (reader: Reader, fields: Node): Syntax => {
    const subject = reader.optional(fields, 'arg');
    const otherwise = reader.optional(fields, 'defresult');
    const branches = list(fields, 'args').map((item) => {
      const branch = child(record(item), 'CaseWhen');
      return { when: reader.field(branch, 'expr'), then: reader.field(branch, 'result') };
    });
    return {
      kind: 'case',
      ...(subject && { subject }),
      branches,
      ...(otherwise && { otherwise }),
      at: reader.at(fields),
    };
  },
  NullTest: (reader: Reader, fields: Node): Syntax => ({
    kind: 'isNull',
    item: reader.field(fields, 'arg'),
    negated: fields['nulltesttype'] === 'IS_NOT_NULL',
    at: reader.at(fields),
  }),
  BooleanTest: (reader: Reader, fields: Node): Syntax => {
    const [test, negated] = booleanTests[String(fields['booltesttype'])] ?? ['true', false];
    return { kind: 'isBoolean', item: reader.field(fields, 'arg'), test, negated, at: reader.at(fields) };
  },
  CoalesceExpr: (reader: Reader, fields: Node): Syntax =>
    call('coalesce', reader.fields(fields, 'args'), reader.at(fields)),
  MinMaxExpr: (reader: Reader, fields: Node): Syntax =>
    call(fields['op'] === 'IS_LEAST' ? 'least' : 'greatest', reader.fields(fields, 'args'), reader.at(fields)),
  A_ArrayExpr: (reader: Reader, fields: Node): Syntax => ({
    kind: 'array',
    items: reader.fields(fields, 'elements'),
    at: reader.at(fields),
  }),
  A_Indirection: (reader: Reader, fields: Node): Syntax => {
    const array = reader.field(fields, 'arg');
    return list(fields, 'indirection').reduce<Syntax>((value, item) => {
      const index = child(record(item), 'A_Indices');
      if (index['uidx'] === undefined || index['is_slice'] === true) {
        throw new Refusal('not-translatable', array.at, 'Slices and fields of composite values cannot be translated.');
      }
      return { kind: 'subscript', array: value, index: reader.field(index, 'uidx'), at: array.at };
    }, array);
  },
  SQLValueFunction: (reader: Reader, fields: Node): Syntax => {
    const what = instants[String(fields['op'])];
    const at = reader.at(fields);
    if (!what)
      throw new Refusal('not-translatable', at, 'This is not the same for every run: it cannot be translated.');
    return { kind: 'now', what, at };
  },
  FuncCall: (reader: Reader, fields: Node): Syntax => functionCall(reader, fields),
};

function functionCall(reader: Reader, fields: Node): CallSyntax {
  const at = reader.at(fields);
  const path = list(fields, 'funcname').map((part) => String(child(record(part), 'String')['sval']));
  if (path.length > 1 && path[0] !== 'pg_catalog') {
    throw new Refusal(
      'unknown-function',
      at,
      `${path.join('.')} is not a function of PostgreSQL itself: use a \`sql\` step.`,
    );
  }
  if (fields['func_variadic'] === true) {
    throw new Refusal('not-translatable', at, '`variadic` arguments cannot be translated.');
  }
  const filter = reader.optional(fields, 'agg_filter');
  const over = fields['over'] === undefined ? undefined : windowSyntax(reader, child(fields, 'over'), at);
  return {
    kind: 'call',
    name: path.at(-1) ?? '',
    args: reader.fields(fields, 'args'),
    star: fields['agg_star'] === true,
    distinct: fields['agg_distinct'] === true,
    withinGroup: fields['agg_within_group'] === true,
    order: reader.sortKeys(fields, 'agg_order'),
    ...(filter && { filter }),
    ...(over && { over }),
    at,
  };
}

function call(name: string, args: readonly Syntax[], at: Place): CallSyntax {
  return { kind: 'call', name, args, star: false, distinct: false, withinGroup: false, order: [], at };
}

/** The bits of PostgreSQL's `FRAMEOPTION_*`. */
const frame = { nonDefault: 1, range: 2, rows: 4, exclusions: 0x8000 | 0x10000 | 0x20000 } as const;
const startBits = { unboundedPreceding: 0x20, unboundedFollowing: 0x80, currentRow: 0x200, preceding: 0x800 } as const;
const endBits = { unboundedPreceding: 0x40, unboundedFollowing: 0x100, currentRow: 0x400, preceding: 0x1000 } as const;

function windowSyntax(reader: Reader, fields: Node, at: Place): WindowSyntax {
  if (fields['name'] !== undefined || fields['refname'] !== undefined) {
    throw new Refusal('not-translatable', at, 'A window cannot be named here: write `over (...)` out.');
  }
  const options = Number(fields['frameOptions'] ?? 0);
  const mode = options & frame.rows ? 'rows' : options & frame.range ? 'range' : 'groups';
  const bound = (bits: typeof startBits | typeof endBits, offset: string): FrameBound => {
    if (options & bits.unboundedPreceding) return { kind: 'unbounded preceding' };
    if (options & bits.unboundedFollowing) return { kind: 'unbounded following' };
    if (options & bits.currentRow) return { kind: 'current row' };
    return { kind: options & bits.preceding ? 'preceding' : 'following', rows: reader.field(fields, offset) };
  };
  return {
    partition: reader.fields(fields, 'partitionClause'),
    order: reader.sortKeys(fields, 'orderClause'),
    ...(options & frame.nonDefault && {
      frame: { mode, start: bound(startBits, 'startOffset'), end: bound(endBits, 'endOffset') },
    }),
    excludes: (options & frame.exclusions) !== 0,
    at,
  };
}

function typeSyntax(reader: Reader, fields: Node): TypeSyntax {
  const at = reader.at(fields);
  const path = list(fields, 'names').map((part) => String(child(record(part), 'String')['sval']));
  const modifiers = list(fields, 'typmods').map((item) => {
    const { ival } = child(child(record(item), 'A_Const'), 'ival');
    return typeof ival === 'number' ? ival : 0;
  });
  const schema = path.length > 1 ? path[0] : 'pg_catalog';
  const name = schema === 'pg_catalog' ? (path.at(-1) ?? '') : path.join('.');
  return { name, modifiers, isArray: list(fields, 'arrayBounds').length > 0, at };
}

function quantified(reader: Reader, fields: Node, at: Place, all: boolean): Syntax {
  const item = reader.field(fields, 'lexpr');
  return {
    kind: 'quantified',
    operator: lastName(fields, 'name'),
    all,
    item,
    array: reader.field(fields, 'rexpr'),
    at,
  };
}

function distinctFrom(reader: Reader, fields: Node, at: Place, negated: boolean): Syntax {
  const left = reader.field(fields, 'lexpr');
  return { kind: 'distinctFrom', left, right: reader.field(fields, 'rexpr'), negated, at };
}

function like(reader: Reader, fields: Node, at: Place, operator: 'like' | 'ilike' | 'similar to'): Syntax {
  const item = reader.field(fields, 'lexpr');
  const negated = lastName(fields, 'name').startsWith('!');
  const right = reader.field(fields, 'rexpr');
  // The grammar wraps a pattern that has an ESCAPE clause, and every pattern of SIMILAR TO, in a function.
  if (right.kind === 'call' && (right.name === 'like_escape' || right.name === 'similar_to_escape')) {
    const [pattern, escape] = right.args;
    if (pattern) return { kind: 'like', operator, item, pattern, ...(escape && { escape }), negated, at };
  }
  return { kind: 'like', operator, item, pattern: right, negated, at };
}

function between(reader: Reader, fields: Node, at: Place, how: { negated: boolean; symmetric: boolean }): Syntax {
  const [low, high] = reader.fields(child(child(fields, 'rexpr'), 'List'), 'items');
  if (!low || !high) throw new Refusal('expression-syntax', at, '`between` needs two bounds.');
  return { kind: 'between', item: reader.field(fields, 'lexpr'), low, high, ...how, at };
}
