import { chromium, type Browser } from 'playwright-core';

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A headless Chromium that talks to nobody but the page it is given. */
export const openBrowser = (executablePath: string): Promise<Browser> =>
  // Containers and root have no sandbox to offer; the only page is ours.
  chromium.launch({ executablePath, headless: true, args: ['--no-sandbox', ...quiet], handleSIGINT: false });
