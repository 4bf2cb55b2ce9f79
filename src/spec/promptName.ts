/** PostgreSQL cuts names at 63 bytes; six words say enough. */
const longestName = 48;

/** A table's name out of the prompt's own words: `Total amount per customer` → `total_amount_customer`. */
export function promptName(prompt: string, otherwise: string): string {
  const words = prompt
    .normalize('NFKD')
    .toLowerCase()
    .match(/[a-z][a-z0-9]*/g)
    ?.filter((word, index, all) => !fillers.has(word) && all.indexOf(word) === index);
  let name = '';
  for (const word of words ?? []) {
    const longer = name === '' ? word : `${name}_${word}`;
    if (longer.length > longestName) break;
    name = longer;
    if (name.split('_').length === 6) break;
  }
  return name === '' ? otherwise : name;
}

const fillers: ReadonlySet<string> = new Set(
  'a all an and are as at be by calculate compute create each every for from get give group id in into is it join list make of on or per show that the their to with'.split(
    ' ',
  ),
);
