// The AWS stand-in: moto's server from the venv. Glue is not moto's: see test/support/glue.
import { closeSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { classify, SetupError } from './failure.mjs';
import { freePort } from './ports.mjs';
import { endGroup, isRunning, startGroup } from './processes.mjs';

const START_MS = 60_000;

/**
 * @param {{ log: import('./log.mjs').Log, python: string }} options
 * @returns {Promise<{ url: string, end: () => Promise<void> }>}
 */
export async function startMoto({ log, python }) {
  const port = await freePort();
  const file = join(dirname(log.file), 'moto.log');
  const output = openSync(file, 'w');
  const group = startGroup(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdout: output,
    stderr: output,
  });
  closeSync(output);
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_MS;
  while (!(await answers(url))) {
    if (isRunning(group.child) && Date.now() < deadline) {
      await delay(50);
      continue;
    }
    await endGroup(group);
    throw new SetupError(classify(readFileSync(file, 'utf8')) ?? 'The AWS stand-in did not start.', { log: file });
  }
  return { url, end: () => endGroup(group) };
}

/** @param {string} url */
async function answers(url) {
  try {
    return (await fetch(`${url}/moto-api/data.json`)).ok;
  } catch {
    // Nobody listens yet.
    return false;
  }
}
