/** Where a step stands in the script that ran: what the compiler wrote is known by its lines, an edited script by its comments. */
import { headsIn, type SourceMap } from '../../compiler/sourceMap.ts';
import type { ScriptLines } from './divergence.ts';
import type { StepProgram } from './stepPrograms.ts';

export interface Ran {
  readonly script: string;
  /** The compiler's own script, and its lines by step. */
  readonly compiled: string;
  readonly sourceMap: SourceMap;
  readonly steps: readonly Pick<StepProgram, 'name' | 'inputs'>[];
}

/** Of a step, or of what comes after all of them; the nearest one before it where its own lines are gone; undefined where nothing is left. */
export function placeIn(ran: Ran, step: string | undefined): ScriptLines | undefined {
  const blocks = blocksOf(ran);
  if (step === undefined) return linesOf(blocks.find(({ name }) => name === undefined));
  const own = blocks.find(({ name }) => name === step);
  if (own) return linesOf(own);
  const near = nearest(step, ran, new Set(blocks.flatMap(({ name }) => name ?? [])));
  const lines = linesOf(blocks.find(({ name }) => near !== undefined && name === near));
  return lines && near !== undefined ? { ...lines, near } : undefined;
}

interface Found {
  /** Left out for the part that writes the target. */
  readonly name?: string;
  readonly first: number;
  readonly last: number;
}

const linesOf = (found: Found | undefined): ScriptLines | undefined =>
  found && { first: found.first, last: found.last };

function blocksOf({ script, compiled, sourceMap }: Ran): readonly Found[] {
  if (script === compiled) {
    return sourceMap.blocks.map(({ name, part, firstLine, lastLine }) => ({
      ...(part !== 'target' && { name }),
      ...{ first: firstLine, last: lastLine },
    }));
  }
  return commented(
    script.split('\n'),
    sourceMap.blocks.map(({ name }) => name),
  );
}

/** The compiler writes `# name: what it does` above each block; a block ends where the next one begins. */
function commented(lines: readonly string[], known: readonly string[]): readonly Found[] {
  const heads = headsIn(lines, known);
  return heads.map(({ at, ...named }, place) => {
    const end = heads[place + 1]?.at ?? lines.length;
    const body = lines.slice(at + 1, end);
    const last = at + 1 + body.findLastIndex((line) => line.trim() !== '');
    return { ...named, first: at + 2, last: Math.max(at + 2, last + 1) };
  });
}

/** Among what the step stands on, the closest that the script still names; then the one before it in the spec. */
function nearest(step: string, { steps }: Ran, there: ReadonlySet<string>): string | undefined {
  let layer = inputsOf(steps, step);
  const seen = new Set<string>();
  while (layer.length > 0) {
    const found = layer.findLast((name) => there.has(name));
    if (found !== undefined) return found;
    for (const name of layer) seen.add(name);
    layer = layer.flatMap((name) => inputsOf(steps, name)).filter((name) => !seen.has(name));
  }
  const at = steps.findIndex(({ name }) => name === step);
  return steps.slice(0, Math.max(at, 0)).findLast(({ name }) => there.has(name))?.name;
}

const inputsOf = (steps: Ran['steps'], name: string): readonly string[] =>
  steps.find((step) => step.name === name)?.inputs ?? [];
