import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { defaultSsl, parseConnectionUrl } from '../../../src/services/connectionSettings.ts';
import { addConnection, type AddConnectionPorts } from '../../../src/views/addConnection.ts';
import { editor, resetEditor, Uri, type FakeInput } from '../../support/fakeVscode.ts';

/** Answers by the words of the question: text, a choice, or what is done with the box. */
type Script = Readonly<Record<string, string | ((input: FakeInput) => void)>>;

function play(script: Script): string[] {
  const asked: string[] = [];
  editor.onInput = (input) => {
    const question = input.prompt ?? input.placeholder ?? '';
    asked.push(`${input.step ?? 0}/${input.totalSteps ?? 0} ${question}`);
    const answer = script[question];
    assert.ok(answer !== undefined, `Nobody answers "${question}".`);
    if (typeof answer === 'function') answer(input);
    else if (input.items.length > 0) input.choose(answer);
    else input.type(answer);
  };
  return asked;
}

const address = 'Paste an address (postgres://…), or type the name of the host';
const name = 'Name, by which specs speak of this connection';

describe('adding a connection', () => {
  let saved: unknown[];
  let tried: unknown[];
  let ports: AddConnectionPorts;
  beforeEach(() => {
    resetEditor();
    saved = [];
    tried = [];
    ports = {
      parseUrl: parseConnectionUrl,
      defaultSsl,
      takenNames: ['taken'],
      test: (draft, password) => {
        tried.push([draft.host, password]);
        return Promise.resolve(undefined);
      },
      save: (...all) => {
        saved.push(all);
        return Promise.resolve();
      },
    };
  });

  const shop = {
    name: 'shop',
    host: 'db',
    port: 5433,
    database: 'shop',
    user: 'ann',
    auth: 'password',
    ssl: 'require',
  };

  it('takes a pasted address apart; the password is not part of the settings', async () => {
    const asked = play({
      [address]: 'postgres://ann:s3cret@db:5433/shop',
      'Password of ann': (input) => {
        assert.deepEqual([input.value, input.password], ['s3cret', true]);
        input.type(input.value);
      },
      [name]: 'shop',
    });
    assert.equal(await addConnection(ports), 'shop');
    assert.deepEqual(saved, [[shop, 's3cret', 'user']]);
    assert.deepEqual(tried, [['db', 's3cret']]);
    assert.deepEqual(asked, [`1/8 ${address}`, '2/3 Password of ann', `3/3 ${name}`]);
  });

  it('asks for what an address would say, step by step', async () => {
    editor.folders = [{ uri: Uri.file('/w'), name: 'w', index: 0 }];
    const asked = play({
      [address]: 'db',
      Port: '5433',
      Database: 'shop',
      'User (role)': 'ann',
      'Where does the password come from?': 'environment',
      Encryption: (input) => {
        assert.deepEqual(
          input.activeItems.map((item) => (item as { value: string }).value),
          ['require'],
        );
        input.choose('verify-full');
      },
      [name]: 'shop',
      'Save in': 'workspace',
    });
    await addConnection(ports);
    assert.deepEqual(saved, [[{ ...shop, auth: 'environment', ssl: 'verify-full' }, undefined, 'workspace']]);
    assert.deepEqual(asked.slice(-3), ['6/8 Encryption', `7/8 ${name}`, '8/8 Save in']);
  });

  it('asks for the secret where the password comes from one', async () => {
    play({
      [address]: 'db',
      Port: '5433',
      Database: 'shop',
      'User (role)': 'ann',
      'Where does the password come from?': 'secret',
      'ARN or name of the secret': 'rds/shop',
      Encryption: 'require',
      [name]: 'shop',
    });
    await addConnection(ports);
    assert.deepEqual(saved, [[{ ...shop, auth: 'secret', secret: 'rds/shop' }, undefined, 'user']]);
  });

  it('goes back, and keeps what was answered', async () => {
    let times = 0;
    const asked = play({
      [address]: 'postgres://ann:x@db/shop',
      'Password of ann': (input) => {
        if (times++ === 0) input.back();
        else input.type('other');
      },
      [name]: 'shop',
    });
    await addConnection(ports);
    assert.deepEqual(tried, [['db', 'other']]);
    assert.equal(asked.filter((line) => line.endsWith(address)).length, 2);
  });

  it('says what is wrong with an answer, and asks on', async () => {
    const complaints: (string | undefined)[] = [];
    play({
      [address]: (input) => {
        for (const answer of ['', 'http://x', 'postgres://ann:x@db/shop']) {
          input.type(answer);
          complaints.push(input.validationMessage);
        }
      },
      'Password of ann': 'x',
      [name]: (input) => {
        input.type('taken');
        complaints.push(input.validationMessage);
        input.type('shop');
      },
    });
    await addConnection(ports);
    assert.deepEqual(complaints, [
      'A host or an address is needed.',
      'This is not an address of PostgreSQL.',
      undefined,
      'A connection of this name exists already.',
    ]);
  });

  it('saves nothing that does not work, and leads back to the answers', async () => {
    const failure = { code: 'refused', template: 'Nothing answers at {host}.', values: { host: 'db' } };
    let works = false;
    ports = { ...ports, test: () => Promise.resolve(works ? undefined : failure) };
    play({
      [address]: (input) => {
        input.type(works ? 'postgres://ann:x@db/shop' : 'postgres://ann:x@wrong/shop');
      },
      'Password of ann': 'x',
      [name]: 'shop',
    });
    editor.answer = (_text, [change]) => {
      assert.deepEqual(saved, []);
      works = true;
      return change;
    };
    assert.equal(await addConnection(ports), 'shop');
    assert.deepEqual(editor.messages, [
      { kind: 'error', text: 'Not saved. Nothing answers at db.', actions: ['Change…'] },
    ]);
    assert.equal(saved.length, 1);
  });

  it('saves nothing when it is given up', async () => {
    play({
      [address]: (input) => {
        input.cancel();
      },
    });
    assert.equal(await addConnection(ports), undefined);
    assert.deepEqual([saved, tried], [[], []]);
  });
});
