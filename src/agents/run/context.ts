import type { RunEvent, Spending } from './events.ts';
import type { RunRecord } from './record.ts';
import type { Programs } from '../programs.ts';
import type { RunPorts } from '../ports.ts';
import type { Catalogue } from '../../spec/catalogue.ts';

/** What a step works with. It returns the facts that it found; whoever runs it writes them down. */
export interface StepContext {
  readonly runId: string;
  readonly record: RunRecord;
  readonly ports: RunPorts;
  /** Read once in a process, and shared by the steps. */
  readonly catalogue: (signal: AbortSignal) => Promise<Catalogue>;
  readonly samples: (signal: AbortSignal) => Promise<string | undefined>;
  readonly signal: AbortSignal;
  /** Seconds that the step may take. */
  readonly limit: number;
  /** Written down at once: for what must not wait for the end of the step. */
  readonly note: (event: RunEvent) => Promise<void>;
}

export type Step = (context: StepContext) => Promise<RunEvent>;

export function programsIn({ record }: Pick<StepContext, 'record'>): Programs {
  const programs = record.checked?.programs;
  if (!programs) throw new Error('The spec is not checked yet.');
  return programs;
}

export function specIn({ record }: Pick<StepContext, 'record'>): string {
  if (record.specText === undefined) throw new Error('There is no spec yet.');
  return record.specText;
}

/** Does the work and tells what it took of the budget; nothing where nobody counts. */
export async function measured<T>(
  { spent }: Pick<RunPorts, 'spent'>,
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly spent?: Spending }> {
  const before = spent?.();
  const value = await work();
  const after = spent?.();
  if (!before || !after) return { value };
  return {
    value,
    spent: {
      inputTokens: after.inputTokens - before.inputTokens,
      outputTokens: after.outputTokens - before.outputTokens,
      dollars: after.dollars - before.dollars,
    },
  };
}
