// What `npm test` runs, as data: the steps, then the suites in order.

/**
 * @typedef {'python' | 'postgres' | 'moto' | 'chromium' | 'editor'} Service started or prepared for a suite by services.mjs
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {string} title
 * @property {readonly (readonly string[])[]} commands each is run by Node, or by the venv's Python when it begins with `python`
 *
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} title
 * @property {'mocha' | 'editor'} kind `editor`: inside a real VS Code's extension host
 * @property {string} files the tests, as a glob
 * @property {readonly Service[]} needs
 * @property {readonly string[]} after steps that must have passed
 * @property {number} minutes after which the suite is ended and counts as failed
 * @property {'1.100' | 'latest'} [version] of the editor
 * @property {boolean} [quick] may be watched, and runs alone
 * @property {string} [turn] suites that share one never run at the same time: they share a service, or are heavy in the same way
 */

/** @type {readonly Step[]} */
export const STEPS = [
  {
    name: 'lint',
    title: 'Lint',
    commands: [
      ['node_modules/eslint/bin/eslint.js', '.'],
      ['node_modules/prettier/bin/prettier.cjs', '--check', '.'],
      ['python', '-m', 'ruff', 'check', 'python', 'test'],
    ],
  },
  {
    name: 'types',
    title: 'Types',
    commands: ['.', 'webview', 'scripts'].map((project) => [
      'node_modules/typescript/bin/tsc',
      '--noEmit',
      '-p',
      project,
    ]),
  },
  { name: 'build', title: 'Build', commands: [['scripts/build.mjs']] },
  { name: 'package', title: 'Package', commands: [['scripts/package.mjs']] },
];

/** @type {readonly Suite[]} */
export const SUITES = [
  {
    name: 'core',
    title: 'Core in plain Node',
    kind: 'mocha',
    files: 'test/core/**/*.test.ts',
    needs: [],
    after: [],
    minutes: 5,
    quick: true,
  },
  {
    name: 'compiler',
    title: 'Spec language and compilers',
    kind: 'mocha',
    files: 'test/compiler/**/*.test.ts',
    needs: [],
    after: [],
    minutes: 5,
    quick: true,
  },
  {
    name: 'models',
    title: 'Every model against one contract',
    kind: 'mocha',
    files: 'test/models/**/*.test.ts',
    needs: [],
    after: [],
    minutes: 5,
    quick: true,
  },
  {
    name: 'spark',
    title: 'Real Spark against real PostgreSQL',
    kind: 'mocha',
    files: 'test/spark/**/*.test.ts',
    needs: ['python', 'postgres'],
    after: [],
    minutes: 30,
  },
  {
    name: 'database',
    title: 'Against a real PostgreSQL',
    kind: 'mocha',
    files: 'test/database/**/*.test.ts',
    needs: ['python', 'postgres'],
    after: [],
    minutes: 10,
  },
  {
    name: 'aws',
    title: 'Against AWS stand-ins',
    kind: 'mocha',
    files: 'test/aws/**/*.test.ts',
    needs: ['python', 'moto'],
    after: [],
    minutes: 10,
    turn: 'aws',
  },
  {
    name: 'engines',
    title: 'Every engine against one contract',
    kind: 'mocha',
    files: 'test/engines/**/*.test.ts',
    needs: ['python', 'postgres', 'moto'],
    after: [],
    minutes: 20,
    turn: 'aws',
  },
  {
    name: 'pipeline',
    title: 'From a sentence to a table, on both engines',
    kind: 'mocha',
    files: 'test/pipeline/**/*.test.ts',
    needs: ['python', 'postgres', 'moto'],
    after: [],
    minutes: 10,
    turn: 'aws',
  },
  {
    name: 'cli',
    title: 'The command line on both engines',
    kind: 'mocha',
    files: 'test/cli/**/*.test.ts',
    needs: ['python', 'postgres', 'moto'],
    after: ['build'],
    minutes: 10,
    turn: 'aws',
  },
  editorSuite('1.100'),
  editorSuite('latest'),
  {
    name: 'ui',
    title: 'The editor in a real browser',
    kind: 'mocha',
    files: 'test/ui/**/*.test.ts',
    needs: ['python', 'postgres', 'chromium', 'editor'],
    after: ['build', 'package'],
    minutes: 20,
    turn: 'editor',
  },
];

/** @param {'1.100' | 'latest'} version @returns {Suite} */
function editorSuite(version) {
  return {
    name: `editor-${version}`,
    title: `Inside VS Code ${version}`,
    kind: 'editor',
    files: 'test/editor/**/*.test.ts',
    needs: ['python', 'postgres', 'chromium', 'editor'],
    after: ['build', 'package'],
    minutes: 15,
    turn: 'editor',
    version,
  };
}
