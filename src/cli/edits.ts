import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalEntry, RunChanges } from '../agents/run/events.ts';
import { liveAttempts, recordOf, type RunRecord } from '../agents/run/record.ts';
import { answersOf, untilOf, type Values } from './arguments.ts';
import { isMissing } from '../services/isMissing.ts';

/** With what a run goes on: files that were given, or those of the run itself where somebody has edited them there. */
export async function changesOf(folder: string, entries: readonly JournalEntry[], values: Values): Promise<RunChanges> {
  const record = recordOf(entries);
  if (!record) return {};
  const answers = answersOf(values);
  const until = untilOf(values);
  const own = textsIn(entries);
  const spec = { path: join(folder, 'spec.datamorph.json'), text: specIn(record), isWritten: !!record.checked, own };
  const specText = await given(values.spec, spec);
  const isWritten = liveAttempts(record).length > 0;
  const code = { path: join(folder, 'script.py'), text: record.code?.script, isWritten, own };
  const script = await given(values.script, code);
  return {
    ...(until === undefined ? {} : { until }),
    ...(answers.length > 0 && { answers }),
    ...(specText === undefined ? {} : { specText }),
    ...(script === undefined ? {} : { script }),
  };
}

/** A draft that was refused is there to be mended. */
const specIn = ({ specText, plan }: RunRecord): string | undefined =>
  specText ?? (plan?.kind === 'draft' ? plan.specText : undefined);

interface Known {
  readonly path: string;
  readonly text: string | undefined;
  /** Whether the file has been brought up to the text; until then it may hold an older one of ours. */
  readonly isWritten: boolean;
  readonly own: ReadonlySet<string>;
}

async function given(file: string | undefined, known: Known): Promise<string | undefined> {
  if (file !== undefined) return readFile(file, 'utf8');
  if (known.text === undefined) return undefined;
  try {
    const text = await readFile(known.path, 'utf8');
    const isOurs = text === known.text || (!known.isWritten && known.own.has(text));
    return isOurs ? undefined : text;
  } catch (error) {
    // The journal has it.
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Every spec and script that the run had: a process may have died before a file was replaced by the next one. */
const textsIn = (entries: readonly JournalEntry[]): ReadonlySet<string> =>
  new Set(entries.flatMap(({ event }) => textsOf(event)));

function textsOf(event: JournalEntry['event']): readonly string[] {
  switch (event.kind) {
    case 'ordered':
      return [event.order.specText ?? ''];
    case 'continued':
      return [event.changes.specText ?? '', event.changes.script ?? ''];
    case 'planned':
      return 'specText' in event.plan ? [event.plan.specText] : [];
    case 'coded':
      return [event.code.script];
    case 'remedied':
      return [
        ...('specText' in event.remedy ? [event.remedy.specText] : []),
        ...('script' in event.remedy ? [event.remedy.script] : []),
      ];
    default:
      return [];
  }
}
