import type { Place } from './refusal.ts';

const token =
  /"(?:[^"]|"")*"(?:\."(?:[^"]|"")*"|\.[\w$]+)*|[\p{L}_][\p{L}\p{N}_$]*(?:\.[\p{L}_][\p{L}\p{N}_$]*|\."(?:[^"]|"")*")*|'(?:[^']|'')*'|-?\d[\d_.]*(?:e[+-]?\d+)?|::|[-+*/<>=~!@#%^&|`?]+|./uy;

/** Turns the grammar's byte offsets into places in the text, as the editor counts. */
export class Positions {
  private readonly starts: number[] = [];

  constructor(
    private readonly prefix: string,
    private readonly text: string,
  ) {
    let offset = 0;
    for (const character of text) {
      const bytes = utf8Length(character.codePointAt(0) ?? 0);
      for (let byte = 0; byte < bytes; byte++) this.starts.push(offset);
      offset += character.length;
    }
  }

  /** The token at a byte offset of the parsed text; the whole expression where the grammar gives none. */
  token(byteOffset: number | undefined): Place {
    const offset = byteOffset === undefined ? undefined : this.starts[byteOffset - this.prefix.length];
    if (offset === undefined) return { offset: 0, length: this.text.length };
    token.lastIndex = offset;
    return { offset, length: token.exec(this.text)?.[0].length ?? 1 };
  }
}

const utf8Length = (point: number): number => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4);
