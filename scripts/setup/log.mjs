// What a person sees while something is set up: one line a step, with the time it took. The noise goes to a file.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * @typedef {object} Log
 * @property {string} file where the noisy output goes
 * @property {(line: string) => void} info prints a line
 * @property {(text: string) => void} print prints text as it comes, such as a child's output
 * @property {(text: string | Uint8Array) => void} noise adds to the file only
 * @property {<T>(title: string, work: () => Promise<T> | T) => Promise<T>} step prints the title, then how long it took
 */

/**
 * @param {{ file: string, out?: NodeJS.WritableStream & { isTTY?: boolean } }} options
 * @returns {Log}
 */
export function createLog({ file, out = process.stdout }) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  /** @type {Log['noise']} */
  const noise = (text) => appendFileSync(file, text);
  /** @type {Log['print']} */
  const print = (text) => {
    out.write(text);
    noise(text);
  };
  /** @type {Log['info']} */
  const info = (line) => print(`${line}\n`);
  return {
    file,
    info,
    print,
    noise,
    async step(title, work) {
      const started = Date.now();
      info(`• ${title} …`);
      try {
        const result = await work();
        info(`✓ ${title}: ${seconds(Date.now() - started)}`);
        return result;
      } catch (error) {
        info(`✗ ${title}: failed after ${seconds(Date.now() - started)}`);
        throw error;
      }
    },
  };
}

/** @param {number} ms */
export function seconds(ms) {
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
