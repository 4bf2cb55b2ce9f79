import type { Artifact } from '../agents/ports.ts';

/** `runs/<run>/<name>`: the same below the workspace's `.datamorph/` and below the bucket's prefix. */
export function artifactPath({ runId, name }: Pick<Artifact, 'runId' | 'name'>): string {
  for (const part of [runId, ...name.split('/')]) {
    if (!/^[\w][\w.-]*$/.test(part)) throw new Error(`"${part}" cannot be part of the name of an artifact.`);
  }
  return `runs/${runId}/${name}`;
}

const types: Readonly<Record<string, string>> = {
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  py: 'text/x-python; charset=utf-8',
  sql: 'application/sql',
  md: 'text/markdown; charset=utf-8',
  diff: 'text/x-diff; charset=utf-8',
  html: 'text/html; charset=utf-8',
  xml: 'application/xml',
};

export const contentTypeOf = (name: string): string =>
  types[/\.(\w+)$/.exec(name)?.[1] ?? ''] ?? 'text/plain; charset=utf-8';
