import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { createPrices } from '../../../src/agents/prices.ts';
import { readPrices } from '../../../src/services/priceFile.ts';

describe('a file of prices', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'datamorph-prices-'));
  });
  after(() => rm(folder, { recursive: true }));

  const written = async (text: string): Promise<string> => {
    const file = join(folder, 'prices.json');
    await writeFile(file, text);
    return file;
  };

  it('goes before the table, and the date says so', async () => {
    const file = await written('{ "models": { "my-model": { "input": 1, "output": 2 } }, "glueDpuHour": 0.5 }');
    const prices = createPrices(await readPrices(file));
    assert.deepEqual(prices.of('openai', 'my-model'), { input: 1, output: 2, cacheRead: 1, cacheWrite: 1 });
    assert.equal(prices.glueDpuHour, 0.5);
    assert.match(prices.date, /partly from the settings/);
  });

  for (const [text, message] of [
    ['{', /is not JSON/],
    ['[]', /is no object with "models"/],
    ['{ "model": {} }', /"model" is no price/],
    ['{ "models": { "m": { "input": 1 } } }', /models\.m lacks "output"/],
    ['{ "models": { "m": { "input": 1, "output": "2" } } }', /models\.m\.output is a number of dollars/],
    ['{ "models": { "m": { "input": 1, "output": 2, "cache": 3 } } }', /"cache" is none of input/],
    ['{ "glueDpuHour": -1 }', /glueDpuHour is a number of dollars/],
  ] as const) {
    it(`says what is wrong with ${text}`, async () => {
      await assert.rejects(readPrices(await written(text)), message);
    });
  }
});
