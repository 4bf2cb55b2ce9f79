import type { Field, ObjectShape, Shape } from '../../spec/shape.ts';
import { checkShapes, specShape } from '../../spec/specShape.ts';
import { stepShapes } from '../../spec/stepShapes.ts';

/** The spec language in a few kilobytes, written from the shapes that the reader itself goes by. */
export function languageText(): string {
  const head = without(specShape.fields, ['steps', 'checks', '$schema', 'version', 'prompt']);
  return [
    'The document:',
    ...fieldLines(head, '  '),
    '  steps: [step]  What happens to the rows, step by step; each step reads sources or earlier steps by name.',
    '  checks?: [check]  Rules that the written table must keep.',
    '',
    'Every step: name, kind, note? (a sentence for the reader), and by kind:',
    ...Object.entries(stepShapes).flatMap(([kind, { description, fields }]) => [
      `${kind}: ${description}`,
      ...fieldLines(without(fields, ['name', 'note']), '  '),
    ]),
    '',
    'Every check: kind, name?, severity? ("error" or "warning"), and by kind:',
    ...Object.entries(checkShapes).flatMap(([kind, { description, fields }]) => [
      `${kind}: ${description}`,
      ...fieldLines(without(fields, ['name', 'severity']), '  '),
    ]),
  ].join('\n');
}

type FieldTable = Readonly<Record<string, Field>>;

const without = (fields: FieldTable, names: readonly string[]): FieldTable =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

const fieldLines = (fields: FieldTable, indent: string): readonly string[] =>
  Object.entries(fields).map(
    ([name, { shape, required, description }]) =>
      `${indent}${name}${required ? '' : '?'}: ${typeOf(shape)}  ${description}`,
  );

function typeOf(shape: Shape): string {
  switch (shape.kind) {
    case 'name':
    case 'text':
    case 'boolean':
    case 'integer':
    case 'expression':
    case 'table':
    case 'type':
      return shape.kind;
    case 'reference':
      return 'source or step';
    case 'query':
      return 'SELECT';
    case 'version':
      return String(shape.is);
    case 'choice':
      return Object.keys(shape.values)
        .map((word) => JSON.stringify(word))
        .join(' | ');
    case 'scalar':
      return shape.allows.join(' | ');
    case 'list':
      return `[${typeOf(shape.of)}]`;
    case 'object':
      return objectType(shape);
    case 'either':
      return `${typeOf(shape.text)} | ${objectType(shape.object)}`;
    case 'variants':
      return shape.noun;
  }
}

const objectType = ({ fields }: ObjectShape): string =>
  `{ ${Object.entries(fields)
    .map(([name, { shape, required }]) => `${name}${required ? '' : '?'}: ${typeOf(shape)}`)
    .join(', ')} }`;
