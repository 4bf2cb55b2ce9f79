import { environmentHere } from './engines.ts';
import { exitCodes } from './exitCodes.ts';
import type { Terminal } from './terminal.ts';

export async function setup({ values, environment, signal, log, out }: Terminal): Promise<number> {
  const local = environmentHere(environment);
  if (values.remove) {
    await local.remove();
    out.text('Local Spark is removed.');
    return exitCodes.done;
  }
  const { python } = await local.setUp({
    signal,
    onProgress: ({ step, number, of }) => {
      log.info(`${number}/${of} ${step} …`);
      out.event({ event: 'progress', detail: step, number, of });
    },
  });
  out.text(`Local Spark is ready: ${python}`);
  out.event({ event: 'ready', python });
  return exitCodes.done;
}
