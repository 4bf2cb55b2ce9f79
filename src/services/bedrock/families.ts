/** What a model of Bedrock takes; what it does not take is left out, or said in words instead. */
export interface Dialect {
  readonly temperature: boolean;
  /** The tool that must be called can be named. */
  readonly forcedTool: boolean;
  /** The service holds the input of a tool to its schema. */
  readonly strict: boolean;
  readonly cache: boolean;
  /** Tools and streaming at once. */
  readonly streamedTools: boolean;
}

export type Feature = keyof Dialect;

interface Family extends Dialect {
  readonly pattern: RegExp;
  /** It thinks before it answers without being told to, out of the same tokens. */
  readonly thinks?: true;
}

const everything: Dialect = { temperature: true, forcedTool: true, strict: true, cache: true, streamedTools: true };
const noStrict: Dialect = { ...everything, strict: false };
const newest: Dialect = { ...noStrict, temperature: false, forcedTool: false };

/**
 * The first that fits. A family that is listed wrongly costs one refused request: the model is then asked without what it
 * refused, and so it is for ids that say nothing, as those of application inference profiles.
 */
const families: readonly Family[] = [
  { pattern: /claude-(fable|mythos)/, ...newest, thinks: true },
  { pattern: /claude-(opus|sonnet|haiku)-(5-[5-9]|[6-9])/, ...newest, thinks: true },
  { pattern: /claude-(opus|sonnet|haiku)-5/, ...noStrict, temperature: false, thinks: true },
  { pattern: /claude-opus-4-[7-9]/, ...noStrict, temperature: false },
  { pattern: /claude-(opus|sonnet|haiku)-4-[56]/, ...everything },
  { pattern: /claude-(opus|sonnet)-4|claude-3-[57]/, ...noStrict },
  { pattern: /claude-3/, ...noStrict, cache: false },
  { pattern: /amazon\.nova/, ...noStrict },
  { pattern: /mistral-large|gpt-oss/, ...noStrict, cache: false },
  { pattern: /meta\.llama|deepseek/, ...noStrict, forcedTool: false, cache: false, streamedTools: false },
  { pattern: /^(\w+\.)?(ai21|cohere|mistral|qwen|google|openai)\./, ...noStrict, forcedTool: false, cache: false },
];

const familyOf = (modelId: string): Family | undefined => families.find(({ pattern }) => pattern.test(modelId));

export function dialectOf(modelId: string): Dialect {
  const { temperature, forcedTool, strict, cache, streamedTools } = familyOf(modelId) ?? noStrict;
  return { temperature, forcedTool, strict, cache, streamedTools };
}

/** So that what it thinks leaves the answer its room. */
export const thinkingTokensOf = (modelId: string): number => (familyOf(modelId)?.thinks ? 8192 : 0);

/** How the service names what it refuses; the vaguest comes last. */
const refusals: readonly (readonly [Feature, RegExp])[] = [
  ['temperature', /\btemperature\b/i],
  ['forcedTool', /tool_?choice/i],
  ['cache', /\bcach(e|ing)|cachePoint/i],
  ['streamedTools', /streaming/i],
  ['strict', /\bstrict\b|additionalProperties|schema|grammar|optional/i],
];

/** Which of the features in use the service does not want; undefined where it is about something else. */
export const refusedFeature = (message: string, used: ReadonlySet<Feature>): Feature | undefined =>
  refusals.find(([feature, pattern]) => used.has(feature) && pattern.test(message))?.[0];

export const defaultModel = 'anthropic.claude-sonnet-4-5-20250929-v1:0';

/** Which inference profile serves a region; models that are served by profiles only are not found without it. */
const profiles: readonly (readonly [RegExp, string])[] = [
  [/^us-gov-/, 'us-gov'],
  [/^(us|ca)-/, 'us'],
  [/^eu-/, 'eu'],
  [/^ap-northeast-[13]$/, 'jp'],
  [/^ap-southeast-[24]$/, 'au'],
];

const byProfileOnly = /^anthropic\.claude-(3-7|(opus|sonnet|haiku|fable|mythos)-\d)/;

/** The id as the region knows it; one that names a profile already, or is an ARN, stays as it is. */
export function modelIdIn(region: string, modelId = defaultModel): string {
  if (!byProfileOnly.test(modelId)) return modelId;
  const profile = profiles.find(([pattern]) => pattern.test(region))?.[1] ?? 'global';
  return `${profile}.${modelId}`;
}
