// npm test -- --watch: the quick suites again after every change.
import { watch as watchFolder } from 'node:fs';
import { join } from 'node:path';
import { createServices } from './services.mjs';
import { runSuite } from './runSuite.mjs';

const FOLDERS = ['src', 'test'];
const SETTLE_MS = 200;

/**
 * Never ends by itself.
 * @param {{ root: string, folder: string, log: import('./setup/log.mjs').Log, suites: readonly import('./suites.mjs').Suite[], grep?: string }} options
 * @returns {Promise<never>}
 */
export async function watch({ root, folder, log, suites, grep }) {
  const services = createServices(log);
  for (const changed = changes(root); ; await changed()) {
    for (const suite of suites) await runSuite(suite, { services, folder: join(folder, suite.name), grep, broken: [] });
    log.info('\nWaiting for a change …');
  }
}

/**
 * A function that resolves at the next change (or at once when there was one since it was last called).
 * @param {string} root
 */
function changes(root) {
  let pending = false;
  /** @type {(() => void) | undefined} */
  let wake;
  const notice = () => {
    pending = true;
    wake?.();
  };
  for (const folder of FOLDERS) watchFolder(join(root, folder), { recursive: true }, notice);
  return async () => {
    if (!pending) await new Promise((resolve) => (wake = () => resolve(undefined)));
    // An editor saves in several strokes; one run answers all of them.
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    pending = false;
  };
}
