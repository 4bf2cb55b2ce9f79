import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { ensureEditor, startEditor, type EditorServer } from '../../../scripts/setup/editor.mjs';
import { createLog } from '../../../scripts/setup/log.mjs';
import { openBrowser } from './browser.ts';
import { hostLogTail, keepLogs, tail } from './failureReport.ts';
import { ours } from './printed.ts';

/** How long the editor may be silent about a result that is already written. */
const graceMs = 5_000;

interface Orders {
  readonly folder?: string;
  readonly userDataDir: string;
  readonly extensionsDir: string;
  readonly developmentPath: string;
  readonly testsPath: string;
  readonly trusted: boolean;
}

/** Runs extension tests as the desktop's executable would: the same arguments, the same environment, the same exit code. */
async function runInServer(args: readonly string[]): Promise<number> {
  const orders = readOrders(args);
  const output = required('DATAMORPH_TEST_OUTPUT');
  const log = createLog({ file: join(output, 'server-setup.log') });
  const editor = await ensureEditor(required('DATAMORPH_TEST_EDITOR') === '1.100' ? '1.100' : 'latest', { log });
  const server = await startEditor({
    editor,
    log,
    serverDataDir: orders.userDataDir,
    extensionsDir: orders.extensionsDir,
    settings: readSettings(orders.userDataDir),
    args: ['--enable-smoke-test-driver', ...(orders.trusted ? ['--disable-workspace-trust'] : [])],
  });
  const browser = await openBrowser(required('DATAMORPH_TEST_CHROMIUM'));
  try {
    for (let windows = Number(required('DATAMORPH_TEST_WINDOWS')); windows > 0; windows--) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const code = await runWindow(page, server, orders);
      if (code !== 0) {
        await explain(page, server, output);
        return code;
      }
      await page.close();
    }
    return 0;
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function runWindow(page: Page, server: EditorServer, orders: Orders): Promise<number> {
  // Before the page loads: a window that finds no exit function never ends.
  const noise = join(required('DATAMORPH_TEST_OUTPUT'), 'window.log');
  await page.exposeFunction('codeAutomationLog', (_severity: string, args: unknown[]) => {
    const line = format(...args);
    if (line.startsWith(ours)) process.stdout.write(`${line.slice(ours.length)}\n`);
    else appendFileSync(noise, `${line}\n`);
  });
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  await page.exposeFunction('codeAutomationExit', (code: number) => {
    end(code);
  });
  const remote = `vscode-remote://${server.host}:${server.port}`;
  const payload = {
    skipWelcome: 'true',
    extensionDevelopmentPath: `${remote}${orders.developmentPath}`,
    extensionTestsPath: `${remote}${orders.testsPath}`,
  };
  const watch = watchResults(required('DATAMORPH_TEST_RESULTS'), end);
  await page.goto(server.address({ ...(orders.folder ? { folder: orders.folder } : {}), payload }));
  const code = await ended;
  watch.stop();
  return code;
}

/** The result file is the second road: should the window never report its end, the file's word counts. */
function watchResults(file: string, end: (code: number) => void): { stop(): void } {
  let grace: NodeJS.Timeout | undefined;
  const poll = setInterval(() => {
    if (grace || !existsSync(file)) return;
    const { failed } = JSON.parse(readFileSync(file, 'utf8')) as { failed: number };
    grace = setTimeout(end, graceMs, failed > 0 ? 1 : 0);
  }, 500);
  return {
    stop: () => {
      clearInterval(poll);
      clearTimeout(grace);
    },
  };
}

async function explain(page: Page, server: EditorServer, output: string): Promise<void> {
  const screenshot = join(output, 'failure.png');
  await page.screenshot({ path: screenshot });
  keepLogs(server.logs, output);
  const parts = [`Screenshot: ${screenshot}`, tail(join(output, 'window.log'), 20), hostLogTail(server.logs)];
  process.stdout.write(`\n${parts.join('\n\n')}\n`);
}

function readOrders(args: readonly string[]): Orders {
  const { values, positionals } = parseArgs({ args: [...args], strict: false, allowPositionals: true });
  const text = (name: string): string => {
    const value = values[name];
    if (typeof value !== 'string') throw new Error(`--${name} is missing in: ${args.join(' ')}`);
    return value;
  };
  return {
    ...(positionals[0] ? { folder: positionals[0] } : {}),
    userDataDir: text('user-data-dir'),
    extensionsDir: text('extensions-dir'),
    developmentPath: text('extensionDevelopmentPath'),
    testsPath: text('extensionTestsPath'),
    trusted: values['disable-workspace-trust'] === true,
  };
}

function readSettings(userDataDir: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(userDataDir, 'User', 'settings.json'), 'utf8')) as Record<string, unknown>;
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

void runInServer(process.argv.slice(2))
  .catch((error: unknown) => {
    console.error(error);
    return 1;
  })
  .then((code) => {
    process.exitCode = code;
  });
