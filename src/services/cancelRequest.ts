import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file in the folder of a run asks whoever has the run to stop it: a signal would end a whole editor. */
const fileIn = (folder: string): string => join(folder, 'cancel');

export const requestCancel = (folder: string): Promise<void> => writeFile(fileIn(folder), '');

const lookEveryMs = 250;

/** Aborts when somebody asks for it; returns what ends the watch. An older request is no longer meant. */
export async function watchForCancel(folder: string, stop: AbortController): Promise<() => void> {
  await rm(fileIn(folder), { force: true });
  const timer = setInterval(() => {
    void isRequested(folder).then(async (isAsked) => {
      if (!isAsked || stop.signal.aborted) return;
      stop.abort();
      await rm(fileIn(folder), { force: true });
    });
  }, lookEveryMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

async function isRequested(folder: string): Promise<boolean> {
  try {
    await stat(fileIn(folder));
    return true;
  } catch {
    // Not there, or not to be read: then nobody can have asked.
    return false;
  }
}
