import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  answersOf,
  compareRowsOf,
  skipOf,
  ceilingOf,
  oneOf,
  readArguments,
  targetOf,
  timeoutOf,
  untilOf,
} from '../../../src/cli/arguments.ts';
import { exitCodeOf, exitCodes, UsageError } from '../../../src/cli/exitCodes.ts';
import { progressText } from '../../../src/cli/progress.ts';
import { readSubject } from '../../../src/cli/prompt.ts';
import { answerCommand, answerIn, questionText } from '../../../src/cli/questions.ts';
import { usage } from '../../../src/cli/usage.ts';
import type { RunStop } from '../../../src/agents/runState.ts';

const values = (...args: readonly string[]) => readArguments(['run', ...args]).values;

describe('the arguments of the command line', () => {
  it('are a command, what it is about, and options', () => {
    const read = readArguments(['run', 'totals per customer', '--engine', 'glue', '--json']);
    assert.deepEqual(
      [read.command, read.rest, { ...read.values }],
      ['run', ['totals per customer'], { engine: 'glue', json: true }],
    );
    assert.throws(() => readArguments(['run', '--frobnicate']), UsageError);
  });

  it('name answers, a target and a place to stop', () => {
    assert.deepEqual(answersOf(values('--answer', 'q1=a', '--answer', 'q2=x = y')), [
      { question: 'q1', answer: 'a' },
      { question: 'q2', answer: 'x = y' },
    ]);
    assert.throws(() => answersOf(values('--answer', 'a')), /--answer is written ID=CHOICE, not "a"/);
    assert.deepEqual(targetOf(values('--into', 'analytics.t', '--mode', 'append')), {
      table: 'analytics.t',
      mode: 'append',
    });
    assert.equal(targetOf(values()), undefined);
    assert.equal(untilOf(values('--until', 'code')), 'code');
    assert.throws(() => untilOf(values('--until', 'end')), /--until is plan or code, not "end"/);
    assert.deepEqual([timeoutOf(values('--timeout', '30')), timeoutOf(values())], [1800, undefined]);
    assert.throws(() => timeoutOf(values('--timeout', 'long')), /--timeout is a number of minutes, not "long"/);
    assert.deepEqual(ceilingOf(values('--max-dollars', '0.5', '--max-minutes', '0')), { dollars: 0.5, minutes: 0 });
    assert.throws(() => ceilingOf(values('--max-tokens', 'few')), /--max-tokens is a number, not "few"/);
    assert.deepEqual([skipOf(values('--skip', 'intent, rules,')), skipOf(values())], [['intent', 'rules'], []]);
    assert.throws(() => skipOf(values('--skip', 'all')), /--skip is rules or intent or .*, not "all"/);
    assert.deepEqual([compareRowsOf(values('--compare-rows', '1000')), compareRowsOf(values())], [1000, undefined]);
    for (const wrong of ['0', '1.5', 'many', '']) {
      assert.throws(() => compareRowsOf(values('--compare-rows', wrong)), /--compare-rows is a number of rows/);
    }
    assert.equal(oneOf('publish', undefined, ['now', 'later']), 'now');
  });
});

describe('what a run begins with', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'datamorph-prompt-'));
    await writeFile(join(folder, 'totals.datamorph.json'), '{}');
    await writeFile(join(folder, 'prompt.txt'), 'totals per customer\n');
  });
  after(() => rm(folder, { recursive: true }));

  const subject = (argument?: string, file?: string, input = '') =>
    readSubject({ argument, file, stdin: Readable.from([input]) });

  it('is a prompt from the argument, a file, or standard input', async () => {
    const prompt = { kind: 'prompt', prompt: 'totals per customer' };
    assert.deepEqual(await subject('totals per customer'), prompt);
    assert.deepEqual(await subject(undefined, join(folder, 'prompt.txt')), prompt);
    assert.deepEqual(await subject('-', undefined, 'totals per customer\n'), prompt);
    await assert.rejects(subject(' '), /Say what is wanted/);
    await assert.rejects(subject(), UsageError);
    await assert.rejects(subject('x', 'y'), /not both/);
  });

  it('is a spec where the file is one, or standard input is JSON', async () => {
    const file = join(folder, 'totals.datamorph.json');
    for (const found of [await subject(file), await subject(undefined, file)]) {
      assert.deepEqual(found, { kind: 'spec', specText: '{}', file });
    }
    assert.deepEqual(await subject('-', undefined, ' {}'), { kind: 'spec', specText: ' {}', file: 'standard input' });
  });
});

