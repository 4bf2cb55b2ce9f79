import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { QUIET_SETTINGS } from '../../../scripts/setup/editor.mjs';
import { EDITORS } from '../../../scripts/setup/editor/pins.mjs';
import { describeFailure } from '../../../scripts/setup/failure.mjs';
import { endAll, endWithUs } from '../../../scripts/setup/processes.mjs';
import { execute } from '../../../scripts/setup/run.mjs';
import { bundleSuites, type HostBundle } from './bundle.ts';
import { chooseInstallation, type EditorVersion, type Installation } from './installation.ts';
import { connectServices, root, type Services } from './services.ts';
import { createShop } from './shop.ts';
import { connectionTo, makePlace, passwordEnvironment, settingsFor, writeFiles, type Place } from './workspace.ts';

/** Runs the editor suites: `run.ts --version 1.100|latest [--source] [--grep TEXT]`. By default the installed VSIX is tested. */
const limitMs = 5 * 60_000;
/** Windows of their own, by what is open in them: an extension is activated once in a window's life. */
const activationWindows = { empty: 1, folder: 5 } as const;

interface Options {
  readonly version: EditorVersion;
  readonly source: boolean;
  readonly grep?: string;
}

interface Context extends Options {
  readonly services: Services;
  readonly installation: Installation;
  readonly place: Place;
  readonly environment: Readonly<Record<string, string>> & { readonly DATAMORPH_TEST_RESULTS: string };
}

endWithUs();
void main(readOptions())
  .catch((error: unknown) => {
    console.error(describeFailure(error));
    return 1;
  })
  .then(async (code) => {
    process.exitCode = code;
    await endAll();
  });

async function main(options: Options): Promise<number> {
  const services = await connectServices(`editor-${options.version}`);
  const installation = await chooseInstallation(options.version, services.log);
  const subject = options.source ? 'from the source tree' : 'from its VSIX';
  console.log(`${installation.words}, DataMorph ${subject}`);
  const shop = await createShop(services.postgres, `shop_editor_${process.pid}`);
  const place = makePlace(settingsFor(connectionTo(shop)));
  writeFiles(place.userDataDir, { 'User/settings.json': QUIET_SETTINGS });
  if (!options.source) await installation.install(services.vsix, place);
  const environment = {
    ...passwordEnvironment(shop),
    DATAMORPH_TEST_ROOT: root,
    DATAMORPH_TEST_EDITOR: options.version,
    DATAMORPH_TEST_CHROMIUM: services.chromium,
    DATAMORPH_TEST_OUTPUT: services.output,
    DATAMORPH_TEST_RESULTS: process.env['DATAMORPH_TEST_RESULTS'] ?? join(services.output, 'results.json'),
    DATAMORPH_TEST_ACTIVATIONS: join(place.home, 'activations'),
    DATAMORPH_TEST_SHOP: shop.href,
    ...(options.grep ? { DATAMORPH_TEST_GREP: options.grep } : {}),
  };
  const code = await runAll({ ...options, services, installation, place, environment });
  if (code === 0) place.remove();
  else console.log(`Left as it was: ${place.home}`);
  return code;
}

async function runAll(context: Context): Promise<number> {
  const bundle = await bundleSuites(context.version);
  const { DATAMORPH_TEST_RESULTS: results } = context.environment;
  await readActivations(context, bundle);
  for (const attempt of [1, 2]) {
    const code = await runOnce(context, bundle, { testsPath: bundle.suite, folder: context.place.workspace });
    if (existsSync(results)) return judge(code, results);
    console.log(`The editor ended (${code ?? 'killed'}) without a result${attempt === 1 ? ': one more try.' : '.'}`);
  }
  return 1;
}

async function readActivations(context: Context, bundle: HostBundle): Promise<void> {
  const { installation, place } = context;
  for (const [opened, windows] of Object.entries(activationWindows)) {
    // The server build opens several windows in one run; the desktop starts anew for each.
    const together = installation.kind === 'server' ? windows : 1;
    for (let done = 0; done < windows; done += together) {
      await runOnce(context, bundle, {
        testsPath: bundle.activationProbe,
        windows: together,
        ...(opened === 'folder' ? { folder: place.workspace } : {}),
      });
    }
  }
}

/** Success needs both roads to agree. */
function judge(code: number | null, results: string): number {
  const { failed } = JSON.parse(readFileSync(results, 'utf8')) as { failed: number };
  return failed > 0 ? 1 : (code ?? 1);
}

interface Run {
  readonly testsPath: string;
  readonly folder?: string;
  readonly windows?: number;
}

async function runOnce(context: Context, bundle: HostBundle, run: Run): Promise<number | null> {
  const { testsPath, folder, windows = 1 } = run;
  const { installation, place, source } = context;
  const orders = {
    vscodeExecutablePath: installation.executable,
    extensionDevelopmentPath: source ? root : bundle.testHost,
    extensionTestsPath: testsPath,
    launchArgs: [
      ...(folder === undefined ? [] : [folder]),
      `--user-data-dir=${place.userDataDir}`,
      `--extensions-dir=${place.extensionsDir}`,
    ],
    extensionTestsEnv: { ...context.environment, DATAMORPH_TEST_WINDOWS: String(windows) },
  };
  // What an earlier run left must not speak for this one.
  rmSync(context.environment.DATAMORPH_TEST_RESULTS, { force: true });
  const launch = fileURLToPath(new URL('launch.ts', import.meta.url));
  const { code, timedOut } = await execute(process.execPath, ['--import', 'tsx', launch, JSON.stringify(orders)], {
    cwd: root,
    timeoutMs: limitMs,
    onOutput: (text: string) => process.stdout.write(text),
  });
  if (timedOut) console.log(`Ended after ${limitMs / 60_000} minutes.`);
  return code;
}

function readOptions(): Options {
  const options = { version: { type: 'string' }, source: { type: 'boolean' }, grep: { type: 'string' } } as const;
  const { version, source = false, grep } = parseArgs({ options }).values;
  const known = Object.keys(EDITORS).find((name): name is EditorVersion => name === version);
  if (!known) throw new Error(`--version must be one of ${Object.keys(EDITORS).join(', ')}`);
  return { version: known, source, ...(grep ? { grep } : {}) };
}
