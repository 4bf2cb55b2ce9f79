// What suites need from outside, started on the first demand and shared by all suites of one run.
import { ensureChromium } from './setup/chromium.mjs';
import { startMoto } from './setup/moto.mjs';
import { startPostgres } from './setup/postgres.mjs';
import { ensurePython } from './setup/python.mjs';

/** @typedef {Record<string, string>} Variables what a suite sees of a service */

/** @param {import('./setup/log.mjs').Log} log */
export function createServices(log) {
  const python = once(() => ensurePython({ log, archive: true }));
  /** @type {Map<string, ReturnType<typeof startPostgres>>} */
  const servers = new Map();
  /** @param {string} turn */
  const serverFor = (turn) => {
    const server = servers.get(turn) ?? log.step('Starting PostgreSQL', () => startPostgres({ log }));
    servers.set(turn, server);
    return server;
  };
  /** @satisfies {Record<import('./suites.mjs').Service, (suite: import('./suites.mjs').Suite) => Promise<Variables>>} */
  const start = {
    async python() {
      const { python: executable, jdbcJar, env } = await python();
      return { ...env, DATAMORPH_TEST_PYTHON: executable, DATAMORPH_TEST_JDBC_JAR: jdbcJar };
    },
    // Roles and their passwords are a server's: suites that run side by side have one each.
    postgres: async ({ turn = '' }) => ({ DATAMORPH_TEST_PG: (await serverFor(turn)).url }),
    moto: once(async () => {
      const executable = (await python()).python;
      const { url } = await log.step('Starting the AWS stand-in', () => startMoto({ log, python: executable }));
      return { DATAMORPH_TEST_MOTO: url };
    }),
    chromium: once(async () => ({ DATAMORPH_TEST_CHROMIUM: await ensureChromium({ log }) })),
    async editor(suite) {
      const { ensureEditor, hasServerBuild } = await import('./setup/editor.mjs');
      // Elsewhere the suites take the desktop build, and fetch it themselves.
      if (!hasServerBuild()) return {};
      for (const version of suite.version ? [suite.version] : /** @type {const} */ (['1.100', 'latest'])) {
        await ensureEditor(version, { log });
      }
      return {};
    },
  };
  return {
    /** The venv's Python, for steps that are Python tools. */
    python: async () => (await python()).python,
    /** @param {import('./suites.mjs').Suite} suite @returns {Promise<Variables>} */
    async variablesFor(suite) {
      /** @type {Variables} */
      const variables = {};
      for (const need of suite.needs) Object.assign(variables, await start[need](suite));
      return variables;
    },
  };
}

/** @template T @param {() => Promise<T>} work @returns {() => Promise<T>} */
function once(work) {
  /** @type {Promise<T> | undefined} */
  let result;
  return () => (result ??= work());
}
