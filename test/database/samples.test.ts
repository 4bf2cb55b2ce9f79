import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { loadCatalogue } from '../../src/services/catalogue.ts';
import { openPostgres } from '../../src/services/postgres.ts';
import { checkSpecText } from '../../src/services/specCheck.ts';
import { catalogueOf, type Catalogue } from '../../src/spec/catalogue.ts';
import { draftSpec, formatDraft } from '../../src/views/draftSpec.ts';
import { readPromptNames } from '../../src/views/promptNames.ts';
import { createDatabase, type TestDatabase } from '../support/testDatabase.ts';

const samples = join(import.meta.dirname, '../../samples');
const specs = readdirSync(join(samples, 'workspace')).filter((file) => file.endsWith('.datamorph.json'));

describe('the sample workspace over the sample shop', () => {
  let database: TestDatabase;
  let shop: Catalogue;
  before(async () => {
    database = await createDatabase('samples');
    await database.run(readFileSync(join(samples, 'shop', 'schema.sql'), 'utf8'));
    const session = await openPostgres(database.options);
    const { tables, searchPath } = await loadCatalogue(session);
    shop = catalogueOf(tables, searchPath);
    await session.close();
  });
  after(() => database.drop());

  for (const file of specs) {
    it(`has no problem in ${file}`, async () => {
      assert.deepEqual(await checkSpecText(readFileSync(join(samples, 'workspace', file), 'utf8'), () => shop), []);
    });
  }

  it('has a draft for the sample prompt that lacks its steps only', async () => {
    const prompt = 'Join customers and orders on customer_id, calculate total order amount per customer';
    const { tables } = readPromptNames(prompt, shop);
    const problems = await checkSpecText(formatDraft(draftSpec({ prompt, tables })), () => shop);
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['Nothing reads the source "orders".'],
    );
  });
});
