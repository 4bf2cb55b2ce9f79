import type { GateRule } from './finding.ts';
import { nodesOf } from './pythonTree.ts';

/** Credentials come from the runtime, never from a script; `hides` says that the log's filter would take something out. */
export const secrets =
  (hides: (text: string) => boolean): GateRule =>
  ({ root, report }) => {
    for (const node of nodesOf(root)) {
      if (!['String', 'FormatString', 'ContinuedString', 'Comment', 'AssignStatement', 'ArgList'].includes(node.kind))
        continue;
      if (node.kind === 'ArgList' && node.text.length > 2000) continue;
      if (hides(node.text))
        report('secret', { from: node.from, text: '' }, 'This looks like a credential: a script holds none.');
    }
  };
