import { engineContract } from './contract.ts';
import { childrenOf } from './processes.ts';
import { sparkHere } from './sparkHere.ts';

engineContract({
  name: 'local Spark',
  allowed: { runMs: 30_000, cancelMs: 2_500, timeoutMinutes: 0.05, outputMegabytes: 100, endsSessions: true },
  start(connections) {
    const engine = sparkHere({ connections });
    return Promise.resolve({
      engine,
      // A run ends with its window, so no other window can have it.
      otherWindow: engine,
      async kill() {
        for (const pid of await childrenOf(process.pid, /\bjava\b.*\bpyspark-shell\b/)) process.kill(pid, 'SIGKILL');
      },
      stop: () => engine.close(),
    });
  },
});
