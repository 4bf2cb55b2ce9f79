import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunChanges } from '../agents/run/events.ts';
import type { RunRecord } from '../agents/run/record.ts';
import { answersOf, untilOf, type Values } from './arguments.ts';
import { isMissing } from '../services/isMissing.ts';

/** With what a run goes on: files that were given, or those of the run itself where somebody has edited them there. */
export async function changesOf(folder: string, record: RunRecord, values: Values): Promise<RunChanges> {
  const answers = answersOf(values);
  const until = untilOf(values);
  const specText = await given(values.spec, join(folder, 'spec.datamorph.json'), specIn(record));
  const script = await given(values.script, join(folder, 'script.py'), record.code?.script);
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

async function given(file: string | undefined, own: string, known: string | undefined): Promise<string | undefined> {
  if (file !== undefined) return readFile(file, 'utf8');
  if (known === undefined) return undefined;
  try {
    const text = await readFile(own, 'utf8');
    return text === known ? undefined : text;
  } catch (error) {
    // The journal has it.
    if (isMissing(error)) return undefined;
    throw error;
  }
}
