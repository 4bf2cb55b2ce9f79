import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from '../../../scripts/setup/chromium.mjs';
import { createLog, type Log } from '../../../scripts/setup/log.mjs';
import { startPostgres } from '../../../scripts/setup/postgres.mjs';

/** What the editor suites stand on: handed over by `npm test`, found or started here when a suite is run by itself. */
export interface Services {
  readonly log: Log;
  readonly chromium: string;
  /** Superuser on a throw-away server. */
  readonly postgres: URL;
  /** Screenshots and logs that are kept. */
  readonly output: string;
  readonly vsix: string;
}

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What of package.json the harness and the suites rely on. */
export interface Manifest {
  readonly version: string;
}

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

export async function connectServices(suite: string): Promise<Services> {
  const output = process.env['DATAMORPH_TEST_OUTPUT'] ?? join(root, 'out', 'test', suite);
  mkdirSync(output, { recursive: true });
  const log = createLog({ file: join(output, 'setup.log') });
  return {
    log,
    output,
    chromium: process.env['DATAMORPH_TEST_CHROMIUM'] ?? (await ensureChromium({ log })),
    postgres: new URL(process.env['DATAMORPH_TEST_PG'] ?? (await startPostgres({ log })).url),
    vsix: process.env['DATAMORPH_TEST_VSIX'] ?? join(root, 'dist', `datamorph-${manifest.version}.vsix`),
  };
}
