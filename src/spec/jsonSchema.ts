/** The language as a JSON Schema: what the editor completes and explains, and what a model is asked to fill. */
import type { Field, ObjectShape, Shape, Variant } from './shape.ts';
import { sharedRulesShape } from './sharedRules.ts';
import { specShape } from './specShape.ts';

/** Draft 7, with the editor's own words beside it (`enumDescriptions`, `defaultSnippets`, `allowTrailingCommas`). */
export const jsonSchema = (): JsonSchema =>
  document(specShape, {
    $id: 'datamorph.schema.json',
    title: 'DataMorph spec',
    description: 'A relational plan from sources to one target; expressions are PostgreSQL SQL.',
  });

/** The same for the file of rules that many specs share. */
export const sharedRulesSchema = (): JsonSchema =>
  document(sharedRulesShape, {
    $id: 'datamorph.rules.schema.json',
    title: 'DataMorph rules',
    description: 'Checks that every target of a name must keep, in the language of a spec.',
  });

const document = (shape: ObjectShape, about: JsonSchema): JsonSchema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  ...about,
  allowTrailingCommas: true,
  allowComments: true,
  ...schemaOf(shape),
});

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

function schemaOf(shape: Shape): JsonSchema {
  switch (shape.kind) {
    case 'name':
    case 'reference':
      return { type: 'string', minLength: 1, maxLength: 63 };
    case 'text':
      return shape.empty ? { type: 'string' } : { type: 'string', minLength: 1 };
    case 'table':
    case 'expression':
    case 'query':
    case 'type':
      return { type: 'string', minLength: 1 };
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
      return { type: 'integer', minimum: shape.min };
    case 'version':
      return { const: shape.is };
    case 'choice':
      return { enum: Object.keys(shape.values), enumDescriptions: Object.values(shape.values) };
    case 'scalar':
      return { type: [...shape.allows] };
    case 'list':
      return { type: 'array', items: schemaOf(shape.of), ...(shape.min > 0 && { minItems: shape.min }) };
    case 'object':
      return { type: 'object', ...fieldsOf(shape) };
    case 'either':
      return { anyOf: [schemaOf(shape.text), schemaOf(shape.object)] };
    case 'variants':
      return variantsOf(shape.variants);
  }
}

function fieldsOf({ fields }: ObjectShape): JsonSchema {
  const properties = Object.entries(fields).map(([name, field]) => [name, described(field)] as const);
  return {
    properties: Object.fromEntries(properties),
    required: Object.keys(fields).filter((name) => fields[name]?.required),
    additionalProperties: false,
  };
}

const described = ({ shape, description }: Field): JsonSchema => ({ description, ...schemaOf(shape) });

/** The kind is chosen first; it decides which properties are offered. */
function variantsOf(variants: Readonly<Record<string, Variant>>): JsonSchema {
  const kinds = Object.entries(variants);
  return {
    type: 'object',
    required: ['kind'],
    properties: {
      kind: { enum: kinds.map(([kind]) => kind), enumDescriptions: kinds.map(([, { description }]) => description) },
    },
    defaultSnippets: kinds.map(([kind, variant]) => snippet(kind, variant)),
    allOf: kinds.map(([kind, variant]) => ({
      if: { required: ['kind'], properties: { kind: { const: kind } } },
      then: withKind(kind, variant),
    })),
  };
}

function withKind(kind: string, variant: Variant): JsonSchema {
  const { properties, required, additionalProperties } = fieldsOf(variant);
  return {
    description: variant.description,
    properties: { kind: { const: kind, description: variant.description }, ...(properties as JsonSchema) },
    required: ['kind', ...(required as string[])],
    additionalProperties,
  };
}

/** A kind with its required properties, each a stop of the tab key. */
function snippet(kind: string, { fields, description }: Variant): JsonSchema {
  let stop = 0;
  const next = (words: string): string => `\${${++stop}:${words}}`;
  const { name, ...others } = fields;
  const entries = Object.entries(others).filter(([, field]) => field.required);
  const body = {
    ...(name?.required && { name: next('name') }),
    kind,
    ...Object.fromEntries(entries.map(([word, field]) => [word, stopsOf(field.shape, word, next)])),
  };
  return { label: kind, description, body };
}

function stopsOf(shape: Shape, word: string, next: (words: string) => string): unknown {
  switch (shape.kind) {
    case 'list':
      return [stopsOf(shape.of, word, next)];
    case 'object': {
      const entries = Object.entries(shape.fields).filter(([, field]) => field.required);
      return Object.fromEntries(entries.map(([name, field]) => [name, stopsOf(field.shape, name, next)]));
    }
    case 'choice':
      return next(Object.keys(shape.values)[0] ?? word);
    // A caret tells the editor to write the value without quotes.
    case 'integer':
      return `^${next(String(Math.max(1, shape.min)))}`;
    case 'boolean':
      return `^${next('true')}`;
    case 'either':
      return stopsOf(shape.text, word, next);
    default:
      return next(word);
  }
}
