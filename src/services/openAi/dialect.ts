/** What a server takes of the protocol; they differ, and say so only when asked. */
export interface Dialect {
  readonly temperature: boolean;
  /** `response_format` with a JSON schema. */
  readonly responseFormat: boolean;
  readonly tools: boolean;
  readonly forcedTool: boolean;
  /** Tokens at the end of a stream. */
  readonly streamUsage: boolean;
  /** `max_tokens`, which the newest models want by another name. */
  readonly maxTokens: boolean;
}

export type Feature = keyof Dialect;

export const everything: Dialect = {
  temperature: true,
  responseFormat: true,
  tools: true,
  forcedTool: true,
  streamUsage: true,
  maxTokens: true,
};

/** How servers name what they refuse; the vaguest comes last. */
const refusals: readonly (readonly [Feature, RegExp])[] = [
  ['temperature', /\btemperature\b/i],
  ['maxTokens', /max_completion_tokens|'max_tokens'.*not supported/i],
  ['streamUsage', /stream_options|include_usage/i],
  ['responseFormat', /response_format|json_schema|structured output|grammar|schema/i],
  ['forcedTool', /tool_choice/i],
  [
    'tools',
    /not support (tool|function)|(tool|function)( use| call)\w*.{0,20} not (supported|enabled)|enable-auto-tool-choice/i,
  ],
];

/** Which of the features in use the server does not want; undefined where it is about something else. */
export const refusedFeature = (message: string, used: ReadonlySet<Feature>): Feature | undefined =>
  refusals.find(([feature, pattern]) => used.has(feature) && pattern.test(message))?.[0];
