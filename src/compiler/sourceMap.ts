/** Which lines of a script belong to which source or step, in both directions; lines count from 1. */
export interface SourceMap {
  readonly blocks: readonly Block[];
}

export interface Block {
  /** A source, a step, or `target`. */
  readonly name: string;
  readonly part: 'source' | 'step' | 'target';
  readonly firstLine: number;
  readonly lastLine: number;
}

export function linesOf(map: SourceMap, name: string): Block | undefined {
  return map.blocks.find((block) => block.part !== 'target' && block.name === name);
}

/** A line between two blocks belongs to none. */
export function blockAt(map: SourceMap, line: number): Block | undefined {
  return map.blocks.find((block) => block.firstLine <= line && line <= block.lastLine);
}

export interface Head {
  /** Its place among the lines, from 0. */
  readonly at: number;
  /** Left out for the part that writes the target. */
  readonly name?: string;
}

/** The comments above the blocks, as the PySpark is written (pyspark/), wherever an edit has moved them. */
export const headsIn = (lines: readonly string[], names: readonly string[]): readonly Head[] =>
  lines.flatMap((line, at): readonly Head[] => {
    if (/^# The target\b/.test(line)) return [{ at }];
    const name = names.find((each) => line.startsWith(`# ${each}: `));
    return name === undefined ? [] : [{ at, name }];
  });
