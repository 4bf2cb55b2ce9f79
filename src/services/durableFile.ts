import { open, rename, writeFile } from 'node:fs/promises';

/** A reader sees the old file or the new one, whole, also after a crash of the machine. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`;
  const file = await open(draft, 'w');
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** The same for what can be made again from elsewhere: a crash of the machine may leave it empty. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`;
  await writeFile(draft, text);
  await rename(draft, path);
}
