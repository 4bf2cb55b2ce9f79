/** Which table or column a phrase means here; where several fit, a question; where none fits, a misunderstood phrase. */
import type { CatalogueTable } from '../../../spec/catalogue.ts';
import type { Answer, Choice, Misunderstood, Question } from '../../planner.ts';
import type { Path } from '../foreignKeys.ts';
import type { Lexicon } from '../lexicon.ts';
import {
  columnId,
  fits,
  sameColumn,
  tableId,
  type ColumnReading,
  type ColumnRef,
  type NameRef,
  type Wanted,
} from '../names.ts';
import { wordsOf } from '../wordForms.ts';

export interface Place {
  readonly wanted?: Wanted;
  /** Columns of these tables are meant before others. */
  readonly within?: readonly CatalogueTable[];
}

export class Linker {
  readonly questions: Question[] = [];
  readonly assumptions: string[] = [];
  readonly refused: Misunderstood[] = [];
  private readonly chosen = new Map<string, ColumnRef>();

  constructor(
    readonly lexicon: Lexicon,
    private readonly answers: readonly Answer[],
    /** Tables that a union has put into another's place. */
    readonly standIns: ReadonlyMap<CatalogueTable, CatalogueTable>,
  ) {}

  assume(sentence: string): void {
    if (!this.assumptions.includes(sentence)) this.assumptions.push(sentence);
  }

  refuse({ text, offset }: { readonly text: string; readonly offset: number }, hint: string): undefined {
    if (!this.refused.some((one) => one.offset === offset)) this.refused.push({ text, offset, hint });
    return undefined;
  }

  /** The answer to a question that the prompt leaves open; nothing while it is open. */
  ask(question: Question): string | undefined {
    const given = this.answers.find((answer) => answer.question === question.id)?.answer;
    const choice = question.choices.find(({ id, label }) => id === given || label === given);
    if (choice) return choice.id;
    if (!this.questions.some(({ id }) => id === question.id)) this.questions.push(question);
    return undefined;
  }

  table(name: NameRef): CatalogueTable | undefined {
    const [first] = name.tables;
    const tables = [...new Set(name.tables.map(({ table }) => this.standIns.get(table) ?? table))];
    if (first?.synonym !== undefined && tables.length === 1) {
      this.assume(`“${name.text}” means ${tableId(first.table)}.`);
    }
    if (tables.length <= 1) return tables[0];
    const choices = tables.map((table) => ({
      id: `${table.schema}.${table.name}`,
      label: `${table.schema}.${table.name}`,
      ...detail(table.comment),
    }));
    const answer = this.ask({ id: `table ${name.phrase}`, text: `Which table is meant by “${name.text}”?`, choices });
    return tables.find((table) => `${table.schema}.${table.name}` === answer) ?? tables[0];
  }

  column(name: NameRef, { wanted = 'any', within }: Place = {}): ColumnRef | undefined {
    const key = `${name.phrase} ${wanted}`;
    const known = within ? undefined : this.chosen.get(key);
    if (known) return known;
    const readings = this.moved(name.columns);
    const fitting = readings.filter(({ column }) => fits(column, wanted));
    if (fitting.length === 0) {
      const [first] = readings;
      const hint = first ? `${columnId(first)} is ${first.column.type}, ${unfit[wanted]}.` : 'No column is called so.';
      this.refuse(name, hint);
      return;
    }
    const near = within ? fitting.filter(({ table }) => within.includes(table)) : [];
    const best = this.withoutTwins(front(near.length > 0 ? near : fitting));
    const found = best.length === 1 ? best[0] : this.askColumn(name, best);
    if (!found) return best[0];
    this.tell(name, found);
    if (!within) this.chosen.set(key, found);
    return found;
  }

