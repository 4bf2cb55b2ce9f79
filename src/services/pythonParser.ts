import { parser } from '@lezer/python';
import type { PyNode, PythonParser } from '../agents/codeGate/pythonTree.ts';

/** Deeper than anybody writes; a tree is walked by recursion. */
const deepest = 150;

type Growing = PyNode & { readonly children: PyNode[] };

/** The grammar of Python, as plain nodes. */
export const pythonParser: PythonParser = {
  parse(text) {
    const tree = parser.parse(text);
    const root: Growing = { kind: 'Script', from: 0, to: text.length, text, children: [] };
    const open: Growing[] = [root];
    let depth = 0;
    tree.iterate({
      enter({ type, from, to }) {
        if (type.isTop) return true;
        const parent = open.at(-1) ?? root;
        const node: Growing = { kind: type.name, from, to, text: text.slice(from, to), parent, children: [] };
        parent.children.push(node);
        open.push(node);
        depth = Math.max(depth, open.length);
        return depth <= deepest;
      },
      leave({ type }) {
        if (!type.isTop) open.pop();
      },
    });
    return depth > deepest ? undefined : root;
  },
};
