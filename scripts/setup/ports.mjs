import { createServer } from 'node:net';
import { SetupError } from './failure.mjs';

/**
 * A loopback port that nobody listens on now.
 * @returns {Promise<number>}
 */
export function freePort() {
  return listenOnce(0);
}

/**
 * Refuses a port that somebody listens on, before anything is built up to be served there.
 * @param {number} port
 */
export async function requireFree(port) {
  try {
    await listenOnce(port);
  } catch (cause) {
    throw new SetupError(`Port ${port} cannot be used: it is taken by another program or not ours to take.`, { cause });
  }
}

/** @param {number} wanted @returns {Promise<number>} */
function listenOnce(wanted) {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
