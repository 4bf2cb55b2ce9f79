import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describeFailure } from '../../../scripts/setup/failure.mjs';
import { createLog } from '../../../scripts/setup/log.mjs';
import { endAll, endWithUs } from '../../../scripts/setup/processes.mjs';
import { ensurePython } from '../../../scripts/setup/python.mjs';
import { prepareWorkspace } from '../../../scripts/start/sample.mjs';
import { runSample } from '../../../scripts/start/terminal.mjs';
import { root } from './services.ts';
import { startSession, stopSession, type Running } from './session.ts';
import { connectionTo, passwordEnvironment, type Place } from './workspace.ts';

/** Takes the README's picture: the sidebar in the real editor, with the sample shop, its spec and one real run. */
const folder = join(root, 'docs', 'pictures');
const spec = 'customer_totals.datamorph.json';
const prompt = 'Join customers and orders on customer_id, calculate total order amount per customer';
const limitBytes = 200_000;
const log = createLog({ file: join(root, 'out', 'pictures.log') });

endWithUs();
void main()
  .catch((error: unknown) => {
    console.error(describeFailure(error));
    process.exitCode = 1;
  })
  .then(endAll);

async function main(): Promise<void> {
  const session = await startSession({ prepare, viewport: { width: 1280, height: 800 } });
  try {
    await arrange(session);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'sidebar.png');
    await session.page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    const { size } = statSync(path);
    log.info(`${path}: ${Math.ceil(size / 1000)} kB`);
    if (size > limitBytes) throw new Error(`The picture has ${size} bytes; at most ${limitBytes} are allowed.`);
  } finally {
    await stopSession(session);
  }
}

/** The sample workspace, as `npm start` has it, after one run. */
async function prepare({ workspace }: Place, shop: URL): Promise<void> {
  const connection = { ...connectionTo(shop), auth: 'environment' } as Parameters<typeof runSample>[0]['connection'];
  prepareWorkspace({ root, state: { workspace } as Parameters<typeof prepareWorkspace>[0]['state'], connection });
  const { python, jdbcJar, env: spark } = await ensurePython({ log });
  const env = {
    ...process.env,
    ...passwordEnvironment(shop),
    ...spark,
    DATAMORPH_PYTHON: python,
    DATAMORPH_JDBC_JAR: jdbcJar,
  };
  await runSample({ log, cli: join(root, 'dist', 'cli.js'), workspace, connection, env });
}

async function arrange({ page, workbench }: Running): Promise<void> {
  await workbench.activityBar.open('DataMorph');
  const tree = workbench.tree('Schema');
  await tree.row('customers').waitFor();
  await workbench.openFile(spec);
  await workbench.editor(spec).root.waitFor();
  await tree.toggle('customers');
  await tree.row('customer_id').first().waitFor();
  const view = workbench.webview('[data-testid=prompt]');
  await (await view.locator('[data-testid=prompt] textarea')).fill(prompt);
  await (await view.locator('[data-testid=mentions] li')).filter({ hasText: 'customer_id' }).waitFor();
  await page.locator('.pane .monaco-list-row').filter({ hasText: 'Join customers' }).waitFor();
  // Out of the way: under the pointer a row looks chosen.
  await page.mouse.move(900, 700);
}
