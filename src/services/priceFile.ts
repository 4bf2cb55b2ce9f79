import { readFile } from 'node:fs/promises';
import type { PriceOverrides } from '../agents/prices.ts';
import { isObject } from '../spec/isObject.ts';

/** Prices that count instead of the table's: `{ "models": { ID: { "input": 3, "output": 15 } }, "glueDpuHour": 0.44 }`. */
export async function readPrices(file: string): Promise<PriceOverrides> {
  const text = await readFile(file, 'utf8');
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (!isObject(found)) throw new Error(`${file} is no object with "models" and "glueDpuHour".`);
  const { models = {}, glueDpuHour, ...rest } = found;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw new Error(`${file}: "${unknown}" is no price; there are "models" and "glueDpuHour".`);
  if (!isObject(models)) throw new Error(`${file}: "models" is an object with a model's id for each price.`);
  for (const [id, price] of Object.entries(models)) checkModel(`${file}: models.${id}`, price);
  if (glueDpuHour !== undefined) checkPrice(`${file}: glueDpuHour`, glueDpuHour);
  return found;
}

const parts = ['input', 'output', 'cacheRead', 'cacheWrite'];

function checkModel(place: string, price: unknown): void {
  if (!isObject(price))
    throw new Error(`${place} is an object with "input" and "output", in dollars a million tokens.`);
  for (const part of ['input', 'output']) if (!(part in price)) throw new Error(`${place} lacks "${part}".`);
  for (const [part, value] of Object.entries(price)) {
    if (!parts.includes(part)) throw new Error(`${place}: "${part}" is none of ${parts.join(', ')}.`);
    checkPrice(`${place}.${part}`, value);
  }
}

function checkPrice(place: string, value: unknown): void {
  if (typeof value !== 'number' || !(value >= 0)) throw new Error(`${place} is a number of dollars.`);
}
