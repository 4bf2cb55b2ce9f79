import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createLog, describe as describeValue, type LogLevel, type LogSink } from '../../../src/services/log.ts';
import { createRedactor } from '../../../src/services/redact.ts';

function recording(): { readonly lines: string[]; readonly sink: LogSink } {
  const lines: string[] = [];
  const writer = (level: LogLevel) => (line: string) => void lines.push(`${level}: ${line}`);
  return {
    lines,
    sink: {
      trace: writer('trace'),
      debug: writer('debug'),
      info: writer('info'),
      warn: writer('warn'),
      error: writer('error'),
    },
  };
}

/** Stack frames differ from run to run. */
const withoutFrames = (text: string): string => text.replace(/\n\s+at .*/g, '');

describe('the log', () => {
  it('hands each level to the sink of that level', () => {
    const { lines, sink } = recording();
    const log = createLog(sink, createRedactor());
    log.trace('a');
    log.debug('b');
    log.info('c', { d: 1 });
    log.warn('e', 'f');
    log.error('g', 7);
    assert.deepEqual(lines, ['trace: a', 'debug: b', 'info: c {"d":1}', 'warn: e f', 'error: g 7']);
  });

  it('redacts the message, the details, and the causes of an error', () => {
    const { lines, sink } = recording();
    const redactor = createRedactor();
    redactor.learn('hunter22');
    const cause = new Error('postgres://ann:p4ss@db failed');
    const error = new Error('tried hunter22', { cause });
    createLog(sink, redactor).error('PGPASSWORD=abc', { password: 'x' }, error);
    assert.deepEqual(lines.map(withoutFrames), [
      'error: PGPASSWORD=‹redacted› {"password":"‹redacted›"} Error: tried ‹redacted›\n' +
        'Caused by: Error: postgres://ann:‹redacted›@db failed',
    ]);
  });
});

describe('a described value', () => {
  it('is an error with code, stack and causes', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const both = new AggregateError([refused, 'text'], 'no road');
    const text = describeValue(new TypeError('outer', { cause: both }));
    assert.equal(
      withoutFrames(text),
      'TypeError: outer\nCaused by: AggregateError: no road\nTogether with: Error [ECONNREFUSED]: connect ECONNREFUSED\nTogether with: text',
    );
    assert.match(text, /\n\s+at .*log\.test/);
  });

  it('ends where causes go in a circle', () => {
    const error = new Error('self');
    error.cause = error;
    assert.equal(withoutFrames(describeValue(error)).split('\n').length, 9);
  });

  for (const [value, expected] of [
    [undefined, 'undefined'],
    [null, 'null'],
    [12n, '"12"'],
    [new Map([['a', new Set([1])]]), '{"a":[1]}'],
    ['text', 'text'],
  ] as const) {
    it(`is ${expected}`, () => {
      assert.equal(describeValue(value), expected);
    });
  }

  it('is told of, where it cannot be written', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    assert.equal(describeValue(circle), '[cannot be written: [object Object]]');
  });
});
