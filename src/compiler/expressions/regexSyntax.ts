/** What PostgreSQL would say against a regular expression, without running it; read as its regc_lex.c and regcomp.c do. */

export interface RegexFacts {
  /** PostgreSQL's words; nothing where the expression is one. */
  readonly error?: string;
  readonly groups: number;
}

/** `flags` are the letters of the functions' last argument. */
export function readRegex(pattern: string, flags: string): RegexFacts {
  const reader = new Reader(Array.from(pattern), flags);
  try {
    reader.run();
    return { groups: reader.groups };
  } catch (error) {
    if (error instanceof Invalid) return { error: error.message, groups: 0 };
    throw error;
  }
}

/** Ends the reading from wherever it is; it does not leave this file. */
class Invalid extends Error {}

function fail(what: string): never {
  throw new Invalid(what);
}

const badEscape = 'invalid escape \\ sequence';
const badCount = 'invalid repetition count(s)';
const badOperand = 'quantifier operand invalid';
const unbalanced = { parentheses: 'parentheses () not balanced', brackets: 'brackets [] not balanced' } as const;

const classNames: ReadonlySet<string> = new Set(
  'alnum alpha ascii blank cntrl digit graph lower print punct space upper xdigit word'.split(' '),
);
/** PostgreSQL's names of characters; a single character stands for itself. */
const characterNames: readonly string[] =
  `NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC IS4 IS3 IS2 IS1
  space exclamation-mark quotation-mark number-sign dollar-sign percent-sign ampersand apostrophe left-parenthesis
  right-parenthesis asterisk plus-sign comma hyphen period slash zero one two three four five six seven eight nine colon
  semicolon less-than-sign equals-sign greater-than-sign question-mark commercial-at`.split(/\s+/);
const furtherNames: Readonly<Record<string, number>> = {
  ...{ alert: 7, backspace: 8, tab: 9, newline: 10, 'vertical-tab': 11, 'form-feed': 12, 'carriage-return': 13 },
  ...{ FS: 28, GS: 29, RS: 30, US: 31, 'hyphen-minus': 45, 'full-stop': 46, solidus: 47, 'left-square-bracket': 91 },
  ...{ backslash: 92, 'reverse-solidus': 92, 'right-square-bracket': 93, circumflex: 94, 'circumflex-accent': 94 },
  ...{ underscore: 95, 'low-line': 95, 'grave-accent': 96, 'left-brace': 123, 'left-curly-bracket': 123 },
  ...{ 'vertical-line': 124, 'right-brace': 125, 'right-curly-bracket': 125, tilde: 126, DEL: 127 },
};

function collatingElement(name: string): number | undefined {
  if (Array.from(name).length === 1) return name.codePointAt(0);
  const index = characterNames.indexOf(name);
  return index >= 0 ? index : furtherNames[name];
}

const plainEscapes = 'aBbefnrtv';
const hexLengths: Readonly<Record<string, { readonly least: number; readonly most: number }>> = {
  u: { least: 4, most: 4 },
  U: { least: 8, most: 8 },
  x: { least: 1, most: 255 },
};
const classEscapes = 'dswDSW';
const constraintEscapes = 'AZmMyY';
const mostRepeats = 255;

/** A character's code, a set of them, a hyphen between two, or the closing bracket. */
type BracketItem = number | 'set' | 'range' | 'end';

type Escape =
  | { readonly kind: 'constraint' | 'class' }
  | { readonly kind: 'plain'; readonly code: number }
  | { readonly kind: 'reference'; readonly group: number };

class Reader {
  groups = 0;
  private at = 0;
  private isLiteral = false;
  private isExpanded = false;
  private readonly closed = new Set<number>();

  constructor(
    private readonly characters: readonly string[],
    flags: string,
  ) {
    for (const letter of flags) this.option(letter);
  }

  run(): void {
    if (!this.isLiteral) this.prefixes();
    // The options before the expression may have made a literal text of it.
    if (!this.isLiteral) this.branches({ isNested: false, isLooking: false });
  }

  private option(letter: string): boolean {
    if (letter === 'q') this.isLiteral = true;
    else if (letter === 'x' || letter === 't') this.isExpanded = letter === 'x';
    return 'cimnpqstwx'.includes(letter);
  }

