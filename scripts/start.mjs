// npm start: builds DataMorph, runs its sample in the terminal, and shows it in a real VS Code until Ctrl-C.
//   --once     ends after the terminal run
//   --desktop  uses the machine's own VS Code
//   --port N   serves the editor on this port
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeFailure, SetupError } from './setup/failure.mjs';
import { createLog, seconds } from './setup/log.mjs';
import { ensurePackages } from './setup/packages.mjs';
import { requireFree } from './setup/ports.mjs';
import { beforeEnd, endAll } from './setup/processes.mjs';
import { ensurePython } from './setup/python.mjs';
import { requireNode } from './setup/versions.mjs';
import { ensureBundle } from './start/bundle.mjs';
import { prepareWorkspace, startShop } from './start/sample.mjs';
import { alone, announce, stateOf } from './start/state.mjs';
import { runSample } from './start/terminal.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OPTIONS = /** @type {const} */ ({
  once: { type: 'boolean', default: false },
  desktop: { type: 'boolean', default: false },
  port: { type: 'string' },
});
const started = Date.now();

try {
  requireNode();
  const options = readOptions();
  const state = stateOf(ROOT);
  await alone(state, () => main(state, options));
} catch (error) {
  console.error(`\n${describeFailure(error)}`);
  process.exitCode = 1;
} finally {
  await endAll();
}

/**
 * @param {import('./start/state.mjs').State} state
 * @param {ReturnType<typeof readOptions>} options
 */
async function main(state, { once, desktop, port }) {
  if (port !== undefined) await requireFree(port);
  const log = createLog({ file: state.log });
  await ensurePackages({ log, root: ROOT });
  const { vsix, cli } = await ensureBundle({ log, root: ROOT });
  const { connection, env: login } = await startShop({ log, state });
  const { python, jdbcJar, env: spark } = await ensurePython({ log });
  prepareWorkspace({ root: ROOT, state, connection });
  const env = { ...process.env, ...login, ...spark, DATAMORPH_PYTHON: python, DATAMORPH_JDBC_JAR: jdbcJar };
  await runSample({ log, cli, workspace: state.workspace, connection, env });
  if (once) return log.info(`\nReady after ${seconds(Date.now() - started)}.`);
  const { openOnDesktop, serveInBrowser } = await import('./start/serve.mjs');
  beforeEnd(() => log.info('\nStopping …'));
  if (desktop) {
    const closed = await openOnDesktop({ log, state, vsix, env });
    announce(state, 'in a window of VS Code');
    log.info(
      `\nReady after ${seconds(Date.now() - started)}: DataMorph is open in VS Code. Close it or press Ctrl-C to end.`,
    );
    return closed();
  }
  const address = await serveInBrowser({ log, state, vsix, env, port });
  announce(state, address);
  log.info(
    `\nReady after ${seconds(Date.now() - started)}. Open this in a browser (Ctrl-C ends it):\n\n  ${address}\n`,
  );
  await new Promise(() => setInterval(() => {}, 1 << 30));
}

function readOptions() {
  const { values } = parseArgs({ options: OPTIONS });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new SetupError(`--port must be a number from 1 to 65535, and ${values.port} is not.`);
  }
  return { once: values.once, desktop: values.desktop, port };
}
