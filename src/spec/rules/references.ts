import { fixOf, removeValue, replaceValue } from '../edits.ts';
import { inputsOf, topological } from '../inputs.ts';
import type { JsonPath } from '../positions.ts';
import { didYouMean, suggest } from '../suggest.ts';
import type { Rule, RuleContext } from './rule.ts';

/** Names are said once, and every name that is read exists. */
export const references: Rule = (context) => {
  duplicateNames(context);
  const names = new Set([...context.spec.sources, ...context.spec.steps].map(({ name }) => name));
  for (const { name, path } of allReferences(context)) {
    if (names.has(name)) continue;
    const suggestion = suggest(name, names);
    context.report(
      'unknown-reference',
      path,
      `There is no source or step "${name}".${didYouMean(suggestion)}`,
      suggestion === undefined
        ? undefined
        : fixOf(`Change to "${suggestion}"`, replaceValue(context.positions, path, JSON.stringify(suggestion))),
    );
  }
};

/** Steps stand in an order that can be run. */
export const order: Rule = ({ spec, positions, report }) => {
  const sound = new Set(topological(spec.steps).map(({ index }) => index));
  const indexOf = new Map(spec.steps.map((step, index) => [step.name, index] as const));
  spec.steps.forEach((step, index) => {
    for (const input of inputsOf(step)) {
      const path: JsonPath = ['steps', index, ...input.path];
      const read = indexOf.get(input.name);
      if (read === undefined || read < index) continue;
      if (!sound.has(read)) {
        const itself = read === index ? 'itself' : `"${input.name}", which reads "${step.name}" in turn`;
        if (reaches(read, index)) report('cycle', path, `The step "${step.name}" reads ${itself}.`);
      } else if (spec.steps[read]?.name === input.name) {
        const words = `The step "${input.name}" stands below "${step.name}", which reads it.`;
        report('later-reference', path, words, fixOf(`Move "${input.name}" up`, moveBefore(read, index)));
      }
    }
  });

  function reaches(from: number, to: number, seen = new Set<number>()): boolean {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    const step = spec.steps[from];
    if (!step) return false;
    return inputsOf(step).some(({ name }) => {
      const next = indexOf.get(name);
      return next !== undefined && reaches(next, to, seen);
    });
  }

  function moveBefore(moved: number, before: number) {
    const node = positions.node(['steps', moved]);
    const anchor = positions.node(['steps', before]);
    if (!node || !anchor) return [];
    const text = positions.text.slice(node.offset, node.offset + node.length);
    const lineStart = positions.text.lastIndexOf('\n', anchor.offset) + 1;
    const indent = positions.text.slice(lineStart, anchor.offset);
    const gap = indent.trim() === '' && lineStart > 0 ? `,\n${indent}` : ', ';
    return [{ offset: anchor.offset, length: 0, text: text + gap }, ...removeValue(positions, ['steps', moved])];
  }
};

/** What nothing reads has no effect on the target. */
export const unused: Rule = (context) => {
  const { spec, positions, report } = context;
  const read = new Set(allReferences(context).map(({ name }) => name));
  const list = (key: 'steps' | 'sources', code: 'unused-step' | 'unused-source', noun: string): void => {
    spec[key].forEach(({ name }, index) => {
      if (read.has(name)) return;
      const fix = fixOf(`Take "${name}" out`, removeValue(positions, [key, index]));
      report(code, [key, index, 'name'], `Nothing reads the ${noun} "${name}".`, fix);
    });
  };
  list('steps', 'unused-step', 'rows of the step');
  list('sources', 'unused-source', 'source');
};

function allReferences({ spec }: RuleContext): { name: string; path: JsonPath }[] {
  return [
    ...spec.steps.flatMap((step, index) =>
      inputsOf(step).map(({ name, path }) => ({ name, path: ['steps', index, ...path] })),
    ),
    { name: spec.target.from, path: ['target', 'from'] },
  ];
}

function duplicateNames({ spec, positions, report }: RuleContext): void {
  const places: { name: string; path: JsonPath }[] = [
    ...spec.sources.map(({ name }, index) => ({ name, path: ['sources', index, 'name'] })),
    ...spec.steps.map(({ name }, index) => ({ name, path: ['steps', index, 'name'] })),
  ];
  const taken = new Set<string>();
  for (const { name, path } of places) {
    if (taken.has(name)) {
      const free = freeName(name, new Set(places.map((place) => place.name)));
      const fix = fixOf(`Rename to "${free}"`, replaceValue(positions, path, JSON.stringify(free)));
      report('duplicate-name', path, `The name "${name}" is taken already.`, fix);
    }
    taken.add(name);
  }
}

/** `name_2`, `name_3`, …: the first that nothing has. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number++) {
    const candidate = `${name.slice(0, 55)}_${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
