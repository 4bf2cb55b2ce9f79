/** Where the order of two clauses would change the result, the prompt's order must be the one that is meant. */
import type { Linker } from './linker.ts';
import type { Wishes } from './wishes.ts';

export function inOrder(wishes: Wishes, linker: Linker): boolean {
  const picks = wishes.of('pick');
  const once = [picks, wishes.of('pivot'), wishes.of('union'), wishes.of('limit')].find(
    (clauses) => clauses.length > 1,
  );
  const [, second] = once ?? [];
  if (second)
    linker.refuse(
      { text: wishes.of('pick')[1]?.pick.text ?? 'the second one', offset: second.offset },
      'One of these at a time; ask for the other in a prompt of its own.',
    );
  const pick = picks[0]?.pick;
  const isOneOfEach = pick?.kind === 'latest' || pick?.kind === 'dedupe';
  if (
    pick &&
    isOneOfEach &&
    (wishes.of('measures').length > 0 || wishes.of('keys').length > 0 || wishes.of('pivot').length > 0)
  ) {
    linker.refuse(pick, 'Groups of rows that were picked out first need a prompt of their own.');
  }
  for (const { text, offset, condition } of isOneOfEach ? wishes.of('filter') : []) {
    if (!pick || offset < pick.offset || condition.kind === 'period') continue;
    const choices = [
      { id: 'before', label: 'Only such rows are looked at' },
      { id: 'after', label: 'Of the rows that were picked, only such are kept' },
    ];
    const answer = linker.ask({ id: `when ${text.toLowerCase()}`, text: `When does “${text}” apply?`, choices });
    if (answer === 'after') linker.refuse({ text, offset }, 'Conditions on picked rows need a prompt of their own.');
  }
  return linker.refused.length === 0;
}
