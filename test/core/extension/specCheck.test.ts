import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { checkSpecText } from '../../../src/services/specCheck.ts';
import { catalogueOf } from '../../../src/spec/catalogue.ts';
import { draftSpec, formatDraft } from '../../../src/views/draftSpec.ts';
import { orders, shopTables } from '../../support/shop.ts';

const catalogue = catalogueOf(shopTables);
const draft = draftSpec({ prompt: 'orders', tables: [orders] });

describe('the check of an open spec', () => {
  const wrong = formatDraft({
    ...draft,
    sources: draft.sources.map((source) => ({ ...source, table: 'public.ordres' })),
  });
  const codesOf = async (text: string, known = true): Promise<readonly string[]> =>
    (await checkSpecText(text, () => (known ? catalogue : undefined))).map(
      ({ code, message }) => `${code}: ${message}`,
    );

  it('finds nothing wrong with a fresh draft', async () => {
    assert.deepEqual(await codesOf(formatDraft(draft)), []);
  });

  it('knows the names of the database, where that is known', async () => {
    const problems = await codesOf(wrong);
    assert.match(problems[0] ?? '', /ordres.*Did you mean "public\.orders"/, problems.join('\n'));
    assert.deepEqual(await codesOf(wrong, false), []);
  });

  it('asks for the connection that the spec names, and for none where it names several', async () => {
    const asked: (string | undefined)[] = [];
    const ask = (name: string | undefined): undefined => void asked.push(name);
    await checkSpecText(formatDraft(draft), ask);
    await checkSpecText(formatDraft(draftSpec({ prompt: '', tables: [orders], connection: 'shop' })), ask);
    await checkSpecText(formatDraft({ ...draft, target: { ...draft.target, connection: 'other' } }), ask);
    assert.deepEqual(asked, [undefined, 'shop']);
  });
});