  /** The column that says when a row came to be: the only one of a time, or the one that bears the table's name. */
  timeColumn(table: CatalogueTable, of: { readonly text: string; readonly offset: number }): ColumnRef | undefined {
    const columns = table.columns.filter((column) => fits(column, 'time'));
    const own = wordsOf(table.name).at(-1) ?? '';
    const named = columns.filter(({ name }) => wordsOf(name)[0]?.startsWith(own));
    const [only] = columns.length === 1 ? columns : named.length === 1 ? named : [];
    if (only) {
      this.assume(`“${of.text}” goes by ${columnId({ table, column: only })}.`);
      return { table, column: only };
    }
    if (columns.length === 0) {
      this.refuse(of, `${tableId(table)} has no column of dates or times.`);
      return;
    }
    const choices = columns.map((column) => choiceOf({ table, column }));
    const answer = this.ask({
      id: `time ${tableId(table)}`,
      text: `Which column of ${tableId(table)} does “${of.text}” go by?`,
      choices,
    });
    const column = columns.find((candidate) => columnId({ table, column: candidate }) === answer) ?? columns[0];
    return column && { table, column };
  }

  /** The way from a row of one table to its row of another. */
  path(from: CatalogueTable, to: CatalogueTable): Path | undefined {
    const paths = this.lexicon.links.paths(from, to);
    if (paths.length <= 1) return paths[0];
    const choices = paths.map((path) => ({ id: idOf(path), label: idOf(path) }));
    const question = `How do ${tableId(from)} and ${tableId(to)} belong together?`;
    const answer = this.ask({ id: `join ${tableId(from)} ${tableId(to)}`, text: question, choices });
    return paths.find((path) => idOf(path) === answer) ?? paths[0];
  }

  private askColumn(name: NameRef, best: readonly ColumnReading[]): ColumnReading | undefined {
    const choices = best.map(choiceOf);
    const answer = this.ask({ id: `column ${name.phrase}`, text: `Which column is meant by “${name.text}”?`, choices });
    return best.find((reading) => columnId(reading) === answer);
  }

  private moved(readings: readonly ColumnReading[]): readonly ColumnReading[] {
    const found: ColumnReading[] = [];
    for (const reading of readings) {
      const table = this.standIns.get(reading.table);
      const column = table?.columns.find(({ name }) => name === reading.column.name);
      const moved = table && column ? { ...reading, table, column } : reading;
      if (!table || column) if (!found.some((other) => sameColumn(other, moved))) found.push(moved);
    }
    return found;
  }

  /** A key and the foreign key that refers to it hold the same value: the one that needs no join stands for both. */
  private withoutTwins(readings: readonly ColumnReading[]): readonly ColumnReading[] {
    return readings.filter(
      ({ table, column }) =>
        !readings.some((other) =>
          this.lexicon.links
            .of(other.table)
            .some(
              (link) =>
                link.parent === table &&
                link.pairs.some((pair) => pair.parent === column.name && pair.child === other.column.name),
            ),
        ),
    );
  }

  private tell(name: NameRef, found: ColumnReading): void {
    if (found.rank >= 1 || found.synonym !== undefined) this.assume(`“${name.text}” means ${columnId(found)}.`);
  }
}

const unfit: Readonly<Record<Wanted, string>> = {
  any: 'which does not fit here',
  number: 'which is no number',
  time: 'which is no date or time',
  text: 'which is no text',
  boolean: 'which is neither true nor false',
};

/** Nothing that is better by one measure and no worse by the other: the nearest name, the nearest table. */
function front(readings: readonly ColumnReading[]): readonly ColumnReading[] {
  return readings.filter(
    ({ rank, distance }) =>
      !readings.some(
        (other) =>
          (other.rank < rank && other.distance <= distance) || (other.rank <= rank && other.distance < distance),
      ),
  );
}

const choiceOf = (ref: ColumnRef): Choice => ({
  id: columnId(ref),
  label: columnId(ref),
  ...detail(ref.column.comment),
});
const detail = (comment: string | undefined): { readonly detail?: string } =>
  comment === undefined ? {} : { detail: comment };
const idOf = (path: Path): string =>
  path.map(({ child, pairs }) => `${tableId(child)}.${pairs.map((pair) => pair.child).join('+')}`).join(' → ');
