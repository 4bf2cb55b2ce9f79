import type { Artifacts, Journal } from '../ports.ts';

export interface MirroredJournal extends Journal {
  /** Waits until what was kept is stored there too, as far as that can be. */
  settled(): Promise<void>;
}

export interface Mirror {
  readonly artifacts: Artifacts;
  readonly signal: AbortSignal;
  /** A second home that cannot be reached never stops a run. */
  readonly onTrouble: (name: string, error: unknown) => void;
}

/** What the run keeps is stored in a second place as well, in the same order. */
export function mirrored(journal: Journal, { artifacts, signal, onTrouble }: Mirror): MirroredJournal {
  let last: Promise<void> = Promise.resolve();
  const { runId } = journal;
  return {
    runId,
    get entries() {
      return journal.entries;
    },
    record: (event) => journal.record(event),
    async keep(name, text) {
      await journal.keep(name, text);
      last = last
        .then(() => artifacts.put({ runId, name, text }, signal))
        .catch((error: unknown) => {
          onTrouble(name, error);
        });
    },
    settled: () => last,
  };
}
