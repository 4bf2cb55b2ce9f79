import type { GateProblem } from '../codeWriter.ts';
import type { PyNode } from './pythonTree.ts';
import type { Bindings } from './bindings.ts';

/** What a rule looks at, and how it says what it found. */
export interface Inspection {
  readonly root: PyNode;
  readonly bindings: Bindings;
  readonly report: (code: GateCode, at: Pick<PyNode, 'from' | 'text'>, message: string) => void;
}

export type GateRule = (inspection: Inspection) => void;

export type GateCode =
  | 'syntax'
  | 'characters'
  | 'too-long'
  | 'statement'
  | 'import'
  | 'name'
  | 'attribute'
  | 'text'
  | 'sql'
  | 'secret'
  | 'input-output';

/** Nobody reads more, and one is enough to refuse. */
const mostProblems = 200;

/** The same place is not told twice for one reason. */
export function createFindings(source: string): {
  readonly report: Inspection['report'];
  readonly found: GateProblem[];
} {
  const found: GateProblem[] = [];
  return {
    found,
    report(code, { from, text }, message) {
      if (found.length >= mostProblems) return;
      const line = source.slice(0, from).split(/\r\n|\r|\n/).length;
      if (found.some((problem) => problem.line === line && problem.message === message)) return;
      const [first = ''] = text.split('\n');
      found.push({ code, message, line, text: first.length > 120 ? `${first.slice(0, 120)}…` : first });
    },
  };
}
