/** Python expressions as trees, and their layout: one line where it fits, else broken the way a formatter does. */
import { pythonString } from './pythonText.ts';

export type Code =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'call'; readonly on?: Code; readonly name: string; readonly args: readonly Argument[] }
  | { readonly kind: 'list'; readonly items: readonly Code[] }
  | { readonly kind: 'dict'; readonly items: readonly (readonly [string, Code])[] };

export type Argument = Code | { readonly kind: 'named'; readonly name: string; readonly value: Code };

export const word = (text: string): Code => ({ kind: 'word', text });
export const string = (text: string): Code => ({ kind: 'string', text });
export const list = (items: readonly Code[]): Code => ({ kind: 'list', items });
export const strings = (texts: readonly string[]): Code => list(texts.map(string));
export const dict = (items: readonly (readonly [string, Code])[]): Code => ({ kind: 'dict', items });
export const named = (name: string, value: Code): Argument => ({ kind: 'named', name, value });
export const bool = (value: boolean): Code => word(value ? 'True' : 'False');
export const call = (name: string, ...args: readonly Argument[]): Code => ({ kind: 'call', name, args });
export const method = (on: Code, name: string, ...args: readonly Argument[]): Code => ({
  kind: 'call',
  on,
  name,
  args,
});

const width = 120;

export const assignment = (variable: string, code: Code): readonly string[] => statement(`${variable} = `, code);

export function statement(prefix: string, code: Code): readonly string[] {
  const line = prefix + flat(code);
  if (line.length <= width) return [line];
  if (isFluent(code)) return [`${prefix}(`, ...chain(code, 4), ')'];
  return broken(code, { prefix, indent: 0, suffix: '' });
}

export function flat(code: Argument): string {
  switch (code.kind) {
    case 'word':
      return code.text;
    case 'string':
      return pythonString(code.text);
    case 'named':
      return `${code.name}=${flat(code.value)}`;
    case 'list':
      return `[${code.items.map(flat).join(', ')}]`;
    case 'dict':
      return `{${code.items.map(([key, value]) => `${pythonString(key)}: ${flat(value)}`).join(', ')}}`;
    case 'call':
      return `${code.on ? `${flat(code.on)}.` : ''}${code.name}(${code.args.map(flat).join(', ')})`;
  }
}

/** A chain of calls as its links: `df`, `.where("…")`, `.select("…")`. */
function links(code: Code): readonly Code[] {
  return code.kind === 'call' && code.on ? [...links(code.on), code] : [code];
}

/** The first call stays with the name it is called on; each further one begins a line. */
function chain(code: Code, indent: number): readonly string[] {
  const [first, second, ...rest] = links(code);
  if (!first || second?.kind !== 'call') return broken(code, { prefix: '', indent, suffix: '' });
  const head = first.kind === 'word' ? [second, ...rest] : [first, second, ...rest];
  return head.flatMap((link, index) => {
    const start = index === 0 ? (first.kind === 'word' ? `${first.text}.` : '') : '.';
    const alone: Code =
      link.kind === 'call' && (index > 0 || first.kind === 'word') ? call(link.name, ...link.args) : link;
    return fitted(alone, { prefix: start, indent, suffix: '' });
  });
}

interface Place {
  readonly prefix: string;
  readonly indent: number;
  readonly suffix: string;
}

function fitted(code: Argument, place: Place): readonly string[] {
  const line = ' '.repeat(place.indent) + place.prefix + flat(code) + place.suffix;
  return line.length <= width ? [line] : broken(code, place);
}

function broken(code: Argument, place: Place): readonly string[] {
  const { prefix, indent, suffix } = place;
  const margin = ' '.repeat(indent);
  switch (code.kind) {
    case 'word':
      return [margin + prefix + code.text + suffix];
    case 'named':
      return broken(code.value, { ...place, prefix: `${prefix}${code.name}=` });
    case 'string':
      return [`${margin}${prefix}(`, ...pieces(code.text, indent + 4), `${margin})${suffix}`];
    case 'list':
      return enclosed({ open: '[', close: ']', items: code.items, isList: true }, place);
    case 'dict':
      return [
        `${margin}${prefix}{`,
        ...code.items.flatMap(([key, value]) =>
          fitted(value, { prefix: `${pythonString(key)}: `, indent: indent + 4, suffix: ',' }),
        ),
        `${margin}}${suffix}`,
      ];
    case 'call': {
      if (isFluent(code)) return fluentArgument(code, place);
      if (code.on?.kind === 'call' && headWidth(code, place) > width) return behind(code.on, code, place);
      const open = `${code.on ? `${flat(code.on)}.` : ''}${code.name}(`;
      return enclosed({ open, close: ')', items: code.args }, place);
    }
  }
}

/** Three calls and more stand one a line. */
const isFluent = (code: Code): boolean => links(code).length > 3;

const headWidth = (code: Code, { prefix, indent }: Place): number =>
  indent + prefix.length + flat(code.kind === 'call' ? { ...code, args: [] } : code).length - 1;

/** The first call is broken, and the second goes on behind its closing parenthesis. */
function behind(first: Code, second: Extract<Code, { kind: 'call' }>, place: Place): readonly string[] {
  const head = broken(first, { ...place, suffix: '' });
  const prefix = `${head.at(-1)?.trimStart() ?? ''}.`;
  return [...head.slice(0, -1), ...fitted(call(second.name, ...second.args), { ...place, prefix })];
}

function fluentArgument(code: Code, { prefix, indent, suffix }: Place): readonly string[] {
  const margin = ' '.repeat(indent);
  if (prefix !== '') return [`${margin}${prefix}(`, ...chain(code, indent + 4), `${margin})${suffix}`];
  const lines = chain(code, indent);
  return [...lines.slice(0, -1), `${lines.at(-1) ?? ''}${suffix}`];
}

interface Enclosed {
  readonly open: string;
  readonly close: string;
  readonly items: readonly Argument[];
  /** Arguments may share a line of their own; a list's items stand one a line. */
  readonly isList?: boolean;
}

function enclosed({ open, close, items, isList }: Enclosed, { prefix, indent, suffix }: Place): readonly string[] {
  const margin = ' '.repeat(indent);
  const inner = ' '.repeat(indent + 4);
  const [only] = items;
  const together = inner + items.map(flat).join(', ');
  const body =
    together.length <= width && !isList
      ? [together]
      : items.length === 1 && only?.kind === 'string'
        ? pieces(only.text, indent + 4)
        : items.flatMap((item) => fitted(item, { prefix: '', indent: indent + 4, suffix: ',' }));
  return [`${margin}${prefix}${open}`, ...body, `${margin}${close}${suffix}`];
}

/** A long text as adjacent literals, cut behind blanks where it has any. */
function pieces(text: string, indent: number): readonly string[] {
  const room = width - indent - 4;
  const lines: string[] = [];
  let line = '';
  for (const part of text.match(/\S*\s+|\S+/g) ?? []) {
    for (const piece of pythonString(line + part).length <= room ? [part] : portions(part, room)) {
      if (line !== '' && pythonString(line + piece).length > room) {
        lines.push(line);
        line = '';
      }
      line += piece;
    }
  }
  return [...lines, line].map((piece) => ' '.repeat(indent) + pythonString(piece));
}

/** A word too long for a line, in portions of whole characters. */
function portions(part: string, room: number): readonly string[] {
  if (pythonString(part).length <= room) return [part];
  const size = Math.floor(room / 10);
  const characters = Array.from(part);
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, index) =>
    characters.slice(index * size, (index + 1) * size).join(''),
  );
}
