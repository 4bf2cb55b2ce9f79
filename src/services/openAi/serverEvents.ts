/** The data of server-sent events, one JSON text a line, as every such server writes them; `[DONE]` ends them. */
export async function* serverEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const line of linesOf(body)) {
    if (!line.startsWith('data:')) continue;
    const text = line.slice('data:'.length).trim();
    if (text === '[DONE]') return;
    if (text !== '') yield text;
  }
}

/** A line that does not end is the rest of one that was cut. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const lines = `${rest}${decoder.decode(bytes, { stream: true })}`.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    // A server that never ends a line would fill the memory.
    if (rest.length > longestLine) throw new Error('The server sent a line that does not end.');
    yield* lines;
  }
}

const longestLine = 4_000_000;
