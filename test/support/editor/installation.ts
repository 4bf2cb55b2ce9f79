import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadAndUnzipVSCode, runVSCodeCommand } from '@vscode/test-electron';
import { cacheRoot } from '../../../scripts/setup/cache.mjs';
import { ensureEditor, hasServerBuild, installExtension } from '../../../scripts/setup/editor.mjs';
import { EDITORS } from '../../../scripts/setup/editor/pins.mjs';
import type { Log } from '../../../scripts/setup/log.mjs';

export type EditorVersion = keyof typeof EDITORS;

/** A VS Code that the suites can be run in. */
export interface Installation {
  readonly kind: 'desktop' | 'server';
  readonly executable: string;
  /** Which one it is, and why. */
  readonly words: string;
  install(vsix: string, folders: { readonly userDataDir: string; readonly extensionsDir: string }): Promise<void>;
}

const downloads = 'https://update.code.visualstudio.com/api/releases/stable';
const probeMs = 3_000;
const rememberedMs = 60 * 60_000;

/**
 * The real desktop build where it can be shown and downloaded, otherwise the packaged server build.
 * DATAMORPH_DESKTOP=1 insists on the desktop, DATAMORPH_DESKTOP=0 on the server.
 */
export async function chooseInstallation(version: EditorVersion, log: Log): Promise<Installation> {
  const wish = process.env['DATAMORPH_DESKTOP'];
  if (wish === '1') return desktop(version, 'DATAMORPH_DESKTOP=1');
  if (wish === '0') return server(version, 'DATAMORPH_DESKTOP=0', log);
  if (!hasServerBuild()) return desktop(version, `npm has no server build for ${process.platform}-${process.arch}`);
  if (!hasDisplay()) return server(version, 'no display for the desktop build', log);
  if (!(await canDownload())) return server(version, 'the desktop build cannot be downloaded', log);
  return desktop(version, 'it can be downloaded');
}

async function desktop(version: EditorVersion, why: string): Promise<Installation> {
  const wanted = version === 'latest' ? 'stable' : EDITORS[version].vscode;
  const build = { version: wanted, cachePath: join(cacheRoot(), 'vscode-desktop') };
  const executable = await downloadAndUnzipVSCode(build);
  return {
    kind: 'desktop',
    executable,
    words: `VS Code ${wanted}: desktop build (${why})`,
    install: async (vsix, { userDataDir, extensionsDir }) => {
      const args = [
        `--install-extension=${vsix}`,
        `--user-data-dir=${userDataDir}`,
        `--extensions-dir=${extensionsDir}`,
      ];
      await runVSCodeCommand(args, build);
    },
  };
}

async function server(version: EditorVersion, why: string, log: Log): Promise<Installation> {
  const editor = await ensureEditor(version, { log });
  return {
    kind: 'server',
    executable: fileURLToPath(new URL('serverCode.mjs', import.meta.url)),
    words: `VS Code ${editor.vscode}: packaged server build in Chromium (${why})`,
    install: (vsix, { userDataDir, extensionsDir }) =>
      installExtension({ editor, vsix, serverDataDir: userDataDir, extensionsDir, log }),
  };
}

const hasDisplay = (): boolean =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);

/** Asked once an hour at most, so that a machine without the network does not wait in every suite. */
async function canDownload(): Promise<boolean> {
  const memory = join(cacheRoot(), 'desktop-reachable.json');
  if (existsSync(memory) && Date.now() - statSync(memory).mtimeMs < rememberedMs) {
    return (JSON.parse(readFileSync(memory, 'utf8')) as { reachable: boolean }).reachable;
  }
  const reachable = await fetch(downloads, { method: 'HEAD', signal: AbortSignal.timeout(probeMs) }).then(
    ({ ok }) => ok,
    () => false,
  );
  mkdirSync(dirname(memory), { recursive: true });
  writeFileSync(memory, JSON.stringify({ reachable }));
  return reachable;
}
