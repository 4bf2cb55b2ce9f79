/** The words of a name or of a sentence: `customerOrder_items2` is customer, order, item. Cut at case, signs and digits. */
export function wordsOf(text: string): readonly string[] {
  const known = remembered.get(text);
  if (known) return known;
  const words = text
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word.length > 1)
    .map(singular);
  // Names repeat a thousandfold in a big catalogue; sentences do not.
  if (text.length <= 64) {
    if (remembered.size > 50_000) remembered.clear();
    remembered.set(text, words);
  }
  return words;
}

const remembered = new Map<string, readonly string[]>();

/** English plurals, as far as a rule goes; both sides go through it, so a word that it mutilates still meets itself. */
export function singular(word: string): string {
  if (word.length < 4 || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:sses|xes|zes|ches|shes)$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** Words that say how rows are worked on, or nothing: they find no table. */
export const idleWords: ReadonlySet<string> = new Set(
  `a about above add after all also among an and any are as ascending at avg average be before below between both by calculate
  can columns column compute count create data dataset db delete derive descending distinct do does drop each every exclude
  filter find first for from full get give given group has have having how if in inner insert into is it its join just keep
  last latest least left less like limit list load make many max me min more most my need new no not null of off on one only
  or our out outer over own per pivot please put right row rows save select set show should so some sort sql store such table
  tables take than that the their them then there these they this those through to top total unique union update upsert use
  using values want was we were what when where which who whose will with without write you your`
    .split(/\s+/)
    .map(singular),
);
