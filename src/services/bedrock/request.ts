import type {
  ContentBlock,
  ConverseStreamCommandInput,
  Message as BedrockMessage,
  SystemContentBlock,
  Tool,
  ToolConfiguration,
  ToolInputSchema,
} from '@aws-sdk/client-bedrock-runtime';
import type { Message, ModelRequest, ToolShape } from '../../agents/model.ts';
import { thinkingTokensOf, type Dialect, type Feature } from './families.ts';
import { canBeStrict } from './strictSchema.ts';

/** The request in Bedrock's words: tools, then the system's parts, then the messages, as its cache reads them. */
export function converseInput(modelId: string, request: ModelRequest, dialect: Dialect): ConverseStreamCommandInput {
  const used = usedFeatures(request, dialect);
  const system = systemOf(request, used);
  const toolConfig = toolsOf(request, used);
  return {
    modelId,
    ...(system.length > 0 ? { system } : {}),
    messages: messagesOf(request.messages),
    inferenceConfig: {
      maxTokens: request.maxTokens + thinkingTokensOf(modelId),
      ...(used.has('temperature') ? { temperature: request.temperature } : {}),
    },
    ...(toolConfig ? { toolConfig } : {}),
  };
}

/** What of the dialect this request makes use of. */
export function usedFeatures(request: ModelRequest, dialect: Dialect): ReadonlySet<Feature> {
  const shapes = shapesOf(request);
  const wanted: Readonly<Record<Feature, boolean>> = {
    temperature: request.temperature !== undefined,
    forcedTool: request.answer !== undefined,
    strict: shapes.length > 0 && canBeStrict(shapes.map(({ schema }) => schema)),
    cache: request.system.some(({ cache }) => cache === true),
    streamedTools: shapes.length > 0,
  };
  return new Set((Object.keys(wanted) as Feature[]).filter((feature) => wanted[feature] && dialect[feature]));
}

const shapesOf = ({ tools = [], answer }: ModelRequest): readonly ToolShape[] => (answer ? [...tools, answer] : tools);

function systemOf({ system, answer }: ModelRequest, used: ReadonlySet<Feature>): SystemContentBlock[] {
  const blocks = system.flatMap(({ text, cache }): SystemContentBlock[] =>
    cache && used.has('cache') ? [{ text }, { cachePoint: { type: 'default' } }] : [{ text }],
  );
  return answer && !used.has('forcedTool') ? [...blocks, { text: mustCall(answer.name) }] : blocks;
}

/** Where the tool cannot be forced, the model is told; behind everything that is cached. */
const mustCall = (name: string): string =>
  `Give your answer only by calling the tool ${name}, exactly once. Never write the answer as text.`;

function toolsOf(request: ModelRequest, used: ReadonlySet<Feature>): ToolConfiguration | undefined {
  const { tools = [], answer } = request;
  const shapes = shapesOf(request);
  if (shapes.length === 0) return undefined;
  const specs = shapes.map(({ name, description, schema }): Tool => ({
    toolSpec: {
      name,
      description,
      inputSchema: { json: schema as ToolInputSchema.JsonMember['json'] },
      ...(used.has('strict') ? { strict: true } : {}),
    },
  }));
  if (!answer || !used.has('forcedTool')) return { tools: specs, toolChoice: { auto: {} } };
  return { tools: specs, toolChoice: tools.length > 0 ? { any: {} } : { tool: { name: answer.name } } };
}

/** Bedrock wants the two sides to take turns: what one side says in a row is one message. */
function messagesOf(messages: readonly Message[]): BedrockMessage[] {
  const turns: { role: 'user' | 'assistant'; content: ContentBlock[] }[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...contentOf(message));
    else turns.push({ role, content: contentOf(message) });
  }
  return turns;
}

function contentOf(message: Message): ContentBlock[] {
  switch (message.role) {
    case 'user':
      return [{ text: message.text }];
    case 'assistant':
      return [...(message.text.trim() === '' ? [] : [{ text: message.text }]), ...callsOf(message.calls ?? [])];
    case 'results':
      return message.results.map(({ id, text, failed }) => ({
        toolResult: { toolUseId: id, content: [{ text }], ...(failed ? { status: 'error' as const } : {}) },
      }));
  }
}

const callsOf = (calls: Extract<Message, { role: 'assistant' }>['calls'] & object): ContentBlock[] =>
  calls.map(({ id, name, input }) => ({
    toolUse: { toolUseId: id, name, input: input as ContentBlock.ToolUseMember['toolUse']['input'] },
  }));
