/** Random regular expressions over a tiny alphabet, where everything meets everything, and texts to look into. */
import type { Chance } from '../../spark/random/chance.ts';

export interface Case {
  readonly value: string;
  readonly pattern: string;
  readonly flags: string;
  readonly replacement: string;
}

const letters = ['a', 'b', 'A', 'é', 'É', '1', ' ', '\n'];
const sets = ['.', '[ab]', '[^a]', '\\w', '\\W', '\\s', '\\d', '[[:alpha:]]', '[^[:space:]]', '[a-b\\d]', '[^\\W]'];
const constraints = ['^', '$', '\\A', '\\Z', '\\m', '\\M', '\\y', '\\Y'];
const looks = ['(?=', '(?!', '(?<=', '(?<!'];
const quantifiers = ['*', '+', '?', '{2}', '{0}', '{0,2}', '{1,}', '{1,1}', '{2,3}'];
const scraps = Array.from('ab()[]{}|*+?\\^$.,-:=129dswmyAZxuBc#<>! ').concat(['(?', '[[:', ':]]', '[.', '.]', '\\1', '***']); // prettier-ignore
const replacements = ['<\\1>', '[\\&]', '\\2\\\\', 'x', '\\0', '\\'];
const flags = ['', '', '', 'i', 'n', 'p', 'w', 'x', 'q'];

export function cases(chance: Chance, patterns: number): readonly Case[] {
  return Array.from({ length: patterns }, () => {
    const pattern = chance.maybe(0.15) ? scrap(chance) : new Pattern(chance).choice(3);
    const letter = chance.pick(flags);
    return Array.from({ length: 3 }, () => ({
      value: Array.from({ length: chance.between(0, 9) }, () => chance.pick(letters)).join(''),
      pattern,
      flags: letter,
      replacement: chance.pick(replacements),
    }));
  }).flat();
}

/** Mostly no expression at all; none of the older syntaxes, which the runtime does not read. */
function scrap(chance: Chance): string {
  const pattern = Array.from({ length: chance.between(1, 6) }, () => chance.pick(scraps)).join('');
  return /^(\*\*\*:)?\(\?\w*[be]/.test(pattern) ? scrap(chance) : pattern;
}

class Pattern {
  private groups = 0;

  constructor(private readonly chance: Chance) {}

  choice(depth: number): string {
    const branches = [this.branch(depth)];
    while (this.chance.maybe(0.25)) branches.push(this.branch(depth));
    return branches.join('|');
  }

  private branch(depth: number): string {
    return Array.from({ length: this.chance.between(0, 4) }, () => this.item(depth)).join('');
  }

  private item(depth: number): string {
    if (this.chance.maybe(0.06)) return this.chance.pick(constraints);
    if (depth > 0 && this.chance.maybe(0.04)) return `${this.chance.pick(looks)}${this.choice(depth - 1)})`;
    return this.atom(depth) + this.quantifier();
  }

  private atom(depth: number): string {
    if (depth > 0 && this.chance.maybe(0.3)) {
      this.groups++;
      return `(${this.choice(depth - 1)})`;
    }
    if (depth > 0 && this.chance.maybe(0.15)) return `(?:${this.choice(depth - 1)})`;
    if (this.groups > 0 && this.chance.maybe(0.06)) return `\\${this.chance.between(1, this.groups)}`;
    return this.chance.pick(this.chance.maybe(0.25) ? sets : letters.slice(0, 3));
  }

  private quantifier(): string {
    if (this.chance.maybe(0.5)) return '';
    return this.chance.pick(quantifiers) + (this.chance.maybe(0.35) ? '?' : '');
  }
}
