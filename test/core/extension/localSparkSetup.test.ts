import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { setUpLocalSpark, type LocalSparkPort } from '../../../src/views/localSparkSetup.ts';
import { editor, resetEditor } from '../../support/fakeVscode.ts';

describe('setting up local Spark', () => {
  const done: string[] = [];
  beforeEach(() => {
    resetEditor();
    done.length = 0;
  });

  const local = (kind: 'missing' | 'broken' | 'ready'): LocalSparkPort => ({
    state: () => Promise.resolve({ kind, python: '/venv/python' }),
    setUp: ({ signal, onProgress }) => {
      assert.equal(signal.aborted, false);
      onProgress({ step: 'Looking for Python and Java', number: 1, of: 5 });
      done.push('set up');
      return Promise.resolve({ python: '/venv/python' });
    },
    remove: () => {
      done.push('removed');
      return Promise.resolve();
    },
  });
  const told = (): readonly string[] => editor.messages.map(({ text }) => text);

  for (const kind of ['missing', 'broken'] as const) {
    it(`makes what is ${kind}, and says where it is`, async () => {
      await setUpLocalSpark(local(kind));
      assert.deepEqual([done, told()], [['set up'], ['Local Spark is ready: /venv/python']]);
    });
  }

  it('leaves what is there, unless it is to be removed', async () => {
    await setUpLocalSpark(local('ready'));
    assert.deepEqual([done, told()], [[], ['Local Spark is ready: /venv/python']]);
    editor.answer = (_text, [remove]) => remove;
    await setUpLocalSpark(local('ready'));
    assert.deepEqual(done, ['removed']);
    assert.equal(told().at(-1), 'Local Spark is removed.');
  });

  it('lets a failure through with its own words', async () => {
    const failing = { ...local('missing'), setUp: () => Promise.reject(new Error('The disk is full.')) };
    await assert.rejects(setUpLocalSpark(failing), /The disk is full/);
    assert.deepEqual(told(), []);
  });
});
