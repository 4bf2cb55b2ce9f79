import { fileURLToPath } from 'node:url';
import { localSpark } from '../../src/services/localSpark.ts';
import { engineContract } from './contract.ts';
import { childrenOf } from './processes.ts';

const runtime = fileURLToPath(new URL('../../python/', import.meta.url));

engineContract({
  name: 'local Spark',
  allowed: { runMs: 30_000, cancelMs: 2_500, timeoutMinutes: 0.05, outputMegabytes: 100, endsSessions: true },
  start(connections) {
    const engine = localSpark({
      python: required('DATAMORPH_TEST_PYTHON'),
      jdbcJar: required('DATAMORPH_TEST_JDBC_JAR'),
      runtime,
      connections: () => Promise.resolve(connections),
      environment: process.env,
      limits: { heapBytes: 2 ** 30 },
    });
    return Promise.resolve({
      engine,
      // A run ends with its window, so no other window can have it.
      otherWindow: engine,
      async kill() {
        for (const pid of await childrenOf(process.pid, /\bjava\b.*PythonGatewayServer|\bjava\b.*pyspark-shell/))
          process.kill(pid, 'SIGKILL');
      },
      stop: () => engine.close(),
    });
  },
});

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this suite by \`npm test -- --only engines\`.`);
  return value;
}
