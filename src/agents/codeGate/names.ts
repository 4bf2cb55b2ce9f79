import { allowedAttributes, allowedBuiltins, deniedNames, insteadOf } from './allowedNames.ts';
import type { GateRule } from './finding.ts';
import { isCalled, nodesOf, type PyNode } from './pythonTree.ts';

/** Calls that must be seen as calls: passed on as a value, they would be called with anything. */
const callsOnly: ReadonlySet<string> = new Set(
  'read read_since write sql expr selectExpr where filter at_instant number_series time_series hierarchy as_of_join'.split(
    ' ',
  ),
);

/** Every name and every attribute is known and harmless. */
export const names: GateRule = ({ root, bindings, report }) => {
  for (const node of nodesOf(root)) {
    if (node.kind === 'VariableName') variable(node);
    else if (node.kind === 'PropertyName') attribute(node);
    else if (node.kind === 'String' || node.kind === 'FormatString') text(node);
  }

  function variable(node: PyNode): void {
    const name = node.text;
    const isImport = node.parent?.kind === 'ImportStatement';
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      report('name', node, `"${name}": names are written in plain letters.`);
    } else if (name.startsWith('__') && !isImport) {
      report('name', node, `"${name}" belongs to Python itself.`);
    } else if (deniedNames.has(name) && !isKeyword(node) && !isImport) {
      report('name', node, `"${name}" may not be used: ${insteadOf.get(name) ?? 'it reaches beyond the data'}.`);
    } else if (!isKeyword(node) && !isImport && !bindings.names.has(name) && !allowedBuiltins.has(name)) {
      report('name', node, `"${name}" is not known here: define it, or import it.`);
    }
  }

  function attribute(node: PyNode): void {
    const name = node.text;
    const owner = node.parent;
    if (name.startsWith('_')) report('attribute', node, `".${name}" is private: it leads around the rules.`);
    else if (!allowedAttributes.has(name)) {
      const way = insteadOf.get(name) ?? `a column is written frame["${name}"] or F.col("${name}")`;
      report('attribute', node, `".${name}" may not be used: ${way}.`);
    } else if (callsOnly.has(name) && owner && !isCalled(owner)) {
      report('attribute', owner, `".${name}" has to be called where it stands.`);
    }
  }

  function text(node: PyNode): void {
    if (/__\w+__/.test(node.text))
      report('text', node, 'Names with two underscores belong to Python itself, also in a text.');
  }
};

/** The name of an argument: `name=value`. */
function isKeyword(node: PyNode): boolean {
  if (node.parent?.kind !== 'ArgList') return false;
  const at = node.parent.children.indexOf(node);
  return node.parent.children[at + 1]?.kind === 'AssignOp';
}
