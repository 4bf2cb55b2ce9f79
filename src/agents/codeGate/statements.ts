import type { GateRule } from './finding.ts';
import { errorKind, nodesOf, type PyNode } from './pythonTree.ts';

const allowed: ReadonlySet<string> = new Set(
  `Script ImportStatement AssignStatement UpdateStatement ExpressionStatement FunctionDefinition Body ParamList TypeDef
  ReturnStatement IfStatement ForStatement WhileStatement PassStatement BreakStatement ContinueStatement RaiseStatement
  AssertStatement TryStatement StatementGroup Comment CallExpression MemberExpression ArgList VariableName PropertyName String
  ContinuedString FormatString FormatReplacement FormatSpec FormatConversion FormatSelfDoc Escape Number Boolean None Ellipsis
  ArrayExpression TupleExpression DictionaryExpression SetExpression ArrayComprehensionExpression SetComprehensionExpression
  DictionaryComprehensionExpression ComprehensionExpression BinaryExpression UnaryExpression ConditionalExpression
  ParenthesizedExpression LambdaExpression NamedExpression AssignOp UpdateOp ArithOp BitOp CompareOp`.split(/\s+/),
);

const words: Readonly<Record<string, string>> = {
  ClassDefinition: 'A script defines no classes: functions are enough.',
  DecoratedStatement: 'Decorators are not needed: `name = F.udf(function, "type")` says the same.',
  WithStatement: '`with` opens something; a script opens nothing.',
  MatchStatement: 'Write `if` in place of `match`.',
  AwaitExpression: 'A script is not asynchronous.',
  YieldStatement: 'A function returns its result: no `yield`.',
  YieldExpression: 'A function returns its result: no `yield`.',
  ScopeStatement: 'A function changes nothing outside of it: no `global`, no `nonlocal`.',
  DeleteStatement: 'There is nothing to delete.',
  PrintStatement: 'Rows must not reach the log: no `print`.',
};

/** The parser is content with a text that the line ends. */
const ended = /^[A-Za-z]{0,2}(?:"""[\s\S]*"""|'''[\s\S]*'''|"[\s\S]*"|'[\s\S]*')$/;

/** Only the parts of Python that a transformation needs. Whatever did not parse is refused: it may mean anything. */
export const statements: GateRule = ({ root, report }) => {
  for (const node of nodesOf(root)) {
    if (node.kind === errorKind) {
      const before = node.text === '' ? (node.parent ?? node) : node;
      report('syntax', { from: node.from, text: before.text }, 'This is not Python that can be read here.');
    } else if (node.kind === 'async') report('statement', node, 'A script is not asynchronous.');
    else if (/^[A-Z]/.test(node.kind) && !allowed.has(node.kind)) {
      report('statement', node, words[node.kind] ?? `${node.kind} is not needed in a script.`);
    } else if (node.kind === 'String' || node.kind === 'FormatString') {
      if (!ended.test(node.text)) report('syntax', node, 'This text does not end.');
      if (node.kind === 'FormatString') formatted(node);
    }
  }

  /** Before Python 3.12 a quote ends an f-string even within braces, so what stands in them is kept plain. */
  function formatted(node: PyNode): void {
    const quote = /["']/.exec(node.text)?.[0] ?? '"';
    for (const inside of node.children.filter(({ kind }) => kind === 'FormatReplacement')) {
      if (/[\\#\n]/.test(inside.text) || inside.text.includes(quote) || /\b[rfb]*f[rb]*["']/i.test(inside.text)) {
        report('text', node, 'Keep what stands in the braces of an f-string plain: a name, or a short expression.');
      }
    }
  }
};
