import assert from 'node:assert/strict';
import {
  createLogger,
  longestText,
  type LogBatch,
  type LogEnd,
  type LogEntry,
  type RunLogStore,
} from '../../../src/agents/logger.ts';

/** A store in memory that can be told to fail, and to lose its answers. */
class Store implements RunLogStore {
  readonly entries: LogEntry[] = [];
  token: string | undefined;
  fails = 0;
  loses = 0;
  most = Number.POSITIVE_INFINITY;

  end(): Promise<LogEnd> {
    const fact = Math.max(0, ...this.entries.map((entry) => entry.fact ?? 0));
    return Promise.resolve({ seq: this.entries.length, fact, ...(this.token !== undefined && { token: this.token }) });
  }

  async append({ entries, end, token }: LogBatch): Promise<{ end: LogEnd; written: number }> {
    if (this.fails-- > 0) throw new Error('no disk');
    if (end.seq !== this.entries.length) return { end: await this.end(), written: 0 };
    const some = entries.slice(0, this.most);
    this.entries.push(...some);
    this.token = token;
    if (this.loses-- > 0) throw new Error('the answer is lost');
    return { end: await this.end(), written: some.length };
  }

  async *read(): AsyncIterable<LogEntry> {
    await Promise.resolve();
    yield* this.entries;
  }
}

const options = (store: RunLogStore) => ({
  runId: 'r1',
  store,
  redact: (text: string) => text.replaceAll('s3cret', '‹redacted›'),
  now: () => new Date('2026-01-01T00:00:00Z'),
});

const seqs = ({ entries }: Store): readonly number[] => entries.map(({ seq }) => seq);
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, place) => place + 1);

describe('the log of a run', () => {
  it('has everything in order, numbered, with its time in UTC, and without a secret', async () => {
    const store = new Store();
    const logger = createLogger(options(store));
    logger.write('entered', { state: { kind: 'executing' }, at: new Date(0), nothing: undefined }, 1);
    logger.write('output', { line: 'password s3cret', list: ['s3cret', 1, Number.NaN, null] });
    assert.equal(await logger.close(), 0);
    const at = '2026-01-01T00:00:00.000Z';
    assert.deepEqual(store.entries, [
      { seq: 1, at, kind: 'entered', fact: 1, data: { state: { kind: 'executing' }, at: '1970-01-01T00:00:00.000Z' } },
      { seq: 2, at, kind: 'output', data: { line: 'password ‹redacted›', list: ['‹redacted›', 1, 'NaN', null] } },
    ]);
  });

  it('never makes the run wait: what cannot be written is written later, and nothing twice', async () => {
    const store = new Store();
    const troubles: unknown[] = [];
    const logger = createLogger({ ...options(store), onTrouble: (error) => troubles.push(error) });
    [store.fails, store.most] = [1, 7];
    for (let n = 1; n <= 50; n++) logger.write('output', { n });
    assert.equal(await logger.close(), 0);
    assert.deepEqual(
      store.entries.map(({ data }) => data['n']),
      upTo(50),
    );
    assert.deepEqual(seqs(store), upTo(50));
    assert.deepEqual(
      troubles.map((each) => each instanceof Error),
      [true, false],
    );
  });

  it('knows a batch again whose answer was lost', async () => {
    const store = new Store();
    const logger = createLogger(options(store));
    store.loses = 1;
    for (let n = 1; n <= 5; n++) logger.write('output', { n });
    assert.equal(await logger.close(), 0);
    assert.deepEqual(
      store.entries.map(({ data }) => data['n']),
      upTo(5),
    );
  });

  it('of two that write at once loses nothing of either', async () => {
    const store = new Store();
    const loggers = [createLogger(options(store)), createLogger(options(store))];
    for (let n = 1; n <= 20; n++) {
      for (const [who, logger] of loggers.entries()) logger.write('output', { who, n });
      await new Promise(setImmediate);
    }
    await Promise.all(loggers.map((logger) => logger.close()));
    assert.deepEqual(seqs(store), upTo(40));
    for (const who of [0, 1]) {
      const own = store.entries.filter(({ data }) => data['who'] === who);
      assert.deepEqual(
        own.map(({ data }) => data['n']),
        upTo(20),
      );
    }
  });

  it('tells each fact once, however often a run that goes on tells it', async () => {
    const store = new Store();
    for (const count of [2, 5]) {
      const logger = createLogger(options(store));
      for (let fact = 1; fact <= count; fact++) logger.write('entered', { fact }, fact);
      await logger.close();
    }
    assert.deepEqual(
      store.entries.map(({ fact }) => fact),
      upTo(5),
    );
  });

  it('holds a bounded number of entries, keeps the facts, and counts what had to go', async () => {
    const store = new Store();
    store.fails = 1;
    const logger = createLogger({ ...options(store), bound: 10 });
    logger.write('entered', {}, 1);
    await new Promise(setImmediate);
    for (let n = 1; n <= 100; n++) logger.write('output', { n });
    await logger.close();
    const [note, ...others] = store.entries;
    assert.deepEqual([note?.kind, others[0]?.fact], ['dropped', 1]);
    const written = others.filter(({ kind }) => kind === 'output');
    assert.equal(Number(note?.data['entries']) + written.length, 100);
    assert.equal(written.at(-1)?.data['n'], 100);
    assert.ok(written.length < 10);
  });

  it('tells a text that is too long for one entry in several', async () => {
    const store = new Store();
    const logger = createLogger(options(store));
    const line = '€😀'.repeat(longestText);
    logger.write('output', { line });
    await logger.close();
    assert.ok(store.entries.length > 1);
    const text = store.entries.map(({ data }) => data['json']).join('');
    assert.deepEqual(JSON.parse(text), { line });
    // Half a surrogate pair cannot be encoded.
    for (const { data } of store.entries) assert.doesNotThrow(() => encodeURIComponent(String(data['json'])));
  });

  it('gives up at its end where the store stays away, and tells how much is not written', async () => {
    const store = new Store();
    store.fails = Number.POSITIVE_INFINITY;
    const logger = createLogger(options(store));
    for (let n = 1; n <= 3; n++) logger.write('output', { n });
    assert.equal(await logger.close(), 3);
  });
});
