import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadShop } from '../../samples/shop/load.mjs';
import { datamorph } from '../support/cli.ts';
import { openAccount, type Account } from '../support/glue/account.ts';
import { databaseSecret } from '../support/glue/databaseSecret.ts';
import { dropDatabase, serverUrl, urlOf } from '../support/postgres.ts';

const name = 'cli_glue';
const spec = 'customer_totals.datamorph.json';
const sample = fileURLToPath(new URL(`../../samples/workspace/${spec}`, import.meta.url));

describe('the command line, on AWS Glue', function () {
  // A run waits for a Spark of its own, and so does the next one that is kept ready.
  this.timeout(300_000);
  let folder: string;
  let account: Account;
  let environment: Readonly<Record<string, string>>;

  before(async () => {
    await loadShop({ url: serverUrl(), password: 'engineer', database: name });
    folder = await mkdtemp(join(tmpdir(), 'datamorph-cli-'));
    await copyFile(sample, join(folder, spec));
    account = await openAccount();
    const { bucket, role } = account.settings();
    environment = {
      DATAMORPH_GLUE_BUCKET: bucket,
      DATAMORPH_GLUE_ROLE: role,
      DATAMORPH_CONNECTION_DEFAULT: await account.secret(databaseSecret(urlOf(name))),
    };
  });
  after(async () => {
    await account.close();
    await rm(folder, { recursive: true });
    await dropDatabase(name);
  });

  it('runs the sample spec there by an option alone, as small as the catalogue says, and every row is right', async () => {
    const { code, out, err } = await datamorph(['run', spec, '--engine', 'glue', '--verbose'], {
      cwd: folder,
      database: urlOf(name),
      environment,
    });
    assert.equal(code, 0, err);
    assert.match(err, /Passed, all \d+ rows equal PostgreSQL's own answer/);
    assert.match(err, /AWS Glue: jr_[0-9a-f]+/);
    assert.match(out, /^analytics\.customer_totals:/);
    const start = account.glue.asked.find(({ action }) => action === 'StartJobRun');
    assert.equal(start?.fields['NumberOfWorkers'], 2);
    const { password } = new URL(urlOf(name));
    assert.ok(password !== '' && !JSON.stringify(account.glue.asked).includes(password));
  });

  it('says what is missing', async () => {
    const options = { cwd: folder, database: urlOf(name) };
    const { code, err } = await datamorph(['run', spec, '--engine', 'glue'], options);
    assert.equal(code, 5);
    assert.match(err, /AWS Glue is not set up: DATAMORPH_GLUE_BUCKET, DATAMORPH_GLUE_ROLE/);
    assert.match(
      (await datamorph(['run', spec, '--engine', 'clue'], options)).err,
      /no engine "clue": it is local or glue/,
    );
  });
});
