/**
 * PostgreSQL's regular expressions in Java's, for the patterns in which both mean the same; the runtime has the others.
 *
 * Whether a text matches at all is the same in both for groups, alternatives, classes and greedy counts. What a match
 * covers is not: PostgreSQL takes the longest, Java the first that works. Both agree where no group is repeated or
 * optional and nothing is an alternative, which is what `extent` patterns are held to.
 */
export interface Regex {
  readonly java: string;
  readonly groups: number;
}

/** `match`: only whether it matches counts. `extent`: what it covers counts too. Nothing where Java's might differ. */
export function javaRegex(pattern: string, purpose: 'match' | 'extent'): Regex | undefined {
  try {
    return new Translation(pattern, purpose).run();
  } catch (error) {
    if (error instanceof Unproven) return undefined;
    throw error;
  }
}

/** Ends a translation from wherever in the pattern it is; it does not leave this file. */
class Unproven extends Error {}

const quoteCharacter = (character: string): string =>
  /[\p{L}\p{N}\s]/u.test(character) ? character : `\\${character}`;

const classEscapes: Readonly<Record<string, string>> = {
  d: '[0-9]',
  D: '[^0-9]',
  s: '\\s',
  S: '\\S',
  w: '[\\p{IsAlphabetic}0-9_]',
  W: '[^\\p{IsAlphabetic}0-9_]',
};

const bracketClasses: Readonly<Record<string, string>> = {
  digit: '0-9',
  alpha: '\\p{IsAlphabetic}',
  alnum: '\\p{IsAlphabetic}0-9',
};

class Translation {
  private readonly characters: readonly string[];
  private index = 0;
  private depth = 0;
  private groups = 0;
  private java = '';

  constructor(
    pattern: string,
    private readonly purpose: 'match' | 'extent',
  ) {
    this.characters = Array.from(pattern);
    if (pattern.startsWith('***') || pattern.startsWith('(?')) this.refuse('embedded options');
    if (pattern === '' && purpose === 'extent') this.refuse('an empty pattern');
  }

  run(): Regex {
    while (this.index < this.characters.length) this.item();
    if (this.depth > 0) this.refuse('a parenthesis is not closed');
    return { java: `(?s)${this.java}`, groups: this.groups };
  }

  private item(): void {
    const character = this.next();
    if (character === '|') {
      if (this.purpose === 'extent') this.refuse('alternatives');
      this.java += '|';
    } else if (character === '(') this.open();
    else if (character === ')') this.close();
    else if (character === '^') this.java += '\\A';
    // Java's `$` also matches before a last line break.
    else if (character === '$') this.java += '\\z';
    else this.counted(this.atom(character));
  }

  private atom(character: string): string {
    if (character === '[') return this.bracket();
    if (character === '\\') return this.escaped();
    if ('*+?{'.includes(character)) this.refuse('a count without anything to count');
    return character === '.' ? '.' : quoteCharacter(character);
  }

  private escaped(): string {
    const character = this.next();
    const known = classEscapes[character];
    if (known === '\\s' || known === '\\S') return known === '\\s' ? '\\p{IsWhite_Space}' : '\\P{IsWhite_Space}';
    if (known) return known;
    if (/[a-zA-Z0-9]/.test(character)) this.refuse(`\\${character}`);
    return quoteCharacter(character);
  }

  private open(): void {
    if (this.peek() === '?') {
      if (this.characters[this.index + 1] !== ':') this.refuse('look-around and options');
      this.index += 2;
      this.java += '(?:';
    } else {
      this.groups++;
      this.java += '(';
    }
    this.depth++;
  }

  private close(): void {
    if (--this.depth < 0) this.refuse('a parenthesis is not opened');
    this.java += ')';
    if (this.purpose === 'extent' && '*+?{'.includes(this.peek() ?? 'end')) this.refuse('a repeated or optional group');
    // Java takes one stack frame a repetition, and may try every way to divide the text among them.
    if ('*+{'.includes(this.peek() ?? 'end')) this.refuse('a repeated group');
    this.counted('');
  }

  private counted(atom: string): void {
    this.java += atom;
    const character = this.peek();
    if (character === undefined || !'*+?{'.includes(character)) return;
    this.index++;
    let count = character;
    if (character === '{') {
      const rest = this.characters.slice(this.index).join('');
      const [bounds] = /^\d{1,3}(?:,\d{0,3})?\}/.exec(rest) ?? [];
      if (bounds === undefined) this.refuse('this count');
      else count += bounds;
      this.index += count.length - 1;
    }
    if ('*+?{'.includes(this.peek() ?? 'end')) this.refuse('lazy and doubled counts');
    this.java += count;
  }

  private bracket(): string {
    let body = '';
    if (this.peek() === '^') body += this.next();
    let first = true;
    for (let character = this.next(); character !== ']' || first; character = this.next()) {
      first = false;
      if (character === '[' && ':.='.includes(this.peek() ?? 'end')) body += this.namedClass();
      else if (character === '\\') body += this.bracketEscape();
      else if (character === '-' && body !== '' && body !== '^' && this.peek() !== ']') body += '-';
      else body += bracketCharacter(character);
    }
    return `[${body}]`;
  }

  private namedClass(): string {
    const [whole, name = ''] = /^:([a-z]+):\]/.exec(this.characters.slice(this.index).join('')) ?? [];
    const known = bracketClasses[name] ?? (name === 'space' ? '\\p{IsWhite_Space}' : undefined);
    if (whole === undefined || known === undefined) this.refuse(`the class [:${name}:]`);
    else this.index += whole.length;
    return known;
  }

  private bracketEscape(): string {
    const character = this.next();
    const known = { d: '0-9', s: '\\p{IsWhite_Space}', w: '\\p{IsAlphabetic}0-9_' }[character];
    if (known) return known;
    if (/[a-zA-Z0-9]/.test(character)) this.refuse(`\\${character} in brackets`);
    return bracketCharacter(character);
  }

  private peek(): string | undefined {
    return this.characters[this.index];
  }

  private next(): string {
    const character = this.characters[this.index++];
    return character ?? this.refuse('it ends too early');
  }

  private refuse(what: string): never {
    throw new Unproven(what);
  }
}

const bracketCharacter = (character: string): string => (/[\]\\^\-&[]/.test(character) ? `\\${character}` : character);
