import { lineDiff } from '../lineDiff.ts';
import type { JournalEntry } from '../run/events.ts';
import { withEvent, type RunRecord } from '../run/record.ts';
import type { FaultLayer } from '../verdict.ts';

/** An edit that a round of a run made, or proposes: to be shown as a diff, and applied to the file that it is of. */
export interface RemedyPreview {
  /** In the run, from 1. */
  readonly round: number;
  readonly layer: FaultLayer;
  readonly reason: string;
  readonly file: 'spec.datamorph.json' | 'script.py';
  readonly before: string;
  readonly after: string;
  readonly diff: string;
}

/** Those of a kept run, the first first; rounds that changed no text are left out. */
export function remedyPreviews(entries: readonly JournalEntry[]): readonly RemedyPreview[] {
  const found: RemedyPreview[] = [];
  let record: RunRecord | undefined;
  for (const { event } of entries) {
    if (event.kind === 'remedied' && record) {
      const text = textOf(event.remedy, record);
      const { layer, reason } = event.remedy;
      if (text) found.push({ round: record.rounds.length + 1, layer, reason, ...text });
    }
    record = withEvent(record, event);
  }
  return found;
}

type Remedied = (JournalEntry['event'] & { readonly kind: 'remedied' })['remedy'];

function textOf(
  remedy: Remedied,
  { specText = '', code }: RunRecord,
): Pick<RemedyPreview, 'file' | 'before' | 'after' | 'diff'> | undefined {
  switch (remedy.kind) {
    case 'spec':
      return edit('spec.datamorph.json', specText, remedy.specText);
    case 'script':
      return edit('script.py', code?.script ?? '', remedy.script);
    default:
      return undefined;
  }
}

const edit = (file: RemedyPreview['file'], before: string, after: string) => ({
  ...{ file, before, after },
  diff: lineDiff(before, after, file),
});
