/** A pattern of SIMILAR TO as a regular expression, as PostgreSQL's similar_to_escape() writes it. */

export type SimilarRegex = { readonly regex: string } | { readonly error: string };

const plain: Readonly<Record<string, string>> = { '%': '.*', _: '.', '(': '(?:', '\\': '\\\\', '.': '\\.', '^': '\\^', $: '\\$' }; // prettier-ignore
/** What stands for the first and the second escaped double quote: the part between them is the first group. */
const separators = ['){1,1}?(', '){1,1}(?:'];

export function similarRegex(pattern: string, escape: string): SimilarRegex {
  if (Array.from(escape).length > 1) return { error: 'The escape has to be one character, or empty.' };
  const translation = new Translation();
  let isEscaped = false;
  for (const character of pattern) {
    if (isEscaped) translation.escaped(character);
    else if (character !== escape) translation.plain(character);
    isEscaped = !isEscaped && character === escape;
  }
  if (translation.quotes > separators.length) return { error: 'The pattern has more than two escaped double quotes.' };
  return { regex: `^(?:${translation.regex})$` };
}

class Translation {
  regex = '';
  quotes = 0;
  private depth = 0;
  /** Behind `[` and behind `[^` a closing bracket is a member. */
  private place: 'start' | 'negated' | 'inside' = 'inside';

  escaped(character: string): void {
    if (character === '"' && this.depth === 0) this.regex += separators[this.quotes++] ?? '';
    else {
      this.regex += `\\${character}`;
      this.place = 'inside';
    }
  }

  plain(character: string): void {
    if (this.depth > 0) {
      this.bracketed(character);
      return;
    }
    this.regex += plain[character] ?? character;
    if (character === '[') {
      this.depth = 1;
      this.place = 'start';
    }
  }

  private bracketed(character: string): void {
    this.regex += character === '\\' ? '\\\\' : character;
    if (character === ']' && this.place === 'inside') {
      this.depth--;
      return;
    }
    if (character === '[') this.depth++;
    this.place = character === '^' && this.place === 'start' ? 'negated' : 'inside';
  }
}
