/** Words that say nothing by themselves between two clauses. */
export const fillers: ReadonlySet<string> = new Set(
  `a an the please and then also me us i we want would like need to can you could with of for from in finally now
  data table tables record records row rows result results it them this these that those all together their
  each which what is are there as so`.split(/\s+/),
);

/** Verbs that begin a sentence and leave what is meant to the rest of it. */
export const verbs: ReadonlySet<string> = new Set(
  `show list give get find create make build calculate compute return produce select take report generate fetch display
  determine provide retrieve prepare output collect extract bring derive`.split(/\s+/),
);

/** Words of the grammar: alone they are never a part of a column's name. */
export const grammarWords: ReadonlySet<string> = new Set(
  `${[...fillers, ...verbs].join(' ')} by first next per group grouped sort sorted order ordered top bottom last latest newest oldest
  earliest most recent least highest lowest largest smallest biggest total sum average avg mean count number minimum maximum min max
  distinct unique different duplicate duplicates without where having whose who have has not no or between before after
  since until on at above below over under more less than equal equals only keep exclude excluding except ignoring join
  joined combine merge union left right inner full outer anti semi running cumulative moving rank previous share pivot
  rename add column columns replace append upsert history into save write store load called named limit if otherwise
  else day days week weeks month months quarter quarters year years today yesterday daily weekly monthly quarterly yearly
  date time value values name id code type key percent percentage desc asc descending ascending null empty missing true
  false many much how every any both new current active id`.split(/\s+/),
);

/** Words that begin something else: they end a name, unless it is a column's whole name. */
export const clauseWords: ReadonlySet<string> = new Set(
  `limit top bottom first last latest earliest with without where sorted order into per by for from in since before after
  between total average number count running rank pivot join union next previous distinct having including excluding`.split(
    /\s+/,
  ),
);

export const months: readonly string[] =
  'january february march april may june july august september october november december'.split(' ');

const small = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const tens: Readonly<Record<string, number>> = { twenty: 20, thirty: 30, fifty: 50, hundred: 100 };

/** A small number in words; undefined for any other word. */
export function numberWord(word: string): number | undefined {
  const at = small.indexOf(word);
  return at >= 0 ? at : Object.hasOwn(tens, word) ? tens[word] : undefined;
}
