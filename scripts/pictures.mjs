// npm run pictures: takes the pictures of the README anew, in the real editor with the sample shop.
import { execute } from './setup/run.mjs';
import { build, root } from './build.mjs';
import { packageExtension } from './package.mjs';

await build();
await packageExtension();
const { code } = await execute(process.execPath, ['--import', 'tsx', 'test/support/editor/pictures.ts'], {
  cwd: root,
  onOutput: (/** @type {string} */ text) => process.stdout.write(text),
});
process.exitCode = code ?? 1;
