import assert from 'node:assert/strict';
import {
  AccessDeniedException,
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  ThrottlingException,
  type ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { TEST_AWS } from '../support/aws.ts';
import { startBedrock, THROTTLE, type Bedrock } from '../support/bedrock.ts';

const MODEL = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
const ASK = { modelId: MODEL, messages: [{ role: 'user' as const, content: [{ text: 'Join them' }] }] };

describe('the Bedrock stand-in, asked by the real client', () => {
  let bedrock: Bedrock;
  let client: BedrockRuntimeClient;

  beforeEach(async () => {
    bedrock = await startBedrock();
    client = new BedrockRuntimeClient({ ...TEST_AWS, endpoint: bedrock.url, maxAttempts: 2 });
  });
  afterEach(async () => {
    client.destroy();
    await bedrock.stop();
  });

  it('answers a text whole, and keeps what was asked', async () => {
    bedrock.script({ kind: 'text', text: 'Très bien' });
    const { output, stopReason, usage } = await client.send(new ConverseCommand(ASK));
    assert.deepEqual(
      { output, stopReason, usage },
      {
        output: { message: { role: 'assistant', content: [{ text: 'Très bien' }] } },
        stopReason: 'end_turn',
        usage: { inputTokens: 100, outputTokens: 20, totalTokens: 120 },
      },
    );
    assert.deepEqual(bedrock.requests, [{ operation: 'converse', modelId: MODEL, body: { messages: ASK.messages } }]);
  });

  it('asks for a tool, whole', async () => {
    bedrock.script({ kind: 'tool', name: 'write_spec', input: { steps: [] }, text: 'One moment.' });
    const { output, stopReason } = await client.send(new ConverseCommand(ASK));
    assert.deepEqual(
      { content: output?.message?.content, stopReason },
      {
        content: [
          { text: 'One moment.' },
          { toolUse: { toolUseId: 'tool-write_spec', name: 'write_spec', input: { steps: [] } } },
        ],
        stopReason: 'tool_use',
      },
    );
  });

  it('streams a text in pieces', async () => {
    bedrock.script({ kind: 'text', text: 'Zürich' });
    assert.deepEqual(await heard(), ['messageStart', 'text Zür', 'text ich', 'messageStop end_turn', 'metadata']);
  });

  it('streams a tool request, its input in pieces of JSON', async () => {
    bedrock.script({ kind: 'tool', name: 'write_spec', input: { a: 1 } });
    assert.deepEqual(await heard(), [
      'messageStart',
      'tool write_spec',
      'input {"a"',
      'input :1}',
      'contentBlockStop',
      'messageStop tool_use',
      'metadata',
    ]);
  });

  it('throttles once, and the client tries again', async () => {
    bedrock.script(THROTTLE, { kind: 'text', text: 'now' });
    const { output } = await client.send(new ConverseCommand(ASK));
    assert.deepEqual(output?.message?.content, [{ text: 'now' }]);
    assert.equal(bedrock.requests.length, 2);
  });

  it('throttles for good, and the client says so', async () => {
    bedrock.script(THROTTLE, THROTTLE);
    await assert.rejects(client.send(new ConverseCommand(ASK)), ThrottlingException);
    assert.deepEqual(bedrock.unplayed, []);
  });

  it('refuses access, and the client does not try again', async () => {
    bedrock.script({ kind: 'refuse', status: 403, type: 'AccessDeniedException', message: 'No access to the model' });
    await assert.rejects(client.send(new ConverseStreamCommand(ASK)), AccessDeniedException);
    assert.equal(bedrock.requests.length, 1);
  });

  it('reports an error in the middle of a stream after the text before it', async () => {
    bedrock.script({
      kind: 'errorEvent',
      after: 'half',
      type: 'modelStreamErrorException',
      message: 'The model broke',
    });
    const events: string[] = [];
    await assert.rejects(listen(events), { name: 'ModelStreamErrorException', message: /The model broke/ });
    assert.deepEqual(events, ['messageStart', 'text ha', 'text lf']);
  });

  it('ends a stream early without a word: only the missing messageStop tells', async () => {
    bedrock.script({ kind: 'cut', after: 'half' });
    assert.deepEqual(await heard(), ['messageStart', 'text ha', 'text lf']);
  });

  it('resets a stream in the middle: over HTTP/2 the client ends it as if in order', async () => {
    bedrock.script({ kind: 'break', after: 'half' });
    assert.deepEqual(await heard(), ['messageStart', 'text half']);
  });

  it('takes its time, and can be left alone meanwhile', async () => {
    bedrock.script({ kind: 'slow', text: 'at last', until: new Promise(() => undefined) });
    const leaving = new AbortController();
    const events: string[] = [];
    await listen(
      events,
      () => {
        leaving.abort();
      },
      leaving.signal,
    );
    assert.deepEqual(events, ['messageStart', 'text at l']);
  });

  it('goes on when it is told to', async () => {
    let goOn = (): void => undefined;
    const until = new Promise<void>((resolve) => (goOn = resolve));
    bedrock.script({ kind: 'slow', text: 'at last', until });
    const events: string[] = [];
    await listen(events, goOn);
    assert.deepEqual(events, ['messageStart', 'text at l', 'text ast', 'messageStop end_turn', 'metadata']);
  });

  it('refuses what the script does not foresee', async () => {
    await assert.rejects(client.send(new ConverseCommand(ASK)), /The script has no answer left/);
  });

  async function heard(): Promise<string[]> {
    const events: string[] = [];
    await listen(events);
    return events;
  }

  async function listen(events: string[], afterText?: () => void, abortSignal?: AbortSignal): Promise<void> {
    const { stream } = await client.send(new ConverseStreamCommand(ASK), { ...(abortSignal && { abortSignal }) });
    for await (const event of stream ?? []) {
      events.push(told(event));
      if (event.contentBlockDelta) afterText?.();
    }
  }
});

function told(event: ConverseStreamOutput): string {
  if (event.contentBlockDelta?.delta?.text !== undefined) return `text ${event.contentBlockDelta.delta.text}`;
  if (event.contentBlockDelta?.delta?.toolUse) return `input ${event.contentBlockDelta.delta.toolUse.input ?? ''}`;
  if (event.contentBlockStart) return `tool ${event.contentBlockStart.start?.toolUse?.name ?? ''}`;
  if (event.messageStop) return `messageStop ${event.messageStop.stopReason ?? ''}`;
  return Object.keys(event).join();
}
