import type { Lexicon } from './lexicon.ts';
import type { NameRef } from './names.ts';
import type { Token } from './tokens.ts';

/** A place in the prompt that rules move on; a rule that fails leaves it where it was. */
export class Cursor {
  at = 0;
  /** How far any rule came before it failed, and what it would have taken there. */
  furthest = { at: -1, wanted: '' };

  constructor(
    readonly tokens: readonly Token[],
    readonly lexicon: Lexicon,
  ) {}

  get ended(): boolean {
    return this.at >= this.tokens.length;
  }

  /** Where in the prompt the next word stands. */
  get offset(): number {
    return this.peek()?.offset ?? 0;
  }

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  /** Runs a rule; without an answer nothing was taken. */
  attempt<T>(rule: () => T | undefined): T | undefined {
    const start = this.at;
    const answer = rule();
    if (answer === undefined) this.at = start;
    return answer;
  }

  /** The first of the alternatives that answers. */
  first<Rules extends readonly (() => unknown)[]>(...rules: Rules): ReturnType<Rules[number]> | undefined {
    for (const rule of rules as readonly (() => ReturnType<Rules[number]> | undefined)[]) {
      const answer = this.attempt(rule);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  /** Takes one of these phrases, the longest that stands here. */
  take(...phrases: readonly string[]): string | undefined {
    let best: readonly string[] = [];
    for (const phrase of phrases) {
      const words = phrase.split(' ');
      if (words.length > best.length && words.every((word, ahead) => this.stands(word, ahead))) best = words;
    }
    if (best.length === 0) return undefined;
    this.at += best.length;
    return best.join(' ');
  }

  /** Says what a rule looked for in vain, for the hint. */
  expect(wanted: string): undefined {
    if (this.at > this.furthest.at) this.furthest = { at: this.at, wanted };
    return undefined;
  }

  skip(...words: readonly string[]): void {
    while (this.take(...words) !== undefined);
  }

  number(): number | undefined {
    const token = this.peek();
    if (token?.kind !== 'number') return undefined;
    this.at += 1;
    return Number(token.value);
  }

  text(): string | undefined {
    const token = this.peek();
    if (token?.kind !== 'text') return undefined;
    this.at += 1;
    return token.value;
  }

  date(): string | undefined {
    const token = this.peek();
    if (token?.kind !== 'date') return undefined;
    this.at += 1;
    return token.value;
  }

  /** A name of the catalogue: `want` says what kind of name will do here. */
  name(want: (name: NameRef) => boolean): NameRef | undefined {
    const start = this.at;
    this.skip('the', 'a', 'an', 'their', 'its', 'his', 'her', 'our');
    const found = this.lexicon.nameAt(this.tokens, this.at);
    if (!found || !want(found.name)) {
      this.at = start;
      return undefined;
    }
    this.at += found.length;
    return found.name;
  }

  table(): NameRef | undefined {
    return this.name(({ tables }) => tables.length > 0);
  }

  column(): NameRef | undefined {
    return this.name(({ columns }) => columns.length > 0);
  }

  /** A name of the user's own, as it is written. */
  ownName(): string | undefined {
    const token = this.peek();
    if (token?.kind !== 'word' && token?.kind !== 'text') {
      this.expect('a name');
      return;
    }
    this.at += 1;
    return token.kind === 'text' ? token.value : token.text;
  }

  /** Items with commas and `and` between them. */
  list<T>(item: () => T | undefined): readonly T[] | undefined {
    const found: T[] = [];
    for (;;) {
      const next = this.attempt(() => {
        if (found.length > 0 && this.separator() === undefined) return undefined;
        return item();
      });
      if (next === undefined) return found.length > 0 ? found : undefined;
      found.push(next);
    }
  }

  private separator(): string | undefined {
    return this.first(
      () => (this.take(',') ? (this.take('and', 'as well as', 'plus'), ',') : undefined),
      () => this.take('and', 'as well as', 'plus', '&'),
    );
  }

  private stands(word: string, ahead: number): boolean {
    const token = this.peek(ahead);
    return token !== undefined && token.kind !== 'text' && token.kind !== 'date' && token.value === word;
  }
}
