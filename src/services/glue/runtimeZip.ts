import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync, type Zippable } from 'fflate';

/** What a job imports. */
const packages = ['datamorph', 'datamorph_functions'];

/** The first moment that a zip can tell. */
const always = new Date(1980, 0, 1);

/** The job runtime as one zip; the same files give the same bytes, whenever and wherever it is made. */
export async function runtimeZip(folder: string): Promise<Uint8Array> {
  const found = await Promise.all(packages.map((name) => sourcesIn(folder, name)));
  const files: Record<string, Zippable[string]> = {};
  for (const path of found.flat().sort()) {
    files[path] = [await readFile(join(folder, path)), { mtime: always, level: 9, os: 0 }];
  }
  return zipSync(files);
}

async function sourcesIn(folder: string, name: string): Promise<readonly string[]> {
  const paths = await readdir(join(folder, name), { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => path.endsWith('.py')).map((path) => `${name}/${path.replaceAll('\\', '/')}`);
}
