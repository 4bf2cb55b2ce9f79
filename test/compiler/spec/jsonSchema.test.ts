import assert from 'node:assert/strict';
import Ajv from 'ajv';
import { format } from 'prettier';
import { jsonSchema, sharedRulesSchema } from '../../../src/spec/jsonSchema.ts';
import { readSpec } from '../../../src/spec/read.ts';
import { checkShapes } from '../../../src/spec/specShape.ts';
import { stepShapes } from '../../../src/spec/stepShapes.ts';
import { assertAccepted } from './accepted.ts';
import { everyStep, everything, specWith } from './samples.ts';

interface VariantSchema {
  readonly properties: Readonly<Record<string, { readonly description?: string }>>;
  readonly required: readonly string[];
}

interface ListSchema {
  readonly items: {
    readonly properties: { readonly kind: { readonly enum: readonly string[] } };
    readonly defaultSnippets: readonly { readonly label: string; readonly body: object }[];
    readonly allOf: readonly {
      readonly if: { readonly properties: { readonly kind: { readonly const: string } } };
      readonly then: VariantSchema;
    }[];
  };
}

describe('the JSON Schema', () => {
  const schema = jsonSchema();
  const lists = schema['properties'] as { readonly steps: ListSchema; readonly checks: ListSchema };
  const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);

  it('stands in schemas/ as it is generated', async () => {
    const text = await format(JSON.stringify(schema), { parser: 'json', printWidth: 120 });
    assertAccepted('schemas/datamorph.schema.json', text);
  });

  it('of the shared rules stands beside it, and takes what the reader takes', async () => {
    const text = await format(JSON.stringify(sharedRulesSchema()), { parser: 'json', printWidth: 120 });
    assertAccepted('schemas/datamorph.rules.schema.json', text);
    const takes = new Ajv({ allErrors: true, strict: false }).compile(sharedRulesSchema());
    const good = { version: 1, tables: [{ table: 'marts.*', checks: [{ kind: 'notNull', column: 'id' }] }] };
    const bad = { version: 1, tables: [{ table: 'marts.*', checks: [{ kind: 'notNull' }] }] };
    assert.deepEqual([takes(good), takes(bad)], [true, false]);
  });

  it('has the kinds, properties and required properties that the reader has', () => {
    for (const [list, shapes] of [
      [lists.steps, stepShapes],
      [lists.checks, checkShapes],
    ] as const) {
      assert.deepEqual(list.items.properties.kind.enum, Object.keys(shapes));
      const fromSchema = list.items.allOf.map(({ if: { properties }, then }) => ({
        kind: properties.kind.const,
        properties: Object.keys(then.properties).filter((name) => name !== 'kind'),
        required: then.required.filter((name) => name !== 'kind'),
      }));
      const fromShapes = Object.entries(shapes).map(([kind, { fields }]) => ({
        kind,
        properties: Object.keys(fields),
        required: Object.keys(fields).filter((name) => fields[name]?.required),
      }));
      assert.deepEqual(fromSchema, fromShapes);
    }
  });

  it('explains every property and every word', () => {
    const silent: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties, enum: words, enumDescriptions } = node as Record<string, unknown>;
      for (const [name, property] of Object.entries((properties ?? {}) as Record<string, Record<string, unknown>>)) {
        const told = property['description'] ?? property['enumDescriptions'] ?? property['const'];
        if (told === undefined) silent.push(`${path}.${name}`);
      }
      if (Array.isArray(words) && words.length !== (enumDescriptions as unknown[] | undefined)?.length)
        silent.push(path);
      for (const [name, inside] of Object.entries(node)) walk(inside, `${path}.${name}`);
    };
    walk(schema, '');
    assert.deepEqual(silent, []);
  });

  it('accepts what the reader accepts', () => {
    for (const spec of [everything, ...Object.values(everyStep).map((step) => specWith(step))]) {
      assert.ok(validate(spec), JSON.stringify(validate.errors));
    }
  });

  it('refuses what the reader refuses for its shape', () => {
    const broken = [
      { ...everything, version: 2 },
      { ...everything, extra: 1 },
      { ...everything, name: '' },
      specWith({ ...everyStep.filter, where: 1 } as never),
      specWith({ ...everyStep.limit, count: -1 }),
      specWith({ ...everyStep.join, how: 'outer' } as never),
      specWith({ ...everyStep.union, inputs: ['orders'] }),
      specWith({ name: 'x', kind: 'nothing' } as never),
      specWith({ ...everyStep.fill, columns: [{ name: 'a', with: { carry: 'sideways' } }] } as never),
    ];
    for (const spec of broken) {
      assert.equal(validate(spec), false, JSON.stringify(spec));
      const { problems } = readSpec(JSON.stringify(spec));
      assert.ok(
        problems.some(({ severity }) => severity === 'error'),
        JSON.stringify(spec),
      );
    }
  });

  it('offers a snippet for every kind, which the reader takes for that kind', () => {
    for (const { label, body } of lists.steps.items.defaultSnippets) {
      const filled = JSON.stringify(body)
        .replace(/"\^\$\{\d+:([^}]*)\}"/g, '$1')
        .replace(/\$\{\d+:([^}]*)\}/g, '$1');
      const { problems } = readSpec(
        JSON.stringify({ ...everything, steps: [JSON.parse(filled)], target: { ...everything.target, from: 'name' } }),
      );
      const shape = problems.filter(({ code }) =>
        ['missing-property', 'wrong-type', 'unknown-property', 'unknown-kind', 'unknown-value'].includes(code),
      );
      const needsCondition = label === 'join' ? 1 : 0;
      assert.ok(shape.length <= needsCondition, `${label}: ${JSON.stringify(shape)}`);
    }
  });
});
