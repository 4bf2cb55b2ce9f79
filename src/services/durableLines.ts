import { open, type FileHandle } from 'node:fs/promises';

/** A file of lines that only grows. What a call has appended survives a crash of the process and of the machine. */
export interface DurableLines {
  /** The lines that were there when it was opened. */
  readonly found: readonly string[];
  /** All of them, with one trip to the disk. */
  append(lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** A last line without an end was torn by a crash: it was never promised to anybody, and is cut off. */
export async function openDurableLines(path: string): Promise<DurableLines> {
  const file = await open(path, 'a+');
  try {
    const { lines, length } = await whole(file);
    const { size } = await file.stat();
    if (size > length) await file.truncate(length);
    return new Lines(file, lines);
  } catch (error) {
    await file.close();
    throw error;
  }
}

export interface WholeLines {
  readonly lines: readonly string[];
  /** In bytes. */
  readonly length: number;
}

/** The lines of a file that may be written meanwhile, without a torn one. */
export function wholeLines(bytes: Buffer): WholeLines {
  const length = bytes.lastIndexOf(0x0a) + 1;
  if (length === 0) return { lines: [], length };
  return { lines: bytes.toString('utf8', 0, length - 1).split('\n'), length };
}

const whole = async (file: FileHandle): Promise<WholeLines> => wholeLines(await file.readFile());

class Lines implements DurableLines {
  readonly found: readonly string[];
  readonly #file: FileHandle;
  #last: Promise<void> = Promise.resolve();

  constructor(file: FileHandle, found: readonly string[]) {
    this.#file = file;
    this.found = found;
  }

  append(lines: readonly string[]): Promise<void> {
    const appended = this.#last.then(() => this.#write(lines.map((line) => `${line}\n`).join('')));
    // One that fails must not take those with it that come after it.
    this.#last = appended.catch(() => undefined);
    return appended;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#file.close();
  }

  /** Half a line must not stay in front of the next one. */
  async #write(text: string): Promise<void> {
    const { size } = await this.#file.stat();
    try {
      await this.#file.appendFile(text);
      await this.#file.datasync();
    } catch (error) {
      await this.#file.truncate(size);
      throw error;
    }
  }
}
