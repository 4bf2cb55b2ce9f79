import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { root } from './services.ts';
import { writeFiles } from './workspace.ts';

/** What the extension host loads: it knows neither TypeScript nor this project's folders. */
export interface HostBundle {
  /** An empty extension around the suites: DataMorph itself, installed, is not in development then. */
  readonly testHost: string;
  readonly suite: string;
  readonly activationProbe: string;
}

/** Bundles the suites and their runner, each test file by itself, so that a failure names it. */
export async function bundleSuites(name: string): Promise<HostBundle> {
  const outdir = join(root, 'out', 'host', name);
  rmSync(outdir, { recursive: true, force: true });
  const tests = join(root, 'test', 'editor');
  const files = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
  const host = join(root, 'test', 'support', 'editor', 'host');
  await build({
    entryPoints: {
      suite: join(host, 'suite.ts'),
      activationProbe: join(host, 'activationProbe.ts'),
      ...Object.fromEntries(files.map((file) => [`tests/${basename(file, '.ts')}`, join(tests, file)])),
    },
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // mocha is taken from node_modules by its path: the host must share it with the reporter.
    external: ['vscode'],
    sourcemap: 'inline',
    keepNames: true,
    logLevel: 'warning',
  });
  writeFiles(outdir, { 'package.json': testHost });
  return { testHost: outdir, suite: join(outdir, 'suite.cjs'), activationProbe: join(outdir, 'activationProbe.cjs') };
}

const testHost = {
  name: 'test-host',
  publisher: 'datamorph',
  version: '0.0.0',
  engines: { vscode: '^1.100.0' },
};
