import type { CatalogueTable } from '../../spec/catalogue.ts';
import type { ColumnRef } from './names.ts';
import { codeValues, type CodeValue } from './valueLists.ts';
import { wordsOf } from './wordForms.ts';

/** A phrase that chooses rows of a table. */
export interface TraitForm extends ColumnRef {
  readonly phrase: string;
  readonly value: CodeValue | boolean;
}

const auxiliaries: ReadonlySet<string> = new Set(['is', 'was', 'has', 'are']);

const known = new WeakMap<CatalogueTable, readonly TraitForm[]>();

/** Every such phrase of a table: the values that comments explain, and its yes-or-no columns. */
export function traitsOf(table: CatalogueTable): readonly TraitForm[] {
  const found = known.get(table) ?? table.columns.flatMap((column) => formsOf({ table, column }));
  known.set(table, found);
  return found;
}

function formsOf(ref: ColumnRef): readonly TraitForm[] {
  const { column } = ref;
  if (column.type === 'boolean') {
    const words = wordsOf(column.name).filter((word, at) => at > 0 || !auxiliaries.has(word));
    return [{ ...ref, phrase: words.join(' '), value: true }];
  }
  return codeValues(column).map((value) => ({ ...ref, phrase: value.words.join(' '), value }));
}
