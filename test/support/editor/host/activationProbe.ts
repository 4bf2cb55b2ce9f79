import { appendFileSync } from 'node:fs';
import { readActivation } from './activation.ts';

/** One window for one reading: an extension is activated once in a host's life. */
export async function run(): Promise<void> {
  const file = process.env['DATAMORPH_TEST_ACTIVATIONS'];
  if (!file) throw new Error('DATAMORPH_TEST_ACTIVATIONS is not set');
  appendFileSync(file, `${JSON.stringify(await readActivation())}\n`);
}
