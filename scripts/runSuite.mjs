// Runs one step or one suite as a child and says how it ended.
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describeFailure } from './setup/failure.mjs';
import { execute } from './setup/run.mjs';
import { broken, judge, line } from './totals.mjs';

const REPORTER = join('test', 'support', 'reporter.cjs');

/** @param {string} text */
export const toScreen = (text) => void process.stdout.write(text);

/** @typedef {import('./setup/log.mjs').Log} Log */
/** @typedef {import('./totals.mjs').Result} Result */

/**
 * @param {import('./suites.mjs').Step} step
 * @param {{ log: Log, python: () => Promise<string> }} context
 * @returns {Promise<Result>}
 */
export async function runStep({ name, title, commands }, { log, python }) {
  const started = Date.now();
  log.info(`\n── ${title}`);
  /** @type {string[]} */
  const failures = [];
  for (const [first, ...rest] of commands) {
    const words = [first, ...rest].join(' ');
    try {
      const [program, args] = first === 'python' ? [await python(), rest] : [process.execPath, [first, ...rest]];
      const { code, error } = await execute(program, args, {
        env: colours(process.env),
        onOutput: (text) => process.stdout.write(text),
      });
      if (code !== 0) failures.push(`${words}: ${error ?? `exit code ${code}`}`);
    } catch (error) {
      failures.push(`${words}: ${describeFailure(error)}`);
    }
  }
  for (const failure of failures) log.info(`✗ ${failure}`);
  const failed = failures.length > 0 ? 1 : 0;
  return { name, ms: Date.now() - started, passed: 1 - failed, failed, skipped: 0, failures };
}

/**
 * @param {import('./suites.mjs').Suite} suite
 * @param {{ services: ReturnType<typeof import('./services.mjs').createServices>, folder: string, grep?: string,
 *           broken: readonly string[], write?: (text: string) => void }} context `broken` names the steps that it needs and
 *           that failed; `write` shows what the suite says
 * @returns {Promise<Result>}
 */
export async function runSuite(suite, { services, folder, grep, broken: brokenSteps, write = toScreen }) {
  const started = Date.now();
  write(`\n── ${suite.title} (${suite.name})\n`);
  const end = async () => {
    if (brokenSteps.length > 0) return broken(`not run: ${brokenSteps.join(' and ')} failed`);
    try {
      const variables = await services.variablesFor(suite);
      return await runMocha(suite, { variables, folder, grep, write });
    } catch (error) {
      return broken(describeFailure(error));
    }
  };
  const result = { name: suite.name, ...(await end()), ms: Date.now() - started };
  write(`${suite.name}: ${line(result)}${result.note ? ` (${result.note})` : ''}\n`);
  return result;
}

/**
 * @param {import('./suites.mjs').Suite} suite
 * @param {{ variables: Record<string, string>, folder: string, grep?: string, write: (text: string) => void }} context
 */
async function runMocha(suite, { variables, folder, grep, write }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'results.json');
  const env = { ...colours(process.env), ...variables, DATAMORPH_TEST_RESULTS: file, DATAMORPH_TEST_OUTPUT: folder };
  const output = createWriteStream(join(folder, 'output.log'));
  const { code, timedOut, error } = await execute(process.execPath, commandOf(suite, grep), {
    env,
    timeoutMs: suite.minutes * 60_000,
    onOutput(text) {
      write(text);
      output.write(text);
    },
  });
  output.end();
  if (error) return broken(error);
  return judge({ code, timedOut, text: existsSync(file) ? readFileSync(file, 'utf8') : undefined });
}

/** @param {import('./suites.mjs').Suite} suite @param {string | undefined} grep */
function commandOf(suite, grep) {
  const filter = grep === undefined ? [] : ['--grep', grep];
  switch (suite.kind) {
    case 'mocha':
      return ['node_modules/mocha/bin/mocha.js', '--reporter', REPORTER, ...filter, suite.files];
    case 'editor':
      return ['--import', 'tsx', 'test/support/editor/run.ts', '--version', suite.version ?? 'latest', ...filter];
  }
}

/**
 * Colours for a terminal only: a child writes into our pipe and cannot see what we write to.
 * @param {NodeJS.ProcessEnv} env
 */
function colours({ FORCE_COLOR: _force, NO_COLOR: _no, ...env }) {
  return process.stdout.isTTY ? { ...env, FORCE_COLOR: '1' } : { ...env, NO_COLOR: '1' };
}
