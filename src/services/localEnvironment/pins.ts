import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Installed first: build requirements are not checked by hash. */
export const buildRequirements = 'requirements-build.txt';
export const engineRequirements = 'requirements-engine.txt';
export const javaRequirements = 'requirements-java.txt';

export const sparkVersion = '3.5.4';

/** PostgreSQL's JDBC driver, the same as in scripts/setup/python.mjs. */
export const driver = {
  coordinates: 'org.postgresql:postgresql:42.7.4',
  file: 'postgresql-42.7.4.jar',
  sha256: '188976721ead8e8627eb6d8389d500dccc0c9bebd885268a3047180274a6031e',
} as const;

/** AWS Glue 5.0 has 3.11; the later ones run the same scripts. */
export const pythonVersions = ['3.11', '3.12', '3.13'] as const;

/** Names the folder of an environment by what is in it, so that new pins make a new one. */
export async function environmentKey(runtime: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(driver));
  for (const file of [buildRequirements, engineRequirements, javaRequirements]) {
    hash.update(await readFile(join(runtime, file)));
  }
  return `spark-${sparkVersion}-${hash.digest('hex').slice(0, 12)}`;
}
