import type { Ceiling } from './budget.ts';
import { costOf, dollarsText, type Prices } from './prices.ts';

/** From the least to the most that is likely. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

export interface PlannedRun {
  /** Left out where no model is asked: the offline planner, or a spec and a script that are there already. */
  readonly model?: { readonly provider: string; readonly id: string };
  readonly calls?: readonly PlannedCall[];
  /** What the engine is asked for. */
  readonly job?: PlannedJob;
}

export interface PlannedCall {
  readonly inputTokens: number;
  readonly outputTokens: Range;
  readonly times: Range;
}

export interface PlannedJob {
  readonly minutes: Range;
  /** Of Glue; a local engine has none and costs nothing. */
  readonly dpus?: number;
}

export interface RunEstimate {
  readonly tokens: Range;
  /** `unknown` where the model's price is: the rest alone would be too little. */
  readonly dollars: Range | 'unknown';
  readonly minutes: Range;
  /** When the prices were true. */
  readonly pricesOf: string;
}

/** What the specs generator asks: once where the first answer is good, and as often as its rounds and repairs allow. */
export const specsCalls = (contextTokens: number, rounds: number): PlannedCall => ({
  inputTokens: contextTokens,
  outputTokens: { least: 300, most: 4096 },
  times: { least: 1, most: 1 + rounds + repairs },
});

/** What the writer of code asks: once, and once for each attempt at mending. */
export const codeCalls = (contextTokens: number): PlannedCall => ({
  inputTokens: contextTokens,
  outputTokens: { least: 800, most: 8000 },
  times: { least: 1, most: 1 + repairs },
});

/** What the writer of tests asks: once, and once more where a query of its cannot be run. */
export const intentCalls = (contextTokens: number): PlannedCall => ({
  inputTokens: contextTokens,
  outputTokens: { least: 600, most: 6000 },
  times: { least: 1, most: 2 },
});

const repairs = 2;

/** What a run is going to take, shown before it starts. */
export function estimateRun({ model, calls = [], job }: PlannedRun, prices: Prices): RunEstimate {
  const asked = model ? calls : [];
  const price = model && prices.of(model.provider, model.id);
  const total = (of: (call: PlannedCall, end: keyof Range) => number): Range =>
    range((end) => asked.reduce((sum, call) => sum + call.times[end] * of(call, end), 0));
  const ofModel =
    price &&
    total(({ inputTokens, outputTokens }, end) => costOf(price, { inputTokens, outputTokens: outputTokens[end] }));
  const ofJob = range((end) => jobDollars(job, end, prices.glueDpuHour));
  const known = asked.length === 0 ? { least: 0, most: 0 } : ofModel;
  const minutesOfModel = total(({ outputTokens }, end) => secondsOf(outputTokens[end]) / 60);
  return {
    tokens: total(({ inputTokens, outputTokens }, end) => inputTokens + outputTokens[end]),
    dollars: known ? range((end) => known[end] + ofJob[end]) : 'unknown',
    minutes: range((end) => minutesOfModel[end] + (job?.minutes[end] ?? 0)),
    pricesOf: prices.date,
  };
}

/** Which ceilings the run is likely to reach: `surely` where even the least is too much. */
export function exceeded(
  { tokens, dollars, minutes }: RunEstimate,
  ceiling: Ceiling,
): readonly { readonly ceiling: keyof Ceiling; readonly surely: boolean }[] {
  const ranges = { tokens, dollars: dollars === 'unknown' ? undefined : dollars, minutes };
  return (['dollars', 'tokens', 'minutes'] as const).flatMap((name) => {
    const [limit, wanted] = [ceiling[name], ranges[name]];
    return limit === undefined || !wanted || wanted.most <= limit
      ? []
      : [{ ceiling: name, surely: wanted.least > limit }];
  });
}

/** For people, in one line. */
export function estimateText({ tokens, dollars, minutes, pricesOf }: RunEstimate): string {
  const tokenPart = tokens.most > 0 ? `${span(tokens, count)} tokens, ` : '';
  const about = `About ${tokenPart}${span(minutes, wholeMinutes)} min`;
  if (dollars === 'unknown') return `${about}, and what the model costs, which is not known`;
  if (dollars.most === 0) return `${about}, free of charge`;
  return `${about}, ${span(dollars, dollarsText)} (prices of ${pricesOf})`;
}

const range = (of: (end: keyof Range) => number): Range => ({ least: of('least'), most: of('most') });

/** Glue charges by the second, and for a minute at least. */
function jobDollars(job: PlannedJob | undefined, end: keyof Range, dpuHour: number): number {
  return job?.dpus === undefined ? 0 : (job.dpus * Math.max(1, job.minutes[end]) * dpuHour) / 60;
}

/** Until the first word, and at the pace of the models of 2026. */
const secondsOf = (outputTokens: number): number => 3 + outputTokens / 50;

function span({ least, most }: Range, text: (value: number) => string): string {
  const [from, to] = [text(least), text(most)];
  return from === to ? from : `${from}–${to}`;
}

/** Two digits are all that an estimate knows. */
const count = (tokens: number): string => Number(tokens.toPrecision(2)).toLocaleString('en-US');

const wholeMinutes = (minutes: number): string => String(Math.max(1, Math.ceil(minutes)));
