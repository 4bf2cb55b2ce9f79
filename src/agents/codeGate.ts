import { bindingsOf } from './codeGate/bindings.ts';
import { createFindings, type GateRule, type Inspection } from './codeGate/finding.ts';
import { imports } from './codeGate/imports.ts';
import { inputOutput, inputOutputOf, type InputOutput } from './codeGate/inputOutput.ts';
import { names } from './codeGate/names.ts';
import type { PyNode, PythonParser } from './codeGate/pythonTree.ts';
import { secrets } from './codeGate/secrets.ts';
import { sqlTexts } from './codeGate/sqlTexts.ts';
import { statements } from './codeGate/statements.ts';
import { checkSurface } from './codeGate/surface.ts';
import type { GateProblem } from './codeWriter.ts';

/**
 * What a model writes in Python passes here before anything runs it. The gate reads the script's tree and lets through what is
 * listed: it is the first fence, beside the rights of the job and of its database role.
 */
export interface CodeGate {
  /** `example` is the compiled script: it says what may be read and written. */
  script(script: string, example: string): readonly GateProblem[];
  /** The function of a `python` step, which reads and writes nothing. */
  step(code: string): readonly GateProblem[];
}

export interface CodeGateOptions {
  readonly parser: PythonParser;
  /** Whether the log's filter would take something out of the text. */
  readonly hidesSecret: (text: string) => boolean;
}

const nothing: InputOutput = { reads: [], writes: [], queries: new Set() };

export function createCodeGate({ parser, hidesSecret }: CodeGateOptions): CodeGate {
  const rules: readonly GateRule[] = [statements, imports, names, sqlTexts, secrets(hidesSecret)];
  return {
    script(script, example) {
      const planned = parser.parse(example);
      if (!planned) throw new Error('The compiled script cannot be parsed.');
      const allowed = inputOutputOf(planned, bindingsOf(planned));
      return inspect(script, { parser, rules: [...rules, inputOutput(allowed)], given: [] });
    },
    step: (code) => inspect(code, { parser, rules: [...rules, oneFunction, inputOutput(nothing)], given: ['F'] }),
  };
}

interface How {
  readonly parser: PythonParser;
  readonly rules: readonly GateRule[];
  /** Names that stand above the text. */
  readonly given: readonly string[];
}

function inspect(source: string, { parser, rules, given }: How): readonly GateProblem[] {
  const { report, found } = createFindings(source);
  checkSurface(source, report);
  if (found.length > 0) return found;
  const root = parser.parse(source);
  if (!root) {
    report('syntax', { from: 0, text: '' }, 'This is nested too deeply to be read.');
    return found;
  }
  const inspection: Inspection = { root, bindings: bindingsOf(root, given), report };
  for (const rule of rules) rule(inspection);
  return found.sort((a, b) => a.line - b.line);
}

/** A step is functions, and what they import; whatever else stood there would run on its own. */
const oneFunction: GateRule = ({ root, report }) => {
  for (const node of root.children) {
    if (!topLevel.has(node.kind) && !isDocstring(node)) {
      report('statement', node, 'A python step holds functions and nothing beside them.');
    }
  }
};

const topLevel: ReadonlySet<string> = new Set(['FunctionDefinition', 'ImportStatement', 'Comment', '⚠']);

const isDocstring = ({ kind, children: [first, ...others] }: PyNode): boolean =>
  kind === 'ExpressionStatement' && first?.kind === 'String' && others.length === 0;
