import assert from 'node:assert/strict';
import type { ModelRequest } from '../../../../src/agents/model.ts';
import { ModelTurn, type Piece } from '../../../../src/services/modelTurn.ts';
import { serverEvents } from '../../../../src/services/openAi/serverEvents.ts';

const request: ModelRequest = {
  purpose: 'specs',
  system: [],
  messages: [{ role: 'user', text: 'Hi' }],
  answer: { name: 'write_plan', description: '', schema: {} },
  maxTokens: 100,
};
const end: Piece = { kind: 'end', end: 'complete' };

function turnOf(pieces: readonly Piece[]): ModelTurn {
  const turn = new ModelTurn(request, { signal: new AbortController().signal });
  for (const piece of pieces) turn.take(piece);
  return turn;
}

describe('the turn of a model', () => {
  it('is guessed at where nobody says what it took', () => {
    const { usage } = turnOf([{ kind: 'text', text: '{"a": 1}' }, end]).answer();
    assert.deepEqual(usage, { inputTokens: usage.inputTokens, outputTokens: 3, estimated: true });
  });

  it('takes a call without input for one with an empty object', () => {
    const answer = turnOf([{ kind: 'call', key: '0', id: 'a', name: 'write_plan' }, end]).answer();
    assert.deepEqual(answer.kind === 'object' && answer.value, {});
  });

  it('keeps the pieces of several calls apart', () => {
    const calls: readonly Piece[] = [
      { kind: 'call', key: '1', id: 'a', name: 'write_plan' },
      { kind: 'call', key: '2', id: 'b', name: 'write_plan' },
      { kind: 'input', key: '2', json: '{"n": 2' },
      { kind: 'input', key: '1', json: '{"n": 1}' },
      { kind: 'input', key: '2', json: '}' },
    ];
    const answer = turnOf([...calls, end]).answer();
    assert.deepEqual(answer.kind === 'object' && answer.value, { n: 1 });
  });

  it('that writes the input of no call is malformed', () => {
    assert.throws(() => turnOf([{ kind: 'input', key: '7', json: '{}' }]), { code: 'malformed' });
  });

  it('counts the input of a tool as long as text', () => {
    const call: Piece = { kind: 'call', key: '0', id: 'a', name: 'write_plan' };
    const endless = Array.from({ length: 30 }, (): Piece => ({ kind: 'input', key: '0', json: ' '.repeat(100) }));
    assert.throws(() => turnOf([call, ...endless]), { code: 'tooLong' });
  });
});

describe('server-sent events', () => {
  const text = ': hello\r\n\r\ndata: {"a":"ü"}\n\ndata:{"b":2}\r\n\r\nevent: x\ndata: [DONE]\n\ndata: {"c":3}\n\n';

  it('are read alike, wherever the network cuts them', async () => {
    const bytes = new TextEncoder().encode(text);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const body = (async function* () {
        yield* await Promise.resolve([bytes.slice(0, cut), bytes.slice(cut)]);
      })();
      const events: string[] = [];
      for await (const event of serverEvents(body)) events.push(event);
      assert.deepEqual(events, ['{"a":"ü"}', '{"b":2}'], `cut at ${cut}`);
    }
  });
});