  private prefixes(): void {
    if (this.ahead('***') && this.characters.length > 3) {
      this.at = 4;
      const [mark] = this.characters.slice(3);
      if (mark === '=') this.isLiteral = true;
      else if (mark !== ':') fail(mark === '?' ? 'invalid regexp' : badOperand);
    }
    if (this.isLiteral || !this.ahead('(?') || !/\p{Alphabetic}/u.test(this.characters[this.at + 2] ?? ' ')) return;
    for (this.at += 2; /\p{Alphabetic}/u.test(this.peek()); this.at++) {
      if (this.peek() === 'b' || this.peek() === 'e') fail(`the option ${this.peek()} is not translated`);
      if (!this.option(this.peek())) fail('invalid embedded option');
    }
    if (!this.eat(')')) fail('invalid embedded option');
  }

  private branches(where: { readonly isNested: boolean; readonly isLooking: boolean }): void {
    while (this.hasMore()) {
      const character = this.next();
      if (character === ')') {
        if (where.isNested) return;
        fail(unbalanced.parentheses);
      }
      if (character !== '|' && !this.atom(character, where.isLooking)) this.quantifier();
    }
    if (where.isNested) fail(unbalanced.parentheses);
  }

  /** True where nothing may count it. */
  private atom(character: string, isLooking: boolean): boolean {
    if ('*+?'.includes(character)) fail(badOperand);
    if (character === '^' || character === '$') return true;
    if (character === '(') return this.group(isLooking);
    if (character === '[') return this.bracketOrEdge();
    if (character === '\\') return this.escaped(isLooking);
    if (character === '{') {
      this.blanks();
      if (/\d/.test(this.peek())) fail(badOperand);
    }
    return false;
  }

  private group(isLooking: boolean): boolean {
    const look = this.eat('?') ? (['=', '!', '<=', '<!', ':'].find((mark) => this.eat(mark)) ?? fail(badOperand)) : '';
    const isLook = look !== '' && look !== ':';
    const isCounted = look === '' && !isLooking;
    const number = isCounted ? ++this.groups : 0;
    this.branches({ isNested: true, isLooking: isLooking || isLook });
    if (isCounted) this.closed.add(number);
    return isLook;
  }

  private escaped(isLooking: boolean): boolean {
    const escape = this.escape();
    if (escape.kind === 'reference' && (isLooking || !this.closed.has(escape.group)))
      fail('invalid backreference number');
    return escape.kind === 'constraint';
  }

  private escape(): Escape {
    const letter = this.characters[this.at++] ?? fail(badEscape);
    if (!/[a-z0-9]/i.test(letter)) return { kind: 'plain', code: letter.codePointAt(0) ?? 0 };
    if (constraintEscapes.includes(letter)) return { kind: 'constraint' };
    if (classEscapes.includes(letter)) return { kind: 'class' };
    const plain = plainEscapes.indexOf(letter);
    if (plain >= 0) return { kind: 'plain', code: [7, 92, 8, 27, 12, 10, 13, 9, 11][plain] ?? 0 };
    if (letter === 'c') {
      const controlled = this.characters[this.at++] ?? fail(badEscape);
      return { kind: 'plain', code: (controlled.codePointAt(0) ?? 0) & 31 };
    }
    return this.numberEscape(letter);
  }

  private numberEscape(letter: string): Escape {
    const lengths = hexLengths[letter];
    if (lengths) {
      const digits = this.digits(/[0-9a-f]/i, lengths.most);
      const code = Number(BigInt.asUintN(32, BigInt(`0x0${digits}`)));
      return digits.length < lengths.least || code > 0x7ffffffe ? fail(badEscape) : { kind: 'plain', code };
    }
    if (!/\d/.test(letter)) fail(badEscape);
    const start = --this.at;
    if (letter !== '0') {
      const digits = this.digits(/\d/, 255);
      const group = Number(digits);
      if (digits.length === 1 || group <= this.groups) return { kind: 'reference', group };
      this.at = start;
    }
    const octal = this.digits(/[0-7]/, 3);
    if (octal === '') fail(badEscape);
    const code = parseInt(octal, 8);
    if (code <= 255) return { kind: 'plain', code };
    this.at--;
    return { kind: 'plain', code: code >> 3 };
  }

