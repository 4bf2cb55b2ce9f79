/** Conditions and values as PostgreSQL's SQL, once it is known which columns they mean. */
import { literal as quoted } from '../../../compiler/reference/identifier.ts';
import type { CatalogueTable } from '../../../spec/catalogue.ts';
import type { Condition, Expr, Period, Trait } from '../intent.ts';
import { fits, hasZone, isDate, isMoment, isText, type ColumnRef, type NameRef, type Wanted } from '../names.ts';
import type { Linker, Place } from './linker.ts';

/** SQL with holes for the columns, which get their names where the rows are known. */
export interface Sql {
  readonly parts: readonly (string | ColumnRef)[];
  readonly columns: readonly ColumnRef[];
  /** Binds less than a comparison: stands in brackets inside another. */
  readonly loose?: boolean;
}

export function sql(parts: readonly (string | ColumnRef | Sql)[], loose = false): Sql {
  const flat = parts.flatMap((part) => (typeof part === 'object' && 'parts' in part ? part.parts : [part]));
  return { parts: flat, columns: flat.filter((part) => typeof part !== 'string'), loose };
}

const inBrackets = (part: Sql): Sql => (part.loose ? sql(['(', part, ')']) : part);

export class Renderer {
  constructor(
    private readonly linker: Linker,
    private readonly place: Place = {},
  ) {}

  /** Nothing where a phrase means no column; the linker has been told then. */
  expr(expr: Expr, wanted: Wanted = 'any'): Sql | undefined {
    switch (expr.kind) {
      case 'column': {
        const column = this.linker.column(expr.name, { ...this.place, wanted });
        return column && sql([column]);
      }
      case 'number':
        return sql([expr.sql]);
      case 'text':
        return sql([quoted(expr.value)]);
      case 'date':
        return sql([`date ${quoted(expr.value)}`]);
      case 'boolean':
        return sql([String(expr.value)]);
      case 'binary':
        return this.arithmetic(expr);
      case 'concat':
        return this.concat(expr.parts);
      case 'call':
        return this.call(expr);
      case 'part': {
        const of = this.expr(expr.of, 'time');
        return of && sql([`extract(${expr.unit} from `, inDays(of), ')::integer']);
      }
      case 'case':
        return this.choice(expr);
    }
  }

  condition(part: Condition, table?: CatalogueTable): Sql | undefined {
    switch (part.kind) {
      case 'and':
      case 'or':
        return this.joined(part.parts, part.kind, table);
      case 'not': {
        const inner = this.condition(part.part, table);
        // A row of which it is not known stays: only those are left out for which it is true.
        return inner && sql(['(', inner, ') is not true']);
      }
      case 'compare':
        return this.comparison(part);
      case 'between': {
        const of = this.expr(part.of);
        const [low, high] = [part.low, part.high].map((value) => this.value(value, of, part.of));
        return of && low && high && sql([of, part.negated ? ' not between ' : ' between ', low, ' and ', high]);
      }
      case 'in': {
        const of = this.expr(part.of);
        const values = part.values.map((value) => this.value(value, of, part.of));
        if (!of || values.some((value) => value === undefined)) return undefined;
        if (part.negated) this.tellOfMissing(of);
        const list = values.flatMap((value, at) => [...(at === 0 ? [] : [', ']), value ?? '']);
        return sql([of, part.negated ? ' not in (' : ' in (', ...list, ')']);
      }
      case 'like': {
        const of = this.expr(part.of, 'text');
        const operator = `${part.negated ? 'not ' : ''}${part.fold ? 'ilike' : 'like'}`;
        if (part.negated) this.tellOfMissing(of);
        return of && sql([of, ` ${operator} ${quoted(part.pattern)}`]);
      }
      case 'null': {
        const of = this.column(part.of, 'any');
        return of && sql([of, part.negated ? ' is not null' : ' is null']);
      }
      case 'blank': {
        const of = this.column(part.of, 'text');
        return of && sql(['coalesce(', of, `, '') ${part.negated ? '<>' : '='} ''`]);
      }
      case 'trait':
        return this.traits(part.traits, {
          negated: part.negated,
          ...(part.of && { of: part.of }),
          ...(table && { table }),
        });
      case 'period': {
        const owner = part.table ? this.linker.table(part.table) : table;
        const of = part.of
          ? this.column(part.of, 'time')
          : owner && this.linker.timeColumn(owner, { text: part.text, offset: 0 });
        return of && this.days(of, part.period);
      }
    }
  }

  private column(name: NameRef, wanted: Wanted): ColumnRef | undefined {
    return this.linker.column(name, { ...this.place, wanted });
  }

