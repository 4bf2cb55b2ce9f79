import type { JobCost } from './engine.ts';
import { dollarsText } from './prices.ts';

/** What a run may take; what is left out has no ceiling. */
export interface Ceiling {
  readonly dollars?: number;
  readonly tokens?: number;
  readonly minutes?: number;
}

export const usualCeiling: Ceiling = { dollars: 2, tokens: 500_000, minutes: 60 };

/** What a run took so far. Plain data: it stands in the journal, and a resumed run goes on with it. */
export interface Spent {
  readonly dollars: number;
  readonly tokens: number;
  readonly minutes: number;
  /** Tokens of models whose price is not known: they are not in the dollars. */
  readonly unpricedTokens: number;
}

/** What a step will take at most. */
export interface Need {
  /** For the words, such as `the call of Claude for specs`. */
  readonly what: string;
  readonly tokens?: number;
  /** Undefined where the price is not known. */
  readonly dollars: number | undefined;
}

export interface Cost {
  readonly tokens?: number;
  /** Undefined where the price is not known. */
  readonly dollars: number | undefined;
}

export interface Budget {
  readonly ceiling: Ceiling;
  spent(): Spent;
  /**
   * Sets aside what a step needs, so that steps side by side cannot spend the same money; throws `BudgetSpent` where it does
   * not fit. The step tells by `settle` what it took in the end, whatever the end was.
   */
  reserve(need: Need): Reservation;
  /** What a job took on the engine; returns the dollars. */
  addJobCost(cost: JobCost, dpuHour: number): number;
}

export interface Reservation {
  settle(cost: Cost): void;
}

export interface BudgetOptions {
  readonly ceiling: Ceiling;
  /** Of the run before it was interrupted. */
  readonly spent?: Spent;
  /** Milliseconds. */
  readonly now?: () => number;
}

export const nothingSpent: Spent = { dollars: 0, tokens: 0, minutes: 0, unpricedTokens: 0 };

export function createBudget({ ceiling, spent: before = nothingSpent, now = Date.now }: BudgetOptions): Budget {
  const started = now();
  let { dollars, tokens, unpricedTokens } = before;
  const held = new Set<Need>();
  const spent = (): Spent => ({
    ...{ dollars, tokens, unpricedTokens },
    minutes: before.minutes + (now() - started) / 60_000,
  });
  const add = (cost: Cost): void => {
    tokens += cost.tokens ?? 0;
    if (cost.dollars === undefined) unpricedTokens += cost.tokens ?? 0;
    else dollars += cost.dollars;
  };
  return {
    ceiling,
    spent,
    reserve(need) {
      check(need, { ceiling, spent: spent(), held: [...held] });
      held.add(need);
      return {
        settle(cost) {
          // A second word about the same step counts nothing.
          if (held.delete(need)) add(cost);
        },
      };
    },
    addJobCost({ dpuSeconds = 0 }, dpuHour) {
      const cost = (dpuSeconds / 3600) * dpuHour;
      add({ dollars: cost });
      return cost;
    },
  };
}

interface Account {
  readonly ceiling: Ceiling;
  readonly spent: Spent;
  readonly held: readonly Need[];
}

function check(need: Need, { ceiling, spent, held }: Account): void {
  const taken = (of: 'dollars' | 'tokens'): number => held.reduce((sum, each) => sum + (each[of] ?? 0), spent[of]);
  if (ceiling.minutes !== undefined && spent.minutes >= ceiling.minutes)
    throw new BudgetSpent(
      'minutes',
      spent,
      `The run's ${ceiling.minutes} minutes are over, before ${need.what}. ${wayOut}`,
    );
  if (ceiling.tokens !== undefined && taken('tokens') + (need.tokens ?? 0) > ceiling.tokens)
    throw new BudgetSpent(
      'tokens',
      spent,
      `The run's budget of ${count(ceiling.tokens)} tokens does not hold ${need.what} (at most ${count(need.tokens ?? 0)}): ${count(taken('tokens'))} are spent or set aside. ${wayOut}`,
    );
  if (ceiling.dollars === undefined) return;
  if (need.dollars === undefined && ceiling.tokens === undefined)
    throw new BudgetSpent(
      'dollars',
      spent,
      `The price of ${need.what} is not known, so a budget of ${dollarsText(ceiling.dollars)} cannot be kept: give the model's price in the settings, or a budget of tokens.`,
    );
  if (taken('dollars') + (need.dollars ?? 0) > ceiling.dollars)
    throw new BudgetSpent(
      'dollars',
      spent,
      `The run's budget of ${dollarsText(ceiling.dollars)} does not hold ${need.what} (at most ${dollarsText(need.dollars ?? 0)}): ${dollarsText(taken('dollars'))} is spent or set aside. ${wayOut}`,
    );
}

const wayOut = 'What was made so far is kept: raise the budget, and resume the run.';

const count = (tokens: number): string => tokens.toLocaleString('en-US');

/** Bundles have classes of their own: `instanceof` does not work between them. */
const brand: unique symbol = Symbol.for('datamorph.BudgetSpent') as never;

export const isBudgetSpent = (error: unknown): error is BudgetSpent => error instanceof Error && brand in error;

/** The next step does not fit into what the run may take. Nothing of it was done. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
  readonly [brand] = true;

  constructor(
    readonly ceiling: keyof Ceiling,
    readonly spent: Spent,
    message: string,
  ) {
    super(message);
  }
}
