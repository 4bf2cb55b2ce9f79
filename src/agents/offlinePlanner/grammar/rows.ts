/** A table with the words before it that choose its rows: `paid or shipped web orders`. */
import type { CatalogueTable } from '../../../spec/catalogue.ts';
import type { Cursor } from '../cursor.ts';
import type { Condition, Rows, Trait } from '../intent.ts';
import type { NameRef } from '../names.ts';
import { traitsOf, type TraitForm } from '../traits.ts';

interface Adjective {
  readonly trait: Trait;
  readonly negated: boolean;
  readonly joined: 'and' | 'or' | undefined;
}

export function rows(cursor: Cursor): Rows | undefined {
  cursor.skip('the', 'all', 'all the', 'every', 'any', 'a', 'an', 'only', 'their', 'its');
  const adjectives: Adjective[] = [];
  for (;;) {
    const table = cursor.table();
    if (table && !continuesAsColumn(cursor)) return chosen(table, adjectives, cursor);
    const joined = adjectives.length === 0 ? undefined : connector(cursor);
    const negated = cursor.take('non', 'not') !== undefined;
    const trait = traitAt(cursor);
    if (!trait) return undefined;
    adjectives.push({ ...trait, negated: negated !== trait.negated, joined });
  }
}

/** `customers.email` and `order date` are columns, not tables with something behind. */
const continuesAsColumn = (cursor: Cursor): boolean => cursor.peek()?.text === '.' && cursor.peek(1)?.kind === 'word';

function connector(cursor: Cursor): 'and' | 'or' | undefined {
  if (cursor.take('or')) return 'or';
  return cursor.take('and', ',') ? (cursor.take('and'), 'and') : undefined;
}

/** A word that a comment explains, or a yes-or-no column's; `inactive` is not `active`. */
export function traitAt(
  cursor: Cursor,
  tables: readonly CatalogueTable[] = cursor.lexicon.mentioned,
): { readonly trait: Trait; readonly negated: boolean } | undefined {
  const forms = tables.flatMap(traitsOf);
  for (let length = 3; length > 0; length--) {
    const tokens = cursor.tokens.slice(cursor.at, cursor.at + length);
    if (tokens.length < length || tokens.some(({ kind }) => kind !== 'word')) continue;
    const phrase = tokens.flatMap(({ words }) => words).join(' ');
    const meant = forms.filter((form) => form.phrase === phrase);
    const opposite = meant.length > 0 ? [] : forms.filter((form) => form.value === true && isOpposite(phrase, form));
    const found = [...meant, ...opposite];
    const [first] = tokens;
    if (found.length === 0 || !first) continue;
    cursor.at += length;
    const text = tokens.map((token) => token.text).join(' ');
    return { trait: { text, offset: first.offset, readings: found }, negated: opposite.length > 0 };
  }
  return undefined;
}

const isOpposite = (phrase: string, { phrase: own }: TraitForm): boolean =>
  [`in${own}`, `un${own}`, `non${own}`, `non ${own}`].includes(phrase);

function chosen(table: NameRef, adjectives: readonly Adjective[], cursor: Cursor): Rows | undefined {
  const own = new Set(table.tables.map((reading) => reading.table));
  const groups: { traits: Trait[]; negated: boolean }[] = [];
  for (const { trait, negated, joined } of adjectives) {
    const readings = trait.readings.filter((reading) => own.has(reading.table));
    if (readings.length === 0) {
      cursor.expect(`a word that describes ${table.text}`);
      return;
    }
    const kept: Trait = { ...trait, readings };
    const last = groups.at(-1);
    const together = last && joined !== undefined && last.negated === negated && shareColumn([...last.traits, kept]);
    if (together) last.traits.push(kept);
    else if (joined === 'or') {
      cursor.expect('words about one and the same column around “or”');
      return;
    } else groups.push({ traits: [kept], negated });
  }
  const conditions = groups.map(({ traits, negated }): Condition => ({ kind: 'trait', traits, negated }));
  return { table, conditions };
}

/** Whether one column explains all of these words. */
export const shareColumn = (traits: readonly Trait[]): boolean =>
  (traits[0]?.readings ?? []).some(
    ({ column, value }) =>
      typeof value !== 'boolean' &&
      traits.every(({ readings }) => readings.some((reading) => reading.column === column)),
  );