  private joined(parts: readonly Condition[], word: 'and' | 'or', table?: CatalogueTable): Sql | undefined {
    const inner = parts.map((part) => this.condition(part, table));
    if (inner.some((part) => part === undefined)) return undefined;
    const bracketed = inner.flatMap((part, at) => [...(at === 0 ? [] : [` ${word} `]), part ? inBrackets(part) : '']);
    return sql(bracketed, true);
  }

  private arithmetic({ operator, left, right }: Extract<Expr, { kind: 'binary' }>): Sql | undefined {
    const sides = [left, right].map((side) => {
      const inner = this.expr(side, 'number');
      return inner && (side.kind === 'binary' ? sql(['(', inner, ')']) : inner);
    });
    const [a, b] = sides;
    if (!a || !b) return undefined;
    for (const { column } of [...a.columns, ...b.columns])
      if (column.nullable) this.linker.assume(`Where ${column.name} is NULL, what is computed from it is NULL.`);
    if (operator !== '/') return sql([a, ` ${operator} `, b]);
    // PostgreSQL cuts off the quotient of two whole numbers, and stops at a division by zero.
    const isSafe = right.kind === 'number' && Number(right.sql) !== 0;
    if (!isSafe) this.linker.assume('Where a divisor is zero, the quotient is NULL.');
    const whole = [...a.columns, ...b.columns].every(({ column }) => /int/.test(column.type));
    return sql([whole ? sql([a, '::numeric']) : a, ' / ', isSafe ? b : sql(['nullif(', b, ', 0)'])]);
  }

  private concat(parts: readonly Expr[]): Sql | undefined {
    const inner = parts.map((part) => {
      const one = this.expr(part);
      const [column] = one?.columns ?? [];
      return one && (part.kind === 'column' && column && !isText(column.column.type) ? sql([one, '::text']) : one);
    });
    if (inner.some((part) => part === undefined)) return undefined;
    if (inner.some((part) => part?.columns.some(({ column }) => column.nullable))) {
      this.linker.assume('Where a part of a text is NULL, the whole text is NULL.');
    }
    return sql(inner.flatMap((part, at) => [...(at === 0 ? [] : [' || ']), part ?? '']));
  }

  private call({ name, args }: Extract<Expr, { kind: 'call' }>): Sql | undefined {
    const [first, ...others] = args;
    const wanted = name === 'round' || name === 'abs' ? 'number' : name === 'coalesce' ? 'any' : 'text';
    const inner = first && this.expr(first, wanted);
    const rest = others.map((arg) => this.value(arg, inner, first));
    if (!inner || rest.some((arg) => arg === undefined)) return undefined;
    // PostgreSQL rounds only numeric to digits.
    const isFloat = inner.columns.some(({ column }) => /^(?:real|double)/.test(column.type));
    const given = name === 'round' && rest.length > 0 && isFloat ? sql(['(', inner, ')::numeric']) : inner;
    return sql([`${name}(`, given, ...rest.flatMap((arg) => [', ', arg ?? '']), ')']);
  }

  private choice({ branches, otherwise }: Extract<Expr, { kind: 'case' }>): Sql | undefined {
    const parts: (string | Sql)[] = ['case'];
    for (const { when, then } of branches) {
      const [test, value] = [this.condition(when), this.expr(then)];
      if (!test || !value) return undefined;
      parts.push(' when ', test, ' then ', value);
    }
    const last = otherwise && this.expr(otherwise);
    if (otherwise && !last) return undefined;
    if (last) parts.push(' else ', last);
    else this.linker.assume('Where no case fits, the new column is NULL.');
    return sql([...parts, ' end']);
  }

  private comparison({ left, operator, right }: Extract<Condition, { kind: 'compare' }>): Sql | undefined {
    const a = this.expr(left, right.kind === 'number' && left.kind !== 'column' ? 'number' : 'any');
    const b = this.value(right, a, left);
    if (operator === '<>') this.tellOfMissing(a);
    return a && b && sql([a, ` ${operator} `, b]);
  }

  /** What is NULL is not unequal either. */
  private tellOfMissing(of: Sql | undefined): void {
    for (const { column } of of?.columns ?? [])
      if (column.nullable) this.linker.assume(`Rows without ${column.name} are left out.`);
  }

  /** A value as the column that it is compared with has it. */
  private value(value: Expr, other: Sql | undefined, of: Expr | undefined): Sql | undefined {
    const [first, ...others] = other?.columns ?? [];
    if (!first || others.length > 0 || other?.parts.length !== 1) return this.expr(value);
    const { column } = first;
    if (value.kind === 'number' && isText(column.type)) return sql([quoted(value.sql)]);
    const said = of?.kind === 'column' ? of.name : { text: column.name, offset: 0 };
    if (
      value.kind === 'text' &&
      (fits(column, 'number') || column.type === 'boolean') &&
      !/^-?\d+(?:\.\d+)?$/.test(value.value)
    ) {
      this.linker.refuse(said, `${column.name} is ${column.type}; “${value.value}” is none.`);
      return;
    }
    if (value.kind === 'text' && fits(column, 'number')) return sql([value.value]);
    if (value.kind === 'number' && fits(column, 'time')) {
      this.linker.refuse(said, `${column.name} is a date or time; write a day such as 2024-01-31.`);
      return;
    }
    return this.expr(value);
  }

