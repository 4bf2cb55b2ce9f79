import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type LogEntry } from '../../../src/agents/logger.ts';
import { fileLog, type FileLog } from '../../../src/services/fileLog.ts';

describe('the log of a run as a file', () => {
  let folder: string;
  let store: FileLog;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'datamorph-log-'));
    store = open();
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  const open = (): FileLog => fileLog((runId) => join(folder, runId, 'log.jsonl'));
  const never = new AbortController().signal;
  const write = async (...numbers: readonly number[]): Promise<void> => {
    const logger = createLogger({ runId: 'r1', store, redact: (text) => text, now: () => new Date() });
    for (const n of numbers) logger.write('output', { n });
    assert.equal(await logger.close(), 0);
  };
  const read = async (from = 1): Promise<readonly LogEntry[]> => {
    const entries: LogEntry[] = [];
    for await (const entry of store.read('r1', from, never)) entries.push(entry);
    return entries;
  };

  it('goes on behind what the last process wrote, and cuts off the line that a crash tore', async () => {
    await write(1, 2);
    await store.close();
    await appendFile(join(folder, 'r1', 'log.jsonl'), '{"seq":3,"at":"2026');
    store = open();
    assert.deepEqual(
      (await read()).map(({ seq }) => seq),
      [1, 2],
    );
    await write(3);
    assert.deepEqual(
      (await read()).map(({ seq, data }) => [seq, data['n']]),
      [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    );
    assert.deepEqual(
      (await read(3)).map(({ seq }) => seq),
      [3],
    );
  });

  it('is empty where nothing was logged', async () => {
    assert.deepEqual(await read(), []);
  });

  it('takes a thousand events a second, each safely stored', async function () {
    this.timeout(20_000);
    const logger = createLogger({ runId: 'r1', store, redact: (text) => text, now: () => new Date() });
    const count = 5000;
    const begun = performance.now();
    for (let n = 1; n <= count; n++) {
      logger.write('output', { line: `stage ${n} of the job has written its rows to the staging table` });
      if (n % 50 === 0) await new Promise(setImmediate);
    }
    assert.equal(await logger.close(), 0);
    const seconds = (performance.now() - begun) / 1000;
    assert.ok(count / seconds > 1000, `${Math.round(count / seconds)} a second`);
    const lines = (await readFile(join(folder, 'r1', 'log.jsonl'), 'utf8')).trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as LogEntry).seq),
      Array.from({ length: count }, (_, place) => place + 1),
    );
  });
});