  private digits(digit: RegExp, most: number): string {
    let digits = '';
    while (digits.length < most && digit.test(this.peek())) digits += this.next();
    return digits;
  }

  private bracketOrEdge(): boolean {
    if (this.eat('[:<:]]') || this.eat('[:>:]]')) return true;
    this.eat('^');
    let low = this.bracketItem(true);
    while (low !== 'end') {
      if (low === 'range') fail('invalid character range');
      const following = this.bracketItem(false);
      low = following === 'range' && typeof low === 'number' ? this.range(low) : following;
    }
    return false;
  }

  /** Reads what follows `low-`, and the item behind it. */
  private range(low: number): BracketItem {
    const high = this.bracketItem(false);
    const code = high === 'range' ? '-'.charCodeAt(0) : high;
    if (typeof code !== 'number' || code < low) fail('invalid character range');
    return this.bracketItem(false);
  }

  private bracketItem(isFirst: boolean): BracketItem {
    const character = this.next();
    if (character === ']' && !isFirst) return 'end';
    if (character === '-' && !isFirst && this.peek() !== ']') return 'range';
    if (character === '\\') {
      const escape = this.escape();
      if (escape.kind === 'plain') return escape.code;
      return escape.kind === 'class' ? 'set' : fail(badEscape);
    }
    if (character !== '[') return character.codePointAt(0) ?? 0;
    if (this.peek() === '') fail(unbalanced.brackets);
    for (const mark of '.=:') if (this.eat(mark)) return this.named(mark);
    return character.charCodeAt(0);
  }

  /** What stands in `[.x.]`, `[=x=]` or `[:x:]`. */
  private named(mark: string): BracketItem {
    const start = this.at;
    while (!this.ahead(`${mark}]`)) if (this.at++ >= this.characters.length) fail(unbalanced.brackets);
    const name = this.characters.slice(start, this.at).join('');
    this.at += 2;
    if (mark === ':') return classNames.has(name) ? 'set' : fail('invalid character class');
    const code = collatingElement(name) ?? fail('invalid collating element');
    return mark === '.' ? code : 'set';
  }

  private quantifier(): void {
    this.skip();
    if (this.eat('*') || this.eat('+') || this.eat('?')) {
      this.eat('?');
      return;
    }
    const start = this.at;
    if (!this.eat('{')) return;
    this.blanks();
    if (!/\d/.test(this.peek())) {
      this.at = start;
      return;
    }
    const least = this.count();
    const most = this.eat(',') ? this.optionalCount() : least;
    if (least > most || !this.eat('}')) fail(badCount);
    this.eat('?');
  }

  private optionalCount(): number {
    this.blanks();
    return /\d/.test(this.peek()) ? this.count() : Infinity;
  }

  private count(): number {
    let number = 0;
    while (/\d/.test(this.peek())) {
      if (number >= mostRepeats) fail(badCount);
      number = number * 10 + Number(this.next());
      this.blanks();
    }
    return number > mostRepeats ? fail(badCount) : number;
  }

  private hasMore(): boolean {
    this.skip();
    return this.at < this.characters.length;
  }

  /** White space and comments, where they mean nothing. */
  private skip(): void {
    this.blanks();
    while (this.eat('(?#')) {
      this.skipTo(')');
      this.eat(')');
      this.blanks();
    }
  }

  private blanks(): void {
    while (this.isExpanded) {
      while (/\p{White_Space}/u.test(this.peek())) this.at++;
      if (this.peek() !== '#') return;
      this.skipTo('\n');
    }
  }

  private skipTo(end: string): void {
    while (this.at < this.characters.length && this.peek() !== end) this.at++;
  }

  private peek(): string {
    return this.characters[this.at] ?? '';
  }

  private next(): string {
    return this.characters[this.at++] ?? fail(unbalanced.brackets);
  }

  private ahead(text: string): boolean {
    return Array.from(text).every((character, index) => this.characters[this.at + index] === character);
  }

  private eat(text: string): boolean {
    const isThere = this.ahead(text);
    if (isThere) this.at += text.length;
    return isThere;
  }
}
