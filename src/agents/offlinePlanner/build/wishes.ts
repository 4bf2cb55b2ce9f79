import type { Clause, ClauseOf } from '../intent.ts';

/** The clauses of a prompt, by what they ask for. */
export class Wishes {
  constructor(readonly clauses: readonly Clause[]) {}

  of<Kind extends Clause['kind']>(kind: Kind): readonly ClauseOf<Kind>[] {
    return this.clauses.filter((clause): clause is ClauseOf<Kind> => clause.kind === kind);
  }

  first<Kind extends Clause['kind']>(kind: Kind): ClauseOf<Kind> | undefined {
    return this.of(kind)[0];
  }
}
