import assert from 'node:assert/strict';
import { dialectOf, modelIdIn, refusedFeature, type Feature } from '../../../src/services/bedrock/families.ts';
import { canBeStrict } from '../../../src/services/bedrock/strictSchema.ts';

describe("Bedrock's families of models", () => {
  const marks: readonly (readonly [Feature, string])[] = [
    ['temperature', 't'],
    ['forcedTool', 'f'],
    ['strict', 's'],
    ['cache', 'c'],
    ['streamedTools', 'S'],
  ];
  const dialect = (id: string): string => {
    const spoken = dialectOf(id);
    return marks.map(([feature, mark]) => (spoken[feature] ? mark : '-')).join('');
  };
  const ids: readonly (readonly [string, string])[] = [
    ['eu.anthropic.claude-sonnet-4-5-20250929-v1:0', 'tfscS'],
    ['us.anthropic.claude-opus-4-6-v1', 'tfscS'],
    ['us.anthropic.claude-opus-4-8', '-f-cS'],
    ['us.anthropic.claude-opus-5', '-f-cS'],
    ['global.anthropic.claude-sonnet-5', '-f-cS'],
    ['global.anthropic.claude-opus-5-5', '---cS'],
    ['global.anthropic.claude-fable-5-1', '---cS'],
    ['us.anthropic.claude-opus-6', '---cS'],
    ['anthropic.claude-opus-4-1-20250805-v1:0', 'tf-cS'],
    ['anthropic.claude-3-haiku-20240307-v1:0', 'tf--S'],
    ['eu.amazon.nova-pro-v1:0', 'tf-cS'],
    ['us.meta.llama4-scout-17b-instruct-v1:0', 't----'],
    ['openai.gpt-oss-120b-1:0', 'tf--S'],
    ['arn:aws:bedrock:eu-central-1:1:application-inference-profile/abc', 'tf-cS'],
  ];
  for (const [id, expected] of ids)
    it(`know what ${id} takes: ${expected}`, () => {
      assert.equal(dialect(id), expected);
    });

  it('name what they refuse, of what was asked of them', () => {
    const used = new Set<Feature>(['temperature', 'forcedTool']);
    assert.equal(refusedFeature('`temperature` is deprecated for this model.', used), 'temperature');
    assert.equal(refusedFeature("This model doesn't support the toolConfig.toolChoice.any field", used), 'forcedTool');
    assert.equal(refusedFeature('did not allow prompt caching', used), undefined);
    assert.equal(refusedFeature('The provided model identifier is invalid.', used), undefined);
  });

  it('are found by the profile of the region, where they are served by profiles only', () => {
    const sonnet = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
    const regions = ['eu-west-3', 'us-west-2', 'us-gov-west-1', 'ap-northeast-1', 'ap-southeast-2', 'sa-east-1'];
    assert.deepEqual(
      regions.map((region) => modelIdIn(region)),
      ['eu', 'us', 'us-gov', 'jp', 'au', 'global'].map((profile) => `${profile}.${sonnet}`),
    );
    assert.deepEqual(
      [`global.${sonnet}`, 'amazon.nova-pro-v1:0', 'arn:aws:bedrock:x'].map((id) => modelIdIn('eu-west-3', id)),
      [`global.${sonnet}`, 'amazon.nova-pro-v1:0', 'arn:aws:bedrock:x'],
    );
  });
});

describe('a strict tool', () => {
  const closed = { type: 'object', additionalProperties: false };
  const text = { type: 'string' };
  const cases: readonly (readonly [string, object, boolean])[] = [
    ['closed all through', { ...closed, properties: { a: { type: 'array', items: { ...closed, properties: { b: text } } } }, required: ['a'] }, true],
    ['with choices', { ...closed, properties: { a: { anyOf: [text, { type: 'null' }], enum: ['x'] } } }, true],
    ['with a property called oneOf', { ...closed, properties: { oneOf: text } }, true],
    ['open', { type: 'object', properties: { a: text } }, false],
    ['open further down', { ...closed, properties: { a: { type: 'object' } } }, false],
    ['with oneOf', { ...closed, properties: { a: { oneOf: [text] } } }, false],
    ['with references', { ...closed, properties: { a: { $ref: '#' } } }, false],
    ['with limits', { ...closed, properties: { a: { type: 'integer', minimum: 1 } } }, false],
    ['with many optional properties', { ...closed, properties: Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`p${n}`, text])) }, false],
  ]; // prettier-ignore
  for (const [what, schema, expected] of cases)
    it(`${expected ? 'may be' : 'may not be'} ${what}`, () => {
      assert.equal(canBeStrict([schema as Record<string, unknown>]), expected);
    });
});
