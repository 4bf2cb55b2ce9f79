import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Artifacts } from '../agents/ports.ts';
import { artifactPath } from './artifactKeys.ts';
import { writeDurably } from './durableFile.ts';
import { isMissing } from './isMissing.ts';

/** What runs made, as files under `.datamorph/` of the workspace; docs/artifacts.md has the layout. */
export function workspaceArtifacts(workspace: string): Artifacts {
  const fileOf = (place: Parameters<typeof artifactPath>[0]): string =>
    join(workspace, '.datamorph', ...artifactPath(place).split('/'));
  return {
    async put(artifact) {
      const path = fileOf(artifact);
      if ((await textOf(path)) === artifact.text) return;
      await mkdir(dirname(path), { recursive: true });
      await writeDurably(path, artifact.text);
    },
    get: (place) => textOf(fileOf(place)),
  };
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
