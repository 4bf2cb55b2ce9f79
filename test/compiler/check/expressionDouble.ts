/** A small stand-in for the expression compiler: it knows columns, literals, casts and a few functions by their types. */
import {
  childrenOf,
  columnName,
  constant,
  expressionTree,
  functionName,
  operatorName,
  type AstNode,
  type ExpressionTree,
} from '../../../src/compiler/check/ast.ts';
import { aggregateNames } from '../../../src/compiler/check/aggregates.ts';
import type { ExpressionResult, Scope, ScopeColumn, Use } from '../../../src/compiler/expressions/contract.ts';
import type { CheckInput } from '../../../src/compiler/check.ts';
import { commonType } from '../../../src/compiler/typeRules.ts';
import type { PgType } from '../../../src/spec/pgType.ts';
import { parsePgType } from '../../../src/spec/pgTypes.ts';

interface Typed {
  readonly type: PgType;
  readonly nullable: boolean;
}

export const expressionDouble: CheckInput['compile'] = (text, scope, use, parser) => {
  const tree = expressionTree(text, parser);
  if (!tree) return failure('expression-syntax', `This is no expression: ${text}`, text);
  const names = tree.nodes.filter(({ tag }) => tag === 'ColumnRef');
  const reads: ScopeColumn[] = [];
  for (const node of names) {
    const found = matches(node, scope);
    const [column] = found;
    if (!column) return failure('expression-column', `There is no column in "${text}".`, text);
    if (found.length > 1) return failure('expression-ambiguous', `"${column.name}" is ambiguous.`, text);
    reads.push(column);
  }
  return compiled(text, { tree, scope, use, reads });
};

interface Parts {
  readonly tree: ExpressionTree;
  readonly scope: Scope;
  readonly use: Use;
  readonly reads: readonly ScopeColumn[];
}

function compiled(text: string, { tree, scope, reads }: Parts): ExpressionResult {
  const { type, nullable } = typeOf(tree.root, { tree, scope });
  const calls = tree.nodes.filter(({ tag }) => tag === 'FuncCall');
  const hasWindow = calls.some(({ fields }) => fields['over'] !== undefined);
  const hasAggregate = calls.some((call) => !call.fields['over'] && aggregateNames.has(functionName(call) ?? ''));
  return {
    expression: {
      type,
      nullable,
      spark: text,
      reads,
      hasAggregate,
      hasWindow,
      runtimeFunctions: [],
      sparkType: '',
      usesRunInstant: false,
    },
    problems: [],
  };
}

function matches(node: AstNode, { columns }: Scope): ScopeColumn[] {
  const wanted = columnName(node);
  return columns.filter(
    ({ name, qualifier }) =>
      name === wanted?.name && (wanted.qualifier === undefined || wanted.qualifier === qualifier),
  );
}

const scalar = (name: string, nullable = true): Typed => ({ type: parsePgType(name), nullable });

const functions: Readonly<Record<string, string>> = {
  count: 'bigint',
  row_number: 'bigint',
  sum: 'numeric',
  avg: 'numeric',
  date_trunc: 'timestamp with time zone',
  lower: 'text',
  to_jsonb: 'jsonb',
};

function typeOf(node: AstNode, at: Pick<Parts, 'tree' | 'scope'>): Typed {
  const under = (key: string): AstNode[] => childrenOf(at.tree, node, key);
  switch (node.tag) {
    case 'ColumnRef': {
      const [column] = matches(node, at.scope);
      return column ?? scalar('text');
    }
    case 'A_Const': {
      const value = constant(node);
      if (value === undefined) return scalar('boolean', false);
      if (typeof value === 'number') return scalar('integer', false);
      return 'fval' in node.fields ? scalar('numeric', false) : { type: { kind: 'unknown' }, nullable: value === null };
    }
    case 'TypeCast':
      return castOf(node, at);
    case 'FuncCall': {
      const name = functionName(node) ?? '';
      const [first] = under('args');
      const type = functions[name];
      if (type !== undefined) return scalar(type, name !== 'count' && name !== 'row_number');
      return first ? { ...typeOf(first, at), nullable: true } : scalar('text');
    }
    case 'CoalesceExpr': {
      const parts = under('args').map((arg) => typeOf(arg, at));
      const type = parts.reduce<PgType>((all, part) => commonType(all, part.type) ?? all, { kind: 'unknown' });
      return { type, nullable: parts.every((part) => part.nullable) };
    }
    case 'A_Expr': {
      if (['+', '-', '*', '/'].includes(operatorName(node) ?? '')) {
        const [left, right] = [...under('lexpr'), ...under('rexpr')].map((side) => typeOf(side, at));
        return { type: (left && right && commonType(left.type, right.type)) ?? parsePgType('numeric'), nullable: true };
      }
      return scalar('boolean');
    }
    default:
      return scalar('boolean');
  }
}

function castOf(node: AstNode, at: Pick<Parts, 'tree' | 'scope'>): Typed {
  const [inner] = childrenOf(at.tree, node, 'arg');
  const words = JSON.stringify(node.fields['typeName']).match(/"sval":"(\w+)"/g) ?? [];
  const name = /"(\w+)"$/.exec(words.at(-1) ?? '')?.[1] ?? 'text';
  return { type: parsePgType(name), nullable: inner ? typeOf(inner, at).nullable : true };
}

function failure(code: string, message: string, text: string): ExpressionResult {
  return { problems: [{ code, severity: 'error', message, offset: 0, length: text.length }] };
}
