import { attributeOf, childOf, nodesOf, type PyNode } from './pythonTree.ts';

/** Where the names of a script come from. Scopes are not told apart: a name that is doubtful anywhere is doubtful everywhere. */
export interface Bindings {
  readonly names: ReadonlySet<string>;
  /** By name: the values that are assigned to it, or undefined for one whose value is not known (a parameter, a loop). */
  readonly values: ReadonlyMap<string, readonly (Bound | undefined)[]>;
  readonly imports: readonly Import[];
  /** Whether the name stands for pyspark.sql.functions, and for nothing else. */
  readonly isFunctions: (node: PyNode) => boolean;
}

/** A value, or each element of it. */
export interface Bound {
  readonly node: PyNode;
  readonly each: boolean;
}

export interface Import {
  readonly module: string;
  /** Left out for `import module`. */
  readonly name?: string;
  readonly as: string;
  readonly node: PyNode;
}

/** `given` are names that stand above the text, as `F` does above the function of a step. */
export function bindingsOf(root: PyNode, given: readonly string[] = []): Bindings {
  const values = new Map<string, (Bound | undefined)[]>();
  const bind = (name: string, bound?: Bound): void => {
    const known = values.get(name);
    if (known) known.push(bound);
    else values.set(name, [bound]);
  };
  const imports: Import[] = [];
  for (const node of nodesOf(root)) {
    binders[node.kind]?.(node, bind);
    if (node.kind === 'ImportStatement') imports.push(...importsOf(node));
  }
  for (const { as } of imports) bind(as);
  for (const name of given) bind(name);
  const modules = new Set(imports.filter(isFunctionsModule).map(({ as }) => as));
  if (given.includes('F')) modules.add('F');
  return {
    names: new Set(values.keys()),
    values,
    imports,
    isFunctions: (node) =>
      node.kind === 'VariableName' && modules.has(node.text) && values.get(node.text)?.length === 1,
  };
}

const isFunctionsModule = ({ module, name }: Import): boolean =>
  (module === 'pyspark.sql' && name === 'functions') || (module === 'pyspark.sql.functions' && name === undefined);

type Bind = (name: string, bound?: Bound) => void;

const binders: Readonly<Partial<Record<string, (node: PyNode, bind: Bind) => void>>> = {
  AssignStatement: assignment,
  NamedExpression({ children: [name, , value] }, bind) {
    if (name && value) bind(name.text, { node: value, each: false });
  },
  UpdateStatement({ children: [name] }, bind) {
    if (name?.kind === 'VariableName') bind(name.text);
  },
  FunctionDefinition(node, bind) {
    const name = childOf(node, 'VariableName');
    if (name) bind(name.text);
  },
  ParamList: (node, bind) => {
    node.children.forEach((child, at) => {
      if (child.kind === 'VariableName' && node.children[at - 1]?.kind !== 'AssignOp') bind(child.text);
    });
  },
  ForStatement: loops,
  ArrayComprehensionExpression: loops,
  SetComprehensionExpression: loops,
  DictionaryComprehensionExpression: loops,
  ComprehensionExpression: loops,
  ArgList: loops,
  TryStatement({ children }, bind) {
    children.forEach((child, at) => {
      if (child.kind === 'VariableName' && children[at - 1]?.kind === 'as') bind(child.text);
    });
  },
};

/** `a = b = value`, `a, b = value`, `a: int = value`. */
function assignment({ children }: PyNode, bind: Bind): void {
  const signs = children.flatMap((child, at) => (child.kind === 'AssignOp' ? [at] : []));
  const last = signs.at(-1);
  if (last === undefined) return;
  const value = children.slice(last + 1);
  let start = 0;
  for (const sign of signs) {
    const targets = children.slice(start, sign).filter(({ kind }) => kind !== 'TypeDef');
    const [target] = targets;
    if (targets.length === 1 && target?.kind === 'VariableName' && value.length === 1 && value[0]) {
      bind(target.text, { node: value[0], each: false });
    } else for (const name of targetNames(targets)) bind(name);
    start = sign + 1;
  }
}

/** `for x in values`, also the ones of a comprehension. */
function loops({ children }: PyNode, bind: Bind): void {
  children.forEach((child, at) => {
    if (child.kind !== 'for') return;
    const end = children.findIndex(({ kind }, place) => place > at && kind === 'in');
    const targets = children.slice(at + 1, end);
    const [target] = targets;
    const isOne = children[end + 2]?.kind !== ',';
    const values = isOne ? children[end + 1] : undefined;
    if (targets.length === 1 && target?.kind === 'VariableName' && values)
      bind(target.text, { node: values, each: true });
    else for (const name of targetNames(targets)) bind(name);
  });
}

function targetNames(targets: readonly PyNode[]): readonly string[] {
  return targets.flatMap((target) => {
    if (target.kind === 'VariableName') return [target.text];
    return attributeOf(target) || target.kind === 'MemberExpression' ? [] : targetNames(target.children);
  });
}

function importsOf(node: PyNode): readonly Import[] {
  const words = node.children.filter(({ kind }) => !['(', ')', 'Comment'].includes(kind));
  const at = words.findIndex(({ kind }) => kind === 'import');
  const isFrom = words[0]?.kind === 'from';
  const module = isFrom ? joined(words.slice(1, at)) : '';
  const groups: PyNode[][] = [[]];
  for (const word of words.slice(at + 1)) {
    if (word.kind === ',') groups.push([]);
    else groups.at(-1)?.push(word);
  }
  return groups.flatMap((group) => {
    const as = group.findIndex(({ kind }) => kind === 'as');
    const name = joined(as < 0 ? group : group.slice(0, as));
    if (name === '') return [];
    const alias = as < 0 ? undefined : group[as + 1]?.text;
    if (isFrom) return [{ module, name, as: alias ?? name, node }];
    return [{ module: name, as: alias ?? name.split('.')[0] ?? name, node }];
  });
}

const joined = (words: readonly PyNode[]): string => words.map(({ text }) => text).join('');
