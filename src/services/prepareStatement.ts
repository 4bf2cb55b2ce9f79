import type pg from 'pg';
import type { Prepared } from '../compiler/describe.ts';
import { utf16Offset } from './utf16.ts';

/** Lets the server parse and describe one statement. It is never run: nothing is read, nothing can be written. */
export async function prepareStatement(client: pg.Client | pg.PoolClient, sql: string): Promise<Prepared> {
  const answer = await new Promise<Answer>((resolve) => {
    client.query(new Description(sql, resolve));
  });
  if (answer.error) {
    const { message, position, hint } = answer.error;
    return {
      error: message,
      ...(position !== undefined && { position: utf16Offset(sql, Number(position) - 1) }),
      ...(hint !== undefined && { hint }),
    };
  }
  const { rows } = await client.query<{ type: string }>(
    'select format_type(oid, modifier) as type from unnest($1::oid[], $2::int[]) with ordinality as t(oid, modifier, nth) order by nth',
    [answer.fields.map(({ dataTypeID }) => dataTypeID), answer.fields.map(({ dataTypeModifier }) => dataTypeModifier)],
  );
  return { columns: answer.fields.map(({ name }, index) => ({ name, type: rows[index]?.type ?? 'unknown' })) };
}

interface Answer {
  readonly fields: readonly pg.FieldDef[];
  readonly error?: pg.DatabaseError;
}

/** What the driver tells a query about; a description is over when the server is ready again, or has refused. */
class Description implements pg.Submittable {
  /** Where the connection has a time limit, the driver hangs the end of its timer here. */
  callback: () => void = () => undefined;
  #fields: readonly pg.FieldDef[] = [];
  readonly #sql: string;
  readonly #done: (answer: Answer) => void;

  constructor(sql: string, done: (answer: Answer) => void) {
    this.#sql = sql;
    this.#done = done;
  }

  submit(connection: pg.Connection): void {
    const wire = connection as unknown as Wire;
    wire.parse({ name: '', text: this.#sql, types: [] });
    wire.describe({ type: 'S', name: '' });
    wire.sync();
  }

  handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }): void {
    this.#fields = fields;
  }

  /** The driver does not come back to a query that has failed. */
  handleError(error: pg.DatabaseError): void {
    this.callback();
    this.#done({ fields: [], error });
  }

  handleReadyForQuery(): void {
    this.callback();
    this.#done({ fields: this.#fields });
  }
}

/** The messages of the extended protocol, as the driver's connection sends them. */
interface Wire {
  parse(message: { readonly name: string; readonly text: string; readonly types: readonly number[] }): void;
  describe(message: { readonly type: 'S'; readonly name: string }): void;
  sync(): void;
}
