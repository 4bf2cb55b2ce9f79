import assert from 'node:assert/strict';
import type { Planner } from '../../../src/agents/planner.ts';
import { tokenize, type Token } from '../../../src/agents/offlinePlanner/tokens.ts';
import { allExamples, loadPlanner, planOf, type Example } from './corpus.ts';

/** Behind these stand names that the prompt makes up: any word will do there. */
const beforeNames = new Set(['into', 'as', 'called', 'named', 'to', 'add', 'column', 'table']);

/** The words that must mean something: no quoted text, no number, no name of the prompt's own. */
function meaningful(tokens: readonly Token[]): readonly Token[] {
  return tokens.filter((token, at) => {
    const before = tokens[at - 1]?.value ?? '';
    const behind = tokens[at + 1]?.value ?? '';
    if (token.kind !== 'word') return false;
    if (beforeNames.has(before)) return false;
    // `with full_name as …` makes a column of that name.
    return !(before === 'with' && behind === 'as');
  });
}

const nonsense = 'zorblax';

describe('a word that means nothing', function () {
  this.timeout(120_000);
  let planner: Planner;
  before(async () => {
    planner = await loadPlanner();
  });

  it('never yields a spec, wherever it stands in a prompt of the corpus', async () => {
    const wrong: string[] = [];
    const random = randomNumbers(20_250_301);
    let tried = 0;
    for (const example of allExamples) {
      if ((await planOf(planner, example)).kind !== 'spec') continue;
      for (const token of some(meaningful(tokenize(example.prompt)), random)) {
        const prompt = replaced(example, token);
        const plan = await planOf(planner, { ...example, prompt });
        tried += 1;
        const named =
          plan.kind === 'refused' &&
          plan.words?.some(({ text, offset }) => text.includes(nonsense) && offset <= token.offset);
        if (!named) wrong.push(`${prompt}: ${plan.kind} ${JSON.stringify(plan.kind === 'refused' ? plan.words : '')}`);
      }
    }
    assert.ok(tried > 600, `only ${tried} mutations were tried`);
    assert.deepEqual(wrong, []);
  });

  it('is named where it is added to a prompt', async () => {
    const wrong: string[] = [];
    for (const example of allExamples) {
      if ((await planOf(planner, example)).kind !== 'spec') continue;
      for (const prompt of [`${nonsense} ${example.prompt}`, `${example.prompt} ${nonsense}`]) {
        const plan = await planOf(planner, { ...example, prompt });
        if (plan.kind !== 'refused' || !plan.words?.some(({ text }) => text === nonsense))
          wrong.push(`${prompt}: ${plan.kind}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
});

/** Two of them, or all. */
function some(tokens: readonly Token[], random: () => number): readonly Token[] {
  const wanted = process.env['DATAMORPH_EVERY_WORD'] === '1' ? tokens.length : 2;
  return [...tokens]
    .map((token) => ({ token, at: random() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, wanted)
    .map(({ token }) => token);
}

/** The same on every run: mulberry32. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const replaced = ({ prompt }: Example, { offset, text }: Token): string =>
  `${prompt.slice(0, offset)}${nonsense}${prompt.slice(offset + text.length)}`;
