import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type MochaRunner from 'mocha';
import { print } from './print.ts';

/** Runs mocha inside the extension host. The reporter also writes the result file, the second road out of here. */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const root = process.env['DATAMORPH_TEST_ROOT'];
  if (!root) throw new Error('DATAMORPH_TEST_ROOT is not set');
  const load = createRequire(join(root, 'package.json'));
  const Mocha = load('mocha/lib/mocha.cjs') as typeof MochaRunner;
  Mocha.reporters.Base.consoleLog = print;
  const grep = process.env['DATAMORPH_TEST_GREP'];
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 20_000,
    forbidOnly: true,
    failZero: true,
    reporter: load('./test/support/reporter.cjs') as MochaRunner.ReporterConstructor,
    ...(grep ? { grep } : {}),
  });
  const tests = join(__dirname, 'tests');
  for (const file of readdirSync(tests).sort()) mocha.addFile(join(tests, file));
  const failures = await new Promise<number>((resolve) => {
    mocha.run(resolve);
  });
  if (failures > 0) throw new Error(`${failures} failed`);
}
