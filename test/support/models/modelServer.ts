/**
 * A loopback server that plays a scripted model over the real wire of its provider, so that the product's own adapter and its
 * SDK are what is tested.
 *
 *   const server = await startModelServer('bedrock', { kind: 'answer', value: spec }, { kind: 'text', text: 'Done.' });
 *   server.script((request) => ({ kind: 'text', text: `You said ${request.messages.at(-1)?.text}` }));   // more replies
 *   server.otherwise({ kind: 'refuse', reason: 'throttled' });                                         // when they are over
 *   …  env: { ...process.env, ...server.environment }  …       // for a process; `model` is what to ask for, as --model takes it
 *   server.requests[0].system, .messages, .tools, .headers, .body;   await server.requests[0].left;
 *   assert.deepEqual(server.unplayed, []);
 *   await server.stop();
 *
 * What a reply can be, also of the bad kinds (throttled, cut, stalled, invalid JSON, wrong tool, endless, refused), stands in
 * script.ts. Bedrock is Converse and ConverseStream over HTTP/2 without TLS; OpenAI is chat completions as server-sent events.
 */
import { startBedrockWire } from './bedrockWire.ts';
import { startOpenAiWire } from './openAiWire.ts';
import { Script, type SeenRequest, type Turn } from './script.ts';

export interface ModelServer {
  readonly url: string;
  /** As `--model` takes it. */
  readonly model: string;
  /** What a process needs to find the server instead of the provider. */
  readonly environment: Readonly<Record<string, string>>;
  readonly requests: readonly SeenRequest[];
  /** Replies never asked for: a test that scripted too much is wrong. */
  readonly unplayed: readonly Turn[];
  script(...turns: readonly Turn[]): void;
  otherwise(turn: Turn): void;
  stop(): Promise<void>;
}

export async function startModelServer(wire: 'bedrock' | 'openai', ...turns: readonly Turn[]): Promise<ModelServer> {
  const script = new Script(turns);
  const { url, stop } = await (wire === 'bedrock' ? startBedrockWire(script) : startOpenAiWire(script));
  return {
    url,
    stop,
    model: wire === 'bedrock' ? 'bedrock' : `openai:${url}#scripted`,
    environment: wire === 'bedrock' ? bedrockEnvironment(url) : {},
    requests: script.requests,
    get unplayed() {
      return script.unplayed;
    },
    script: (...more) => {
      script.add(...more);
    },
    otherwise: (turn) => {
      script.otherwise(turn);
    },
  };
}

const bedrockEnvironment = (url: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
});
