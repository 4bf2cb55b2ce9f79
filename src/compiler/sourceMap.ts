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
