import type { Message, ModelRequest, ToolShape } from '../../agents/model.ts';
import type { Dialect, Feature } from './dialect.ts';

/** The body of a chat completion. */
export function chatBody(model: string, request: ModelRequest, dialect: Dialect): Readonly<Record<string, unknown>> {
  const used = usedFeatures(request, dialect);
  return {
    model,
    messages: [...systemOf(request, used), ...request.messages.flatMap(messagesOf)],
    [dialect.maxTokens ? 'max_tokens' : 'max_completion_tokens']: request.maxTokens,
    ...(used.has('temperature') ? { temperature: request.temperature } : {}),
    ...answerForm(request, used),
    stream: true,
    ...(used.has('streamUsage') ? { stream_options: { include_usage: true } } : {}),
  };
}

/** What of the dialect this request makes use of. An answer is asked for by a schema; beside look-ups, by a tool like them. */
export function usedFeatures(
  { temperature, tools = [], answer }: ModelRequest,
  dialect: Dialect,
): ReadonlySet<Feature> {
  const responseFormat = dialect.responseFormat && answer !== undefined && tools.length === 0;
  const withTools = dialect.tools && !responseFormat && (tools.length > 0 || answer !== undefined);
  const used: Readonly<Record<Feature, boolean>> = {
    temperature: dialect.temperature && temperature !== undefined,
    responseFormat,
    tools: withTools,
    forcedTool: dialect.forcedTool && withTools && answer !== undefined,
    streamUsage: dialect.streamUsage,
    maxTokens: dialect.maxTokens,
  };
  return new Set((Object.keys(used) as Feature[]).filter((feature) => used[feature]));
}

/** One message: not every server takes several. */
function systemOf({ system, answer }: ModelRequest, used: ReadonlySet<Feature>): readonly object[] {
  const texts = system.map(({ text }) => text);
  if (answer) texts.push(howToAnswer(answer, used));
  return texts.length === 0 ? [] : [{ role: 'system', content: texts.join('\n\n') }];
}

function howToAnswer({ name, description, schema }: ToolShape, used: ReadonlySet<Feature>): string {
  if (used.has('tools'))
    return `Give your answer only by calling the tool ${name}, exactly once. Never write it as text.`;
  const text = `Answer with one JSON object and nothing else. ${description}`;
  return used.has('responseFormat') ? text : `${text}\nIts JSON Schema: ${JSON.stringify(schema)}`;
}

function answerForm(request: ModelRequest, used: ReadonlySet<Feature>): object {
  const { tools = [], answer } = request;
  if (answer && used.has('responseFormat')) {
    const { name, description, schema } = answer;
    return { response_format: { type: 'json_schema', json_schema: { name, description, schema, strict: true } } };
  }
  if (!used.has('tools')) return {};
  const shapes = answer ? [...tools, answer] : tools;
  return {
    tools: shapes.map(({ name, description, schema }) => ({
      type: 'function',
      function: { name, description, parameters: schema },
    })),
    tool_choice: !answer || !used.has('forcedTool') ? 'auto' : toolChoice(tools, answer),
  };
}

const toolChoice = (tools: readonly ToolShape[], { name }: ToolShape): unknown =>
  tools.length > 0 ? 'required' : { type: 'function', function: { name } };

function messagesOf(message: Message): readonly object[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: message.text }];
    case 'assistant':
      return [{ role: 'assistant', content: message.text, ...callsOf(message.calls ?? []) }];
    case 'results':
      return message.results.map(({ id, text, failed }) => ({
        role: 'tool',
        tool_call_id: id,
        content: failed ? `Failed: ${text}` : text,
      }));
  }
}

function callsOf(calls: readonly { readonly id: string; readonly name: string; readonly input: unknown }[]): object {
  if (calls.length === 0) return {};
  return {
    tool_calls: calls.map(({ id, name, input }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(input) },
    })),
  };
}
