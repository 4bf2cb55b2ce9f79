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
  refuseUnused(wishes, linker);
  return linker.refused.length === 0;
}

/** Clauses that nothing would come of beside others. */
function refuseUnused(wishes: Wishes, linker: Linker): void {
  const pivot = wishes.first('pivot')?.pivot;
  const beside = [
    ...wishes.of('window').map(({ window }) => window),
    ...wishes.of('having').map(({ having }) => having.measure),
    ...wishes.of('pick').map(({ pick }) => pick),
  ];
  if (pivot) for (const said of beside) linker.refuse(said, 'Beside a pivot that needs a prompt of its own.');
  const isGrouped = wishes.of('measures').length > 0 || wishes.of('keys').length > 0;
  const [keepAll] = wishes.of('keepAll');
  if (keepAll && !isGrouped && wishes.of('join').length === 0) linker.refuse(keepAll.kept, 'Say “left join …”.');
  const tables = wishes
    .of('target')
    .flatMap(({ target: { table }, offset }) => (table === undefined ? [] : [{ text: table, offset }]));
  const [, other] = tables;
  if (other) linker.refuse(other, 'A spec has one target.');
  const union = wishes.first('union')?.union;
  const [first] = union?.tables ?? [];
  if (first && linker.standIns.size === 0)
    linker.refuse(first, 'These tables share too few columns of the same names and types to be one under the other.');
}
