import type { Message, ModelRequest, Usage } from './model.ts';

/** How many tokens a text is likely to be, on the high side: a budget had better be left than broken. */
export function tokensOf(text: string): number {
  let others = 0;
  for (const character of text) if (character > '\u007f') others += 1;
  return Math.ceil((text.length - others) / charactersPerToken) + others;
}

/** English prose has about 4, code and JSON about 3; letters beyond ASCII may be a token each. */
const charactersPerToken = 3;

/** What a request will be charged as input, were nothing of it cached. */
export function inputTokensOf({ system, messages, tools = [], answer }: ModelRequest): number {
  const shapes = answer ? [...tools, answer] : tools;
  const texts = [
    ...system.map(({ text }) => text),
    ...messages.map(textOf),
    ...shapes.map((shape) => JSON.stringify(shape)),
  ];
  return texts.reduce((sum, text) => sum + tokensOf(text), framing);
}

/** What a provider puts around messages and tools. */
const framing = 500;

/** Where the provider does not say what a call took. */
export const estimatedUsage = (request: ModelRequest, output: string): Usage => ({
  inputTokens: inputTokensOf(request),
  outputTokens: tokensOf(output),
  estimated: true,
});

function textOf(message: Message): string {
  switch (message.role) {
    case 'user':
      return message.text;
    case 'assistant':
      return message.text + (message.calls ? JSON.stringify(message.calls) : '');
    case 'results':
      return JSON.stringify(message.results);
  }
}
