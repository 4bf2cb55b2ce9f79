/**
 * A process that runs the pipeline and kills itself at the n-th place where something is written or somebody is asked:
 * `node killedProcess.mjs FOLDER KIND N`.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { begin, type RunKind } from './killedRun.ts';

const [, , folder = '', kind, number] = process.argv;
let passed = 0;
await begin(folder, kind as RunKind, (name) => {
  if (++passed === Number(number)) process.kill(process.pid, 'SIGKILL');
  appendFileSync(join(folder, 'points.txt'), `${name}\n`);
});
