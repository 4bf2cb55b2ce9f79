import type { Usage } from './model.ts';

/** Dollars for a million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

export interface Prices {
  /** Of the day that the table was written, and what of it was overridden. */
  readonly date: string;
  /** Undefined where the price is not known: that is said, and never taken for nothing. */
  of(provider: string, modelId: string): ModelPrice | undefined;
  readonly glueDpuHour: number;
}

/** What settings say instead, by the model's id; what is not said of the cache costs as much as other input. */
export interface PriceOverrides {
  readonly models?: Readonly<
    Record<string, Pick<ModelPrice, 'input' | 'output'> & Partial<Pick<ModelPrice, 'cacheRead' | 'cacheWrite'>>>
  >;
  readonly glueDpuHour?: number;
}

/** When these public list prices were looked up. They change: https://aws.amazon.com/bedrock/pricing, …/glue/pricing. */
const date = '2026-11-25';

const glueDpuHour = 0.44;

/** The first that fits. */
const bedrock: readonly (ModelPrice & { readonly id: RegExp })[] = [
  { id: /claude-fable-5-1/, input: 10, output: 50, cacheRead: 0.25, cacheWrite: 12.5 },
  { id: /claude-fable-5(?!-)/, input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5 },
  { id: /claude-opus-5-5/, input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 },
  { id: /claude-opus-(5(?!-)|4-[5-8])/, input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  { id: /claude-sonnet-5-5/, input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 },
  { id: /claude-sonnet-5(?!-)/, input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 },
  { id: /claude-sonnet-4-[56]/, input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  { id: /claude-haiku-4-5/, input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
  { id: /claude-(sonnet-4-2025|3-7-sonnet)/, input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  { id: /claude-opus-4-(1-|2025)/, input: 15, output: 75, cacheRead: 1.5, cacheWrite: 18.75 },
  { id: /amazon\.nova-premier-v1/, input: 2.5, output: 12.5, cacheRead: 0.625, cacheWrite: 2.5 },
  { id: /amazon\.nova-pro-v1/, input: 0.8, output: 3.2, cacheRead: 0.2, cacheWrite: 0.8 },
  { id: /amazon\.nova-lite-v1/, input: 0.06, output: 0.24, cacheRead: 0.015, cacheWrite: 0.06 },
  { id: /amazon\.nova-micro-v1/, input: 0.035, output: 0.14, cacheRead: 0.00875, cacheWrite: 0.035 },
];

/** What stays within an area costs this much more, for the models that are sold worldwide too. */
const areaFactor = 1.1;
const soldWorldwide = /claude-((opus|sonnet|haiku)-(4-[5-9]|[5-9])|fable)/;

export function createPrices(overrides: PriceOverrides = {}): Prices {
  const overridden = Object.keys(overrides.models ?? {}).length > 0 || overrides.glueDpuHour !== undefined;
  return {
    date: overridden ? `${date}, partly from the settings` : date,
    of(provider, modelId) {
      const own = Object.hasOwn(overrides.models ?? {}, modelId) ? overrides.models?.[modelId] : undefined;
      if (own) return { cacheRead: own.input, cacheWrite: own.input, ...own };
      return provider === 'bedrock' ? bedrockPrice(modelId) : undefined;
    },
    glueDpuHour: overrides.glueDpuHour ?? glueDpuHour,
  };
}

function bedrockPrice(modelId: string): ModelPrice | undefined {
  const row = bedrock.find(({ id }) => id.test(modelId));
  if (!row) return undefined;
  const factor = soldWorldwide.test(modelId) && !modelId.startsWith('global.') ? areaFactor : 1;
  return {
    input: rounded(row.input * factor),
    output: rounded(row.output * factor),
    cacheRead: rounded(row.cacheRead * factor),
    cacheWrite: rounded(row.cacheWrite * factor),
  };
}

/** Without the dust of binary fractions. */
const rounded = (dollars: number): number => Number(dollars.toPrecision(12));

export function costOf(price: ModelPrice, usage: Usage): number {
  const { inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0 } = usage;
  const { input, output, cacheRead, cacheWrite } = price;
  const millionths =
    inputTokens * input + outputTokens * output + cacheReadTokens * cacheRead + cacheWriteTokens * cacheWrite;
  return rounded(millionths / 1_000_000);
}

/** For people: cents, and more digits only where there would be nothing but zeros. */
export const dollarsText = (dollars: number): string =>
  `$${dollars > 0 && dollars < 0.01 ? dollars.toPrecision(2) : dollars.toFixed(2)}`;
