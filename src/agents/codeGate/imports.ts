import { allowedImports, deniedNames, insteadOf } from './allowedNames.ts';
import type { GateRule } from './finding.ts';
import { childOf } from './pythonTree.ts';

/** Listed modules, and of each the listed names: a module's own imports are no names to be taken from it. */
export const imports: GateRule = ({ bindings, root, report }) => {
  for (const { module, name, as, node } of bindings.imports) {
    const names = allowedImports.get(module);
    if (!names) {
      report('import', node, `The module "${module}" may not be imported.`);
    } else if (name === '*') {
      report('import', node, `Name what you import from "${module}", in place of *.`);
    } else if (name === 'expr') {
      report('import', node, 'Write F.expr(...), so that its text can be read where it stands.');
    } else if (name !== undefined && !names.has(name)) {
      const instead = insteadOf.get(name);
      report('import', node, `"${name}" may not be imported from "${module}"${instead ? `: ${instead}` : ''}.`);
    } else if (name === undefined && module === '__future__') {
      report('import', node, 'Write `from __future__ import annotations`.');
    }
    if (deniedNames.has(as) || as.startsWith('__')) {
      report('name', node, `"${as}" belongs to Python itself: import under another name.`);
    }
    // What a name stands for must not depend on where it stands.
    const others = bindings.values.get(as)?.length ?? 0;
    const again = bindings.imports.filter((each) => each.as === as && each.module === module && each.name === name);
    if (others > again.length) report('name', node, `"${as}" is imported, and may stand for nothing else.`);
  }
  for (const node of root.children.filter(({ kind }) => kind === 'ImportStatement')) {
    if (childOf(node, '*')) continue;
    const found = bindings.imports.some((each) => each.node === node);
    if (!found) report('import', node, 'This import cannot be read.');
  }
};
