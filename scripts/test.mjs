// npm test: lint, types, build, package, then every suite; ends with the line `N passed, N failed`.
// Nothing needs to be installed beforehand but Node and Python 3.11.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeFailure, SetupError } from './setup/failure.mjs';
import { createLog } from './setup/log.mjs';
import { ensurePackages } from './setup/packages.mjs';
import { endAll } from './setup/processes.mjs';
import { requireNode } from './setup/versions.mjs';
import { createServices } from './services.mjs';
import { runStep, runSuite, toScreen } from './runSuite.mjs';
import { STEPS, SUITES } from './suites.mjs';
import { report, totals } from './totals.mjs';
import { createScreen, inTurns } from './turns.mjs';
import { watch } from './watch.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OPTIONS = /** @type {const} */ ({
  only: { type: 'string' },
  grep: { type: 'string' },
  watch: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
});

/** @typedef {import('./totals.mjs').Result} Result */

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`\n${describeFailure(error)}`);
  process.exitCode = 1;
} finally {
  await endAll();
}

async function main() {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.list) return list();
  requireNode();
  process.chdir(ROOT);
  const folder = join(ROOT, 'out', 'test');
  mkdirSync(folder, { recursive: true });
  const log = createLog({ file: join(folder, 'setup.log') });
  const { steps, suites } = choose(values.only);
  await ensurePackages({ log, root: ROOT });
  if (values.watch)
    return watch({ root: ROOT, folder, log, suites: suites.filter((suite) => suite.quick), grep: values.grep });
  const results = await runAll({ log, folder, steps, suites, grep: values.grep });
  console.log(report(results));
  return totals(results).failed === 0 ? 0 : 1;
}

function list() {
  for (const { name, title } of [...STEPS, ...SUITES]) console.log(`${name.padEnd(14)} ${title}`);
  return 0;
}

/**
 * What was asked for: everything, or the named ones with the steps that they stand on.
 * @param {string | undefined} only
 */
function choose(only) {
  if (only === undefined) return { steps: STEPS, suites: SUITES };
  const names = only.split(',');
  const known = [...STEPS, ...SUITES].map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new SetupError(`There is no suite ${unknown}; there are ${known.join(', ')}.`);
  const suites = SUITES.filter(({ name }) => names.includes(name));
  const needed = new Set([...names, ...suites.flatMap(({ after }) => after)]);
  return { steps: STEPS.filter(({ name }) => needed.has(name)), suites };
}

/**
 * @param {{ log: import('./setup/log.mjs').Log, folder: string, steps: typeof STEPS, suites: typeof SUITES, grep: string | undefined }} options
 * @returns {Promise<Result[]>}
 */
async function runAll({ log, folder, steps, suites, grep }) {
  const services = createServices(log);
  /** @type {Result[]} */
  const results = [];
  for (const step of steps) results.push(await runStep(step, { log, python: services.python }));
  const screen = createScreen(toScreen);
  /** @param {typeof SUITES[number]} suite */
  const run = async (suite) => {
    const broken = suite.after.filter((name) => results.some((result) => result.name === name && result.failed > 0));
    const { write, end } = screen.speaker();
    const result = await runSuite(suite, { services, folder: join(folder, suite.name), grep, broken, write });
    end();
    return result;
  };
  // The quick ones measure times of a few milliseconds, and have the machine to themselves.
  results.push(...(await inTurns(suites.filter(isQuick), { atOnce: 1, run })));
  results.push(
    ...(await inTurns(
      suites.filter((suite) => !isQuick(suite)),
      { atOnce: 2, run },
    )),
  );
  return results;
}

/** @param {typeof SUITES[number]} suite */
function isQuick({ quick = false }) {
  return quick;
}
