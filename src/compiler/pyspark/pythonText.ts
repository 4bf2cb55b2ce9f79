/** The one seam through which names and texts of a spec reach Python. */

/** A Python string literal on one line, in printable characters only. */
export function pythonString(text: string): string {
  return `"${Array.from(text, escaped).join('')}"`;
}

/** Nothing that breaks a line, turns the reading direction or is half a character stays bare. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const named: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const name = named[character];
  if (name !== undefined) return name;
  if (!hidden.test(character)) return character;
  const point = character.codePointAt(0) ?? 0;
  if (point > 0xffff) return `\\U${point.toString(16).padStart(8, '0')}`;
  return point > 0xff ? `\\u${point.toString(16).padStart(4, '0')}` : `\\x${point.toString(16).padStart(2, '0')}`;
}

/** A text inside a comment or docstring: one line, nothing that could end it. */
export function pythonComment(text: string): string {
  return Array.from(text.replace(/\s+/g, ' ').trim(), (character) => (hidden.test(character) ? ' ' : character)).join(
    '',
  );
}

/** Variables for the names of sources and steps: readable, valid, each its own. */
export function pythonNames(names: readonly string[], taken: Iterable<string>): ReadonlyMap<string, string> {
  const ours = new Set([...reserved, ...taken]);
  const used = new Set(ours);
  const variables = new Map<string, string>();
  for (const name of names) {
    const wanted = pythonName(name);
    let variable = ours.has(wanted) ? `${wanted}_rows` : wanted;
    for (let number = 2; used.has(variable); number++) variable = `${wanted}_${number}`;
    used.add(variable);
    variables.set(name, variable);
  }
  return variables;
}

function pythonName(name: string): string {
  const word = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
  return word === '' ? 'rows' : /^\d/.test(word) ? `step_${word}` : word;
}

/** Keywords, builtins, and the script's own names. */
const reserved = new Set(
  `and as assert async await break case class continue def del elif else except finally for from global if import in is
  lambda match nonlocal not or pass raise return try type while with yield false none true
  abs all any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex copyright credits delattr
  dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash help hex id input int
  isinstance issubclass iter len license list locals map max memoryview min next object oct open ord pow print property quit
  range repr reversed round set setattr slice sorted staticmethod str sum super tuple vars zip
  f job spark window functions datamorph`.split(/\s+/),
);
