import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import {
  ensureEditor,
  installExtension,
  QUIET_SETTINGS,
  startEditor,
  type EditorServer,
} from '../../../scripts/setup/editor.mjs';
import { Workbench } from '../pages/workbench.ts';
import { openBrowser } from './browser.ts';
import { channelLog, hostLog, hostLogTail, keepLogs } from './failureReport.ts';
import { connectServices, type Services } from './services.ts';
import { createShop } from './shop.ts';
import { makePlace, passwordEnvironment, type Files, type Place } from './workspace.ts';

export interface SessionOptions {
  /** What has to be done in the workspace before the window opens. */
  readonly prepare?: (place: Place, shop: URL) => Promise<void>;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** The workspace's files, for the shop as it is reached in this run. */
  readonly files?: (shop: URL) => Files;
  /** False leaves the workspace in restricted mode. */
  readonly trusted?: boolean;
}

/** One editor with DataMorph installed from its VSIX, one folder and one window, driven through a real browser. */
export interface Session {
  readonly page: Page;
  readonly workbench: Workbench;
  readonly services: Services;
  readonly place: Place;
  /** Keeps a picture of the window as test output. */
  screenshot(name: string): Promise<string>;
  /** What DataMorph's log channel has written. */
  log(): string;
  /** What the extension host has written about all its extensions. */
  hostLog(): string;
}

export interface Running extends Session {
  readonly console: readonly string[];
  readonly server: EditorServer;
  readonly browser: Browser;
}

const startMs = 180_000;
/** As long as a test may take: the one that waits in vain says for what. */
const waitMs = 50_000;

/** Starts the editor for the tests of one `describe`, ends it after them, and explains each failure with what was seen. */
export function useEditor(options: SessionOptions): () => Session {
  let session: Running | undefined;
  const current = (): Running => {
    if (!session) throw new Error('The editor has not been started.');
    return session;
  };
  before(async function () {
    this.timeout(startMs);
    session = await startSession(options);
  });
  afterEach(async function () {
    const { currentTest: test } = this;
    if (test?.state === 'failed' && session) console.log(await explain(session, test.fullTitle()));
  });
  after(async () => {
    if (session) await stopSession(session);
    session = undefined;
  });
  return current;
}

export async function startSession(options: SessionOptions): Promise<Running> {
  const { files = () => ({}), trusted = true, viewport = { width: 1280, height: 900 } } = options;
  const services = await connectServices('ui');
  const { log } = services;
  const editor = await ensureEditor(process.env['DATAMORPH_TEST_EDITOR'] === '1.100' ? '1.100' : 'latest', { log });
  const shop = await createShop(services.postgres, 'shop');
  const place = makePlace(files(shop));
  await options.prepare?.(place, shop);
  const folders = { serverDataDir: place.userDataDir, extensionsDir: place.extensionsDir };
  await installExtension({ editor, ...folders, vsix: services.vsix, log });
  const server = await startEditor({
    editor,
    ...folders,
    log,
    folder: place.workspace,
    settings,
    env: { ...process.env, ...passwordEnvironment(shop) },
    args: trusted ? ['--disable-workspace-trust'] : [],
  });
  const browser = await openBrowser(services.chromium);
  const page = await browser.newPage({ viewport });
  page.setDefaultTimeout(waitMs);
  const console: string[] = [];
  page.on('console', (message) => console.push(`${message.type()}: ${message.text()}`));
  await page.goto(server.url);
  const workbench = await new Workbench(page).ready();
  return {
    page,
    workbench,
    services,
    place,
    console,
    server,
    browser,
    screenshot: async (name) => {
      const path = join(services.output, `${name}.png`);
      await page.screenshot({ path, animations: 'disabled' });
      return path;
    },
    log: () => channelLog(server.logs),
    hostLog: () => hostLog(server.logs),
  };
}

const settings = {
  ...QUIET_SETTINGS,
  'workbench.colorTheme': 'Default Dark Modern',
  // Asked for by a dialog otherwise; a workspace that is not trusted starts restricted and stays so.
  'security.workspace.trust.startupPrompt': 'never',
};

export async function stopSession({ browser, server, place }: Running): Promise<void> {
  await browser.close();
  await server.stop();
  place.remove();
}

async function explain(session: Running, title: string): Promise<string> {
  const name = `failed ${title}`.replaceAll(/[^\w]+/g, '-').slice(0, 100);
  const screenshot = await session.screenshot(name);
  keepLogs(session.server.logs, join(session.services.output, name));
  const noise = session.console.filter((line) => /^(error|warning)/.test(line)).slice(-15);
  return [
    `Screenshot: ${screenshot}`,
    `Page console:\n${noise.join('\n')}`,
    hostLogTail(session.server.logs),
    `DataMorph's log:\n${session.log()}`,
  ].join('\n\n');
}
