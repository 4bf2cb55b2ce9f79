import { createServer, type AddressInfo } from 'node:net';
import { isModelFailure, type ModelFailure } from '../../src/agents/model.ts';

/** For the table in the suite's output. */
export interface Row {
  readonly what: string;
  readonly becomes: string;
  readonly words: string;
}

/** Where something listened a moment ago. */
export async function closedEndpoint(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

export const failureOf = async (answer: Promise<unknown>): Promise<ModelFailure> => asFailure(await thrownBy(answer));

export function asFailure(error: unknown): ModelFailure {
  if (!isModelFailure(error)) throw error;
  return error;
}

export async function thrownBy(answer: Promise<unknown>): Promise<unknown> {
  try {
    await answer;
  } catch (error) {
    return error;
  }
  throw new Error('It succeeded.');
}

export function tableOf(name: string, rows: readonly Row[]): string {
  const [first, second] = [Math.max(...rows.map(({ what }) => what.length)), 12];
  const lines = rows.map(({ what, becomes, words }) => `  ${what.padEnd(first)}  ${becomes.padEnd(second)}${words}`);
  return [`  What ${name} may do, and what becomes of it:`, ...lines].join('\n');
}