describe('the exit status', () => {
  it('tells every end of a run from every other kind', () => {
    const comparison = { expectedRows: 1, actualRows: 1, missing: 0, unexpected: 0, examples: [], tolerant: [] };
    const ends: readonly (readonly [RunStop, number])[] = [
      [{ kind: 'finished', verdict: { kind: 'passed', comparison } }, 0],
      [{ kind: 'finished', verdict: { kind: 'notCompared', reason: '' } }, 0],
      [{ kind: 'finished', verdict: { kind: 'failed', comparison } }, 1],
      [{ kind: 'planned', problems: [] }, 0],
      [{ kind: 'coded' }, 0],
      [{ kind: 'refused', problems: [] }, 3],
      [{ kind: 'executionFailed', message: '' }, 4],
      [{ kind: 'broken', during: '', message: '' }, 5],
      [{ kind: 'interrupted', during: '' }, 5],
      [{ kind: 'asking', questions: [] }, 6],
      [{ kind: 'budgetSpent', during: '', message: '' }, 7],
      [{ kind: 'cancelled', during: '' }, 130],
    ];
    assert.deepEqual(
      ends.map(([stop]) => exitCodeOf(stop)),
      ends.map(([, code]) => code),
    );
  });

  it('and every command and option stand in docs/cli.md', async () => {
    const page = await readFile(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
    const documented = [...page.matchAll(/^\| +(\d+) \|/gm)].map(([, code]) => Number(code));
    assert.deepEqual(documented, Object.values(exitCodes));
    for (const [option = ''] of usage.matchAll(/--[a-z]+/g)) assert.ok(page.includes(option), option);
    for (const [, command = ''] of usage.matchAll(/^ {2}([a-z]+) /gm)) {
      assert.ok(command === 'and' || page.includes(`\`${command}`), command);
    }
  });
});

describe('a person at a terminal', () => {
  const question = {
    id: 'q1',
    text: 'Which date?',
    choices: [
      { id: 'o', label: 'ordered_at', detail: 'when it was ordered' },
      { id: 's', label: 'shipped_at' },
    ],
  };

  it('is asked with numbered choices, and answers by number, by name, or where that is allowed in words', () => {
    assert.equal(questionText(question), 'Which date?\n  1. ordered_at (when it was ordered)\n  2. shipped_at\n');
    const answers = ['2', 'shipped_at', 's', '3', 'neither', ''].map((typed) => answerIn(typed, question));
    assert.deepEqual(answers, ['s', 's', 's', undefined, undefined, undefined]);
    assert.equal(answerIn(' neither ', { ...question, free: true }), 'neither');
  });

  it('is told what to type later, whatever the question is called', () => {
    const free = { id: `the "date's" kind`, text: 'Which?', choices: [], free: true };
    assert.equal(
      answerCommand('r1', [question, free]),
      `Answer with: datamorph resume r1 --answer q1=o (or s) --answer 'the "date'\\''s" kind=…' (or words of your own)`,
    );
  });

  it('sees how far the job is', () => {
    assert.equal(
      progressText({ phase: 'running', detail: 'stage 1 of 2', tasks: { done: 3, total: 6 } }, 80),
      '████████████░░░░░░░░░░░░ 3/6  running: stage 1 of 2',
    );
    assert.equal(progressText({ phase: 'waiting' }, 80), 'waiting');
  });
});
