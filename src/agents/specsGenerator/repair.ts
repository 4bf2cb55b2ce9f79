import type { Problem } from '../../spec/problem.ts';
import { parseDocument } from '../../spec/json.ts';

const mostProblems = 25;

/** The checker's own words, each with the path that it speaks of: what a model is asked to mend. */
export function repairText(specText: string, problems: readonly Problem[]): string {
  const wrong = withoutOpenTypes(specText, problems);
  const sorted = [...wrong].sort((a, b) => rank(a) - rank(b)).slice(0, mostProblems);
  const lines = sorted.map(({ code, severity, message, span, fix }) => {
    const place = pathAt(specText, span.offset);
    return `- ${severity} ${code} at ${place}: ${message}${fix ? ` (${fix.title})` : ''}`;
  });
  const left = wrong.length - sorted.length;
  return [
    'The spec was checked against the database and is refused. Its problems:',
    ...lines,
    ...(left > 0 ? [`- and ${left} more`] : []),
    'Mend every error, change nothing else that is right, and give the whole answer again.',
  ].join('\n');
}

/** Types that follow from the rows are filled in once the rows are right: no reason to write them. */
function withoutOpenTypes(specText: string, problems: readonly Problem[]): readonly Problem[] {
  const told = problems.filter(({ severity }) => severity !== 'information');
  const others = told.filter(
    ({ code, span }) =>
      !['empty-list', 'empty-text'].includes(code) || !pathAt(specText, span.offset).startsWith('target.columns'),
  );
  return others.some(({ severity }) => severity === 'error') ? others : told;
}

const rank = ({ severity }: Problem): number => (severity === 'error' ? 0 : 1);

interface TreeNode {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly value?: unknown;
  readonly children?: readonly TreeNode[] | undefined;
}

/** `steps[1].columns[0].expr`: the innermost value at the place. */
function pathAt(text: string, offset: number): string {
  let node: TreeNode | undefined = parseDocument(text).root;
  let path = '';
  while (node) {
    const { type, children = [] }: TreeNode = node;
    const at = children.findIndex((child) => offset >= child.offset && offset < child.offset + child.length);
    const inside: TreeNode | undefined = children[at];
    if (!inside) break;
    if (type === 'array') path += `[${at}]`;
    if (inside.type === 'property') {
      const [key, value] = inside.children ?? [];
      path += `${path === '' ? '' : '.'}${String(key?.value)}`;
      node = value;
    } else node = inside;
  }
  return path === '' ? 'the document' : path;
}
