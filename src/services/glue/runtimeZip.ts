import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';

/** What a job imports. */
const packages = ['datamorph', 'datamorph_functions'];

/** The first moment that a zip can tell. */
const always = new Date(1980, 0, 1);

/**
 * The job runtime as one zip; the same files give the same bytes, whenever and wherever it is made. With it go the
 * certificates of whom the job trusts: machines of Glue have none; see python/datamorph/trust.py.
 */
export async function runtimeZip(folder: string, sslRootCert?: string): Promise<Uint8Array> {
  const found = await Promise.all(packages.map((name) => sourcesIn(folder, name)));
  const files: Record<string, Uint8Array> = {};
  for (const path of found.flat()) files[path] = await readFile(join(folder, path));
  const { rdsCertificates } = await import('../rdsCertificates.ts');
  files['datamorph/rds.pem'] = Buffer.from(rdsCertificates.join('\n'));
  if (sslRootCert !== undefined) files['datamorph/root.pem'] = await readFile(sslRootCert);
  const sorted = Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1));
  return zipSync(Object.fromEntries(sorted.map(([path, bytes]) => [path, [bytes, options] as const])));
}

const options = { mtime: always, level: 9, os: 0 } as const;

async function sourcesIn(folder: string, name: string): Promise<readonly string[]> {
  const paths = await readdir(join(folder, name), { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => /\.(py|json)$/.test(path)).map((path) => `${name}/${path.replaceAll('\\', '/')}`);
}