  private traits(
    traits: readonly Trait[],
    { negated, of, table }: { negated: boolean; of?: NameRef; table?: CatalogueTable },
  ): Sql | undefined {
    const column = of ? this.linker.column(of, this.place) : this.traitColumn(traits, table);
    if (!column) return undefined;
    const values = traits.map(
      ({ readings }) => readings.find((reading) => reading.column.name === column.column.name)?.value,
    );
    if (values.some((value) => value === undefined)) return undefined;
    if (column.column.type === 'boolean') return this.truth(column, negated, traits[0]?.text ?? '');
    const isNumber = fits(column.column, 'number');
    const codes = values.map((value) =>
      typeof value === 'object' ? (isNumber ? value.value : quoted(value.value)) : '',
    );
    const [only] = codes;
    for (const value of values) {
      if (typeof value === 'object' && value.label !== value.value)
        this.linker.assume(
          `“${value.label}” means ${column.column.name} = ${isNumber ? value.value : quoted(value.value)}, as the column's comment says.`,
        );
    }
    if (codes.length === 1 && only !== undefined) {
      const unequal = column.column.nullable ? ' is distinct from ' : ' <> ';
      return sql([column, negated ? unequal : ' = ', only]);
    }
    const list = `(${codes.join(', ')})`;
    if (!negated) return sql([column, ` in ${list}`]);
    return column.column.nullable ? sql(['(', column, ` in ${list}) is not true`]) : sql([column, ` not in ${list}`]);
  }

  private truth(column: ColumnRef, negated: boolean, text: string): Sql {
    const { nullable, name } = column.column;
    if (nullable && negated) this.linker.assume(`Rows of which ${name} is not known count as not “${text}”.`);
    return sql(negated ? (nullable ? [column, ' is not true'] : ['not ', column]) : [column]);
  }

  private traitColumn(traits: readonly Trait[], table?: CatalogueTable): ColumnRef | undefined {
    const [first] = traits;
    const within = this.place.within ?? (table ? [table] : []);
    const moved = (first?.readings ?? []).flatMap((reading) => {
      const stand = this.linker.standIns.get(reading.table) ?? reading.table;
      const column = stand.columns.find(({ name }) => name === reading.column.name);
      return column ? [{ table: stand, column }] : [];
    });
    const candidates = moved.filter(({ column }) =>
      traits.every(({ readings }) => readings.some((reading) => reading.column.name === column.name)),
    );
    const unique = candidates.filter(
      (one, at) =>
        candidates.findIndex(({ column, table: owner }) => column === one.column && owner === one.table) === at,
    );
    const near = unique.filter((reading) => within.includes(reading.table));
    const best = near.length > 0 ? near : unique;
    if (best.length <= 1 || !first) return best[0];
    const choices = best.map((ref) => ({
      id: `${ref.table.name}.${ref.column.name}`,
      label: `${ref.table.name}.${ref.column.name}`,
    }));
    const answer = this.linker.ask({
      id: `word ${first.text.toLowerCase()}`,
      text: `Which column says “${first.text}”?`,
      choices,
    });
    return best.find((ref) => `${ref.table.name}.${ref.column.name}` === answer) ?? best[0];
  }

  private days(of: ColumnRef, { kind, from, until }: Period): Sql {
    const { type } = of.column;
    if (isMoment(type)) this.linker.assume(hasZone(type) ? 'Days begin at midnight UTC.' : 'Days begin at midnight.');
    const bound = (day: string): string => {
      if (kind === 'moving')
        return isDate(type) ? day : `(${day})::timestamp${hasZone(type) ? " at time zone 'UTC'" : ''}`;
      if (isDate(type)) return `date ${quoted(day)}`;
      return hasZone(type) ? `timestamptz ${quoted(`${day} 00:00:00+00`)}` : `timestamp ${quoted(`${day} 00:00:00`)}`;
    };
    const first = from === undefined ? [] : [of, ` >= ${bound(from)}`];
    const last = until === undefined ? [] : [of, ` < ${bound(until)}`];
    return sql(
      [...first, ...(from !== undefined && until !== undefined ? [' and '] : []), ...last],
      from !== undefined && until !== undefined,
    );
  }
}

/** A moment by the clock of UTC, which is the clock of every run. */
export function inDays(of: Sql): Sql {
  const [column, ...others] = of.columns;
  return column && others.length === 0 && hasZone(column.column.type) ? sql(['(', of, " at time zone 'UTC')"]) : of;
}
