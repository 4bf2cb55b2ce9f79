import { deepEqual, ok } from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';

const root = join(__dirname, '..', '..');
const budget = 4_000_000;

/** What may stand in the package; everything else is a mistake, most of all sources, tests and source maps. */
const allowed = [
  /^package\.json$/,
  /^package\.nls(\.[\w-]+)?\.json$/,
  /^(README|CHANGELOG)\.md$/i,
  /^LICENSE(\.\w+)?$/,
  /^dist\/[\w.-]+\.(js|wasm)$/,
  /^dist\/webview\/[\w.-]+\.(js|css)$/,
  /^dist\/python\/[\w/-]+\.py$/,
  /^dist\/python\/datamorph\/publication\.json$/,
  /^dist\/python\/datamorph\/rds\.pem$/,
  /^dist\/python\/requirements-(build|engine|java)\.txt$/,
  /^dist\/schemas\/[\w.-]+\.json$/,
  /^docs\/problems\.md$/,
  /^l10n\/[\w.-]+\.json$/,
  /^media\/[\w./-]+\.(svg|png|json)$/,
];

describe('the package', () => {
  it('holds nothing but what is on the list', async () => {
    const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
    const names = files.map((file) => file.replaceAll('\\', '/'));
    deepEqual(
      names.filter((name) => !allowed.some((pattern) => pattern.test(name))),
      [],
    );
  });

  it(`has at most ${budget / 1e6} MB where it has been built`, function () {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    const vsix = statSync(join(root, 'dist', `datamorph-${version}.vsix`), { throwIfNoEntry: false });
    if (!vsix) this.skip();
    ok(vsix.size <= budget, `${vsix.size} bytes`);
  });

  it('carries no source map, not even a hint of one', async () => {
    const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
    const hints = files.filter(
      (file) => file.endsWith('.js') && readFileSync(join(root, file), 'utf8').includes('sourceMappingURL='),
    );
    deepEqual(hints, []);
  });
});
