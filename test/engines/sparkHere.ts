import { fileURLToPath } from 'node:url';
import { localSpark, type LocalSpark, type LocalSparkOptions } from '../../src/services/localSpark.ts';

/** Local Spark from the suite's own Python, small enough for two of them to fit on a small machine. */
export function sparkHere({
  connections,
  environment = {},
  ...options
}: Partial<Omit<LocalSparkOptions, 'connections'>> & {
  readonly connections: Readonly<Record<string, string>>;
}): LocalSpark {
  return localSpark({
    python: required('DATAMORPH_TEST_PYTHON'),
    jdbcJar: required('DATAMORPH_TEST_JDBC_JAR'),
    runtime: fileURLToPath(new URL('../../python/', import.meta.url)),
    connections: () => Promise.resolve(connections),
    environment: { ...process.env, ...environment },
    ...options,
    limits: { heapBytes: 2 ** 30, ...options.limits },
  });
}

export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this suite by \`npm test -- --only engines\`.`);
  return value;
}
