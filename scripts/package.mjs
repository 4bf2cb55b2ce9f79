// Packs dist/ and the few files that package.json's "files" names into dist/datamorph-<version>.vsix.
//   node scripts/package.mjs
import { existsSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { root } from './build.mjs';

/** Bytes that the package may have. */
export const vsixBudget = 4_000_000;

/**
 * @typedef {{ path: string, bytes: number, files: string[] }} Vsix
 */

/**
 * Packs what has been built; throws when something is missing or the package is too big.
 * @param {{ print?: (line: string) => void }} [options]
 * @returns {Promise<Vsix>}
 */
export async function packageExtension({ print = console.log } = {}) {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const missing = missingFiles(manifest);
  if (missing.length > 0) throw new Error(`package.json names files that do not exist: ${missing.join(', ')}.`);
  const path = join(root, 'dist', `datamorph-${manifest.version}.vsix`);
  await rm(path, { force: true });
  await createVSIX({
    cwd: root,
    packagePath: path,
    dependencies: false,
    skipLicense: false,
    allowMissingRepository: true,
    // There is no public repository to point them at.
    rewriteRelativeLinks: false,
  });
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const { size: bytes } = await stat(path);
  const budget = `${(vsixBudget / 1e6).toFixed(1)} MB`;
  print(`${path}\n${files.length} files, ${(bytes / 1e6).toFixed(2)} MB of ${budget}`);
  if (bytes > vsixBudget) throw new Error(`The package has ${bytes} bytes; at most ${vsixBudget} are allowed.`);
  return { path, bytes, files };
}

/** vsce packs a manifest whose files are missing without a word; the editor then complains on the user's machine. */
/** @param {Record<string, any>} manifest */
function missingFiles({ main, icon, contributes }) {
  const named = [
    main,
    icon,
    ...contributes.languages.flatMap((/** @type {any} */ each) => [
      each.configuration,
      each.icon?.light,
      each.icon?.dark,
    ]),
    ...contributes.grammars.map((/** @type {any} */ each) => each.path),
    ...contributes.jsonValidation.map((/** @type {any} */ each) => each.url),
    ...contributes.viewsContainers.activitybar.map((/** @type {any} */ each) => each.icon),
    ...contributes.walkthroughs.flatMap((/** @type {any} */ each) =>
      each.steps.map((/** @type {any} */ step) => step.media.svg),
    ),
  ];
  return [...new Set(named)].filter((file) => file !== undefined && !existsSync(join(root, file)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  packageExtension().catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
