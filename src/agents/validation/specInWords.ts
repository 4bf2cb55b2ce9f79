import { readSpec } from '../../spec/read.ts';

/** How the spec reads its prompt: by its own assumptions, or where it has none by its steps. */
export function specInWords(specText: string): string {
  const { spec } = readSpec(specText);
  if (!spec) return '';
  if (spec.assumptions && spec.assumptions.length > 0) return spec.assumptions.join(' ');
  const sources = spec.sources.map(({ table }) => table).join(', ');
  const steps = spec.steps.map(({ name, kind }) => `${name} (${kind})`).join(', ');
  return `It reads ${sources}${steps === '' ? '' : `; then ${steps}`}; and writes ${spec.target.table}.`;
}
