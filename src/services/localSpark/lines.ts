import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A longer line is cut into several, so that output without line ends needs no more memory. */
const longest = 64 * 1024;

/** Reads no faster than `onLine` takes, so that a job which prints much is slowed down instead of remembered. */
export async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) inPieces(line.endsWith('\r') ? line.slice(0, -1) : line, onLine);
    while (rest.length > longest) {
      onLine(rest.slice(0, longest));
      rest = rest.slice(longest);
    }
  }
  rest += decoder.end();
  if (rest !== '') inPieces(rest, onLine);
}

function inPieces(line: string, onLine: (line: string) => void): void {
  if (line.length <= longest) {
    onLine(line);
    return;
  }
  for (let at = 0; at < line.length; at += longest) onLine(line.slice(at, at + longest));
}

const keptLines = 400;
const keptCharacters = 256 * 1024;

/** The end of an output. */
export class Tail {
  private readonly kept: string[] = [];
  private characters = 0;

  add(line: string): void {
    this.kept.push(line);
    this.characters += line.length;
    while (this.kept.length > keptLines || (this.characters > keptCharacters && this.kept.length > 1)) {
      this.characters -= this.kept.shift()?.length ?? 0;
    }
  }

  get lines(): readonly string[] {
    return this.kept;
  }
}
