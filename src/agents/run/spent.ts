import type { JournalEntry, RunEvent, Spending } from './events.ts';

/** What a run has taken of its budget, by its journal. */
export function spentIn(entries: readonly JournalEntry[]): Spending {
  const taken = entries.flatMap(({ event }) => spendingOf(event) ?? []);
  const sum = (of: keyof Spending): number => taken.reduce((total, each) => total + each[of], 0);
  return { inputTokens: sum('inputTokens'), outputTokens: sum('outputTokens'), dollars: sum('dollars') };
}

function spendingOf(event: RunEvent): Spending | undefined {
  switch (event.kind) {
    case 'planned':
    case 'remedied':
      return event.spent;
    case 'coded':
      return event.code.spent;
    default:
      return undefined;
  }
}
